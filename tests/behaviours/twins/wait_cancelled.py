# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


async def main():
    member = asyncio.create_task(after(0.04, 5))

    async def waits():
        await asyncio.wait([member])

    t = asyncio.create_task(waits())
    await asyncio.sleep(0.001)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")
    print(await member)


asyncio.run(main())
