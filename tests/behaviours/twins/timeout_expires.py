# SPDX-License-Identifier: MIT
import asyncio


async def main():
    try:
        async with asyncio.timeout(0.001):
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                print("body-cancelled")
                raise
    except TimeoutError:
        print("timeout")


asyncio.run(main())
