# SPDX-License-Identifier: MIT
import asyncio


async def main():
    async with asyncio.timeout(3600):
        try:
            async with asyncio.timeout(0.001):
                await asyncio.sleep(3600)
        except TimeoutError:
            print("inner:timeout")
    print("outer:value")


asyncio.run(main())
