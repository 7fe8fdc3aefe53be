# SPDX-License-Identifier: MIT
import asyncio


async def child():
    asyncio.get_running_loop().call_soon(print, "queued_by_child")
    print("child")
    return 7


async def main():
    t = asyncio.create_task(child())
    t.add_done_callback(lambda done: print(f"callback{done.result()}"))
    await asyncio.sleep(0)
    print("main")
    await asyncio.sleep(0)


asyncio.run(main())
