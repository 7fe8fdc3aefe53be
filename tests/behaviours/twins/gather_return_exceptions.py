# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


async def fails_after(delay, what):
    await asyncio.sleep(delay)
    raise RuntimeError(what)


async def main():
    cancelled = asyncio.create_task(after(3600, 0))
    cancelled.cancel()
    results = await asyncio.gather(
        after(0.002, 1), fails_after(0.001, "bad"), cancelled, return_exceptions=True
    )
    for r in results:
        if isinstance(r, asyncio.CancelledError):
            print("cancelled")
        else:
            print(r if isinstance(r, Exception) else "value")


asyncio.run(main())
