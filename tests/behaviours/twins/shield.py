# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


async def main():
    inner = asyncio.create_task(after(0.04, 9))

    async def outer():
        await asyncio.shield(inner)

    t = asyncio.create_task(outer())
    await asyncio.sleep(0.001)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")
    print(await inner)


asyncio.run(main())
