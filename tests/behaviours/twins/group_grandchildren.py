# SPDX-License-Identifier: MIT
import asyncio


async def grandchild():
    await asyncio.sleep(0.001)
    print("grandchild")


async def child(tg):
    await asyncio.sleep(0.001)
    tg.create_task(grandchild())
    print("child")


async def main():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(child(tg))
    print("left")


asyncio.run(main())
