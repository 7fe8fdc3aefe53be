# SPDX-License-Identifier: MIT
import asyncio


async def body():
    asyncio.current_task().cancel()
    print("before")
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print("at-the-await")
        raise


async def main():
    t = asyncio.create_task(body())
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
