# SPDX-License-Identifier: MIT
import asyncio


async def child(name):
    for step in "123":
        print(name + step)
        await asyncio.sleep(0)


async def main():
    tasks = [asyncio.create_task(child(name)) for name in "ab"]
    for step in ("m1", "m2"):
        print(step)
        await asyncio.sleep(0)
    print("m3")
    for task in tasks:
        await task


asyncio.run(main())
