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


async def body():
    async with asyncio.timeout(0.001):
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            raise RuntimeError("mine")


async def main():
    print(await end_of(body()))


asyncio.run(main())
