# SPDX-License-Identifier: MIT
import asyncio


async def other():
    for i in range(3):
        print(f"other{i}")
        await asyncio.sleep(0)


async def main():
    t = asyncio.create_task(other())
    print("a")
    await asyncio.sleep(0)
    print("b")
    await asyncio.sleep(-1)
    print("c")
    await t


asyncio.run(main())
