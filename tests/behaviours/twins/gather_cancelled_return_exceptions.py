# SPDX-License-Identifier: MIT
import asyncio


async def child():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        await asyncio.sleep(0.001)
        print("child-ended")


async def main():
    first = asyncio.create_task(child())
    second = asyncio.create_task(child())

    async def body():
        await asyncio.gather(first, second, return_exceptions=True)
        print("never")

    t = asyncio.create_task(body())
    await asyncio.sleep(0.001)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
