# SPDX-License-Identifier: MIT
import asyncio
import contextvars

who = contextvars.ContextVar("who", default="nobody")


async def body():
    print("child:" + who.get())
    who.set("child")
    await asyncio.sleep(0)
    print("child:" + who.get())


async def main():
    who.set("creator")
    child = asyncio.create_task(body())
    who.set("changed")
    await asyncio.sleep(0)
    print("creator:" + who.get())
    await child
    print("creator:" + who.get())


asyncio.run(main())
