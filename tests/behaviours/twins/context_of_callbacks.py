# SPDX-License-Identifier: MIT
import asyncio
import contextvars

who = contextvars.ContextVar("who", default="nobody")


def callback():
    print(who.get())
    who.set("set by the callback")


async def main():
    loop = asyncio.get_running_loop()
    who.set("soon")
    loop.call_soon(callback)
    who.set("later")
    loop.call_later(0.001, lambda: print(who.get()))
    who.set("done")
    future = loop.create_future()
    future.add_done_callback(lambda _: print(who.get()))
    who.set("main")
    future.set_result(None)
    await asyncio.sleep(0.002)
    print(who.get())


asyncio.run(main())
