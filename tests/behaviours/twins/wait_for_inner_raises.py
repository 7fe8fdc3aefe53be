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


async def inner():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        raise RuntimeError("mine")


async def main():
    print(await end_of(asyncio.wait_for(inner(), 0.001)))
    print(await end_of(asyncio.wait_for(asyncio.create_task(inner()), 0.001)))


asyncio.run(main())
