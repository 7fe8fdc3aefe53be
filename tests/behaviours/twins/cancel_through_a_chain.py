# SPDX-License-Identifier: MIT
import asyncio


async def link(depth):
    try:
        if depth == 3:
            await asyncio.sleep(3600)
        else:
            await link(depth + 1)
    except asyncio.CancelledError:
        print(f"link{depth}")
        raise


async def main():
    t = asyncio.create_task(link(1))
    await asyncio.sleep(0)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
