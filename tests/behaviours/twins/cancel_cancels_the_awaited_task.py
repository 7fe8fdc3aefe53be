# SPDX-License-Identifier: MIT
import asyncio


async def inner():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print("inner")
        raise


async def main():
    awaited = asyncio.create_task(inner())

    async def outer():
        try:
            await awaited
        except asyncio.CancelledError:
            print("outer")
            raise

    t = asyncio.create_task(outer())
    await asyncio.sleep(0)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
