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


async def child():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print("child:cancelled")
        raise


async def body():
    async with asyncio.timeout(0.001):
        async with asyncio.TaskGroup() as tg:
            tg.create_task(child())
            tg.create_task(child())


async def main():
    print(await end_of(body()))


asyncio.run(main())
