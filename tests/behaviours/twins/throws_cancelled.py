# SPDX-License-Identifier: MIT
import asyncio


async def body():
    raise asyncio.CancelledError("on my own")


async def main():
    t = asyncio.create_task(body())
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
