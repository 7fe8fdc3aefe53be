# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


async def main():
    quick = asyncio.create_task(after(0.01, 1))
    slow = asyncio.create_task(after(0.12, 2))
    finished = asyncio.as_completed([quick, slow], timeout=0.05)
    print(await next(finished))
    try:
        await next(finished)
    except asyncio.TimeoutError:
        print("timeout")
    print(await slow)


asyncio.run(main())
