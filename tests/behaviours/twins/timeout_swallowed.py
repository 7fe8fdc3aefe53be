# SPDX-License-Identifier: MIT
import asyncio


async def main():
    async with asyncio.timeout(0.001):
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            print("cancelled")
    await asyncio.sleep(0.001)
    print("went-on")


asyncio.run(main())
