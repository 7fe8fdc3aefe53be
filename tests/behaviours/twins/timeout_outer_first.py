# SPDX-License-Identifier: MIT
import asyncio


async def main():
    now = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout_at(now + 0.001):
            try:
                async with asyncio.timeout_at(now + 3600):
                    await asyncio.sleep(3600)
            except asyncio.CancelledError:
                print("inner:cancelled")
                raise
            except TimeoutError:
                print("inner:timeout")
                raise
    except TimeoutError:
        print("outer:timeout")


asyncio.run(main())
