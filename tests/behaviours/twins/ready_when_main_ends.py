# SPDX-License-Identifier: MIT
import asyncio


async def works():
    await asyncio.sleep(3600)


async def quick():
    await asyncio.sleep(0)
    print("quick")
    asyncio.get_running_loop().call_soon(print, "callback")


async def main():
    t = asyncio.create_task(works())
    q = asyncio.create_task(quick())
    t.add_done_callback(lambda _: print("t-done"))
    q.add_done_callback(lambda _: print("q-done"))
    await asyncio.sleep(0)
    t.cancel()
    print("main")


asyncio.run(main())
