# SPDX-License-Identifier: MIT
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    f.add_done_callback(lambda f: print("callback"))
    loop.call_soon(print, "queued_before")
    f.set_result(1)
    print("set")
    await asyncio.sleep(0)
    print("later")


asyncio.run(main())
