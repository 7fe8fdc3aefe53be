# SPDX-License-Identifier: MIT
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    for name in "abc":
        loop.call_soon(print, name)
    await asyncio.sleep(0)


asyncio.run(main())
