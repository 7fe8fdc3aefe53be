# SPDX-License-Identifier: MIT
import asyncio


async def body():
    print("body")


async def main():
    t = asyncio.create_task(body())
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
