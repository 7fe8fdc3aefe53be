# SPDX-License-Identifier: MIT
import asyncio


async def sibling():
    await asyncio.sleep(0.002)
    print("sibling")


async def main():
    async with asyncio.TaskGroup() as tg:
        child = tg.create_task(asyncio.sleep(3600))
        tg.create_task(sibling())
        await asyncio.sleep(0)
        child.cancel()
    print("left")


asyncio.run(main())
