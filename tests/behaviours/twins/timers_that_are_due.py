# SPDX-License-Identifier: MIT
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(-1, print, "n1")
    loop.call_later(-2, print, "n2")
    loop.call_soon(print, "s")
    loop.call_later(0, print, "z")
    await asyncio.sleep(0.001)


asyncio.run(main())
