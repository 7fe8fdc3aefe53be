# SPDX-License-Identifier: MIT
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    f.set_result(1)
    loop.call_soon(print, "others")
    await f
    print("awaited")
    await asyncio.sleep(0)


asyncio.run(main())
