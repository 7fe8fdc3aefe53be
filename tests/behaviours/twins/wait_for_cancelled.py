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
    inner = asyncio.create_task(after(3600, 1))
    t = asyncio.create_task(asyncio.wait_for(inner, 3600))
    await asyncio.sleep(0)
    t.cancel()
    print(await end_of(t))
    assert inner.cancelled()


asyncio.run(main())
