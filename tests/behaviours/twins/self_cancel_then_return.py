# SPDX-License-Identifier: MIT
import asyncio


async def body():
    asyncio.current_task().cancel()
    print("returns")
    return 1


async def main():
    t = asyncio.create_task(body())
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
