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
    print("started")


async def main():
    print(await end_of(asyncio.wait_for(inner(), 0)))
    print(await end_of(asyncio.wait_for(inner(), -1)))


asyncio.run(main())
