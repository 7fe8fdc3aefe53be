# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


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


async def main():
    inner = asyncio.create_task(after(0.05, 9))
    print(await end_of(asyncio.wait_for(asyncio.shield(inner), 0.001)))
    print(await inner)


asyncio.run(main())
