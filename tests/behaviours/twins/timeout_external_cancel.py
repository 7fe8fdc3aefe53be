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
    async with asyncio.timeout(3600):
        await asyncio.sleep(3600)


async def main():
    t = asyncio.create_task(body())
    await asyncio.sleep(0)
    t.cancel()
    print(await end_of(t))


asyncio.run(main())
