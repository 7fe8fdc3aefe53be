# SPDX-License-Identifier: MIT
import asyncio


async def child():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print("child:cancelled")
        raise


async def parent():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(child())
    print("never")


async def main():
    t = asyncio.create_task(parent())
    await asyncio.sleep(0.001)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
