# SPDX-License-Identifier: MIT
import asyncio


async def inner():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        return 8


async def main():
    print(await asyncio.wait_for(inner(), 0.001))
    print(await asyncio.wait_for(asyncio.create_task(inner()), 0.001))


asyncio.run(main())
