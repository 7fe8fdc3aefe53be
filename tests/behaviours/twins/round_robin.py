# SPDX-License-Identifier: MIT
import asyncio


async def child(n, yields):
    for k in range(yields):
        print(f"{n}.{k}")
        await asyncio.sleep(0)
    print(f"{n}.end")


async def main():
    tasks = [asyncio.create_task(child(n, n % 3 + 1)) for n in range(5)]
    for task in tasks:
        await task


asyncio.run(main())
