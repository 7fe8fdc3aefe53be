# SPDX-License-Identifier: MIT
import asyncio


async def child(name):
    print(name)


async def main():
    a = asyncio.create_task(child("a"))
    asyncio.get_running_loop().call_soon(print, "callback")
    b = asyncio.create_task(child("b"))
    c = asyncio.create_task(child("c"))
    await a
    print("main")
    await asyncio.wait([b, c])


asyncio.run(main())
