# SPDX-License-Identifier: MIT
import asyncio


async def noted(delay, value):
    await asyncio.sleep(delay)
    print(f"done{value}")
    return value


async def main():
    results = await asyncio.gather(noted(0.06, 1), noted(0.01, 2), noted(0.03, 3))
    print(*results, sep="")


asyncio.run(main())
