# SPDX-License-Identifier: MIT
import asyncio


def fail():
    raise ValueError("in a callback")


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print("reported"))
    loop.call_soon(print, "a")
    loop.call_soon(fail)
    loop.call_soon(print, "b")
    await asyncio.sleep(0)


asyncio.run(main())
