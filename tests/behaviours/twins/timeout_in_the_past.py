# SPDX-License-Identifier: MIT
import asyncio


async def end_of(awaitable):
    try:
        await awaitable
        return "value"
    except asyncio.CancelledError:
        return "cancelled"
    except asyncio.TimeoutError:
        return "timeout"
    except Exception as e:
        return str(e)


async def yields(past):
    async with asyncio.timeout_at(past):
        print("yields")
        await asyncio.sleep(0.001)
        print("never")


async def does_not(past):
    async with asyncio.timeout_at(past):
        print("does-not")


async def main():
    past = asyncio.get_running_loop().time() - 1
    print(await end_of(yields(past)))
    print(await end_of(does_not(past)))


asyncio.run(main())
