# SPDX-License-Identifier: MIT
import asyncio


async def child(delay, value):
    await asyncio.sleep(delay)
    print(f"child{value}")
    return value


async def main():
    async with asyncio.TaskGroup() as tg:
        a = tg.create_task(child(0.05, 1))
        b = tg.create_task(child(0.01, 2))
        print("body")
    print(a.result() + b.result())


asyncio.run(main())
