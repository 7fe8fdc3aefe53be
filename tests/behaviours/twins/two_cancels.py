# SPDX-License-Identifier: MIT
import asyncio


async def body():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print("cancelled")
        print(asyncio.current_task().cancelling())
    await asyncio.sleep(0.001)
    print("went-on")


async def main():
    t = asyncio.create_task(body())
    await asyncio.sleep(0)
    t.cancel()
    t.cancel()
    await t
    print("value")


asyncio.run(main())
