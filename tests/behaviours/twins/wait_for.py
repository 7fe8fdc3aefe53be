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


async def fails():
    await asyncio.sleep(0)
    raise RuntimeError("bad")


async def main():
    print(await asyncio.wait_for(after(0.001, 4), 3600))
    print(await end_of(asyncio.wait_for(fails(), 3600)))


asyncio.run(main())
