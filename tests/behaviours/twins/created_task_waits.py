# SPDX-License-Identifier: MIT
import asyncio


async def child():
    print("child")


async def main():
    asyncio.create_task(child())
    print("created")
    await asyncio.sleep(0)
    print("after_yield")


asyncio.run(main())
