# SPDX-License-Identifier: MIT
import asyncio


async def main():
    event = asyncio.Event()

    async def waiter(name):
        await event.wait()
        print(name)

    tasks = [asyncio.create_task(waiter(name)) for name in "ab"]
    await asyncio.sleep(0)
    event.set()
    event.clear()
    await asyncio.sleep(0)
    event.set()
    asyncio.get_running_loop().call_soon(print, "turn")
    await event.wait()
    print("at-once")
    event.clear()
    tasks.append(asyncio.create_task(waiter("c")))
    for _ in range(3):
        await asyncio.sleep(0)
    event.set()
    await asyncio.gather(*tasks)


asyncio.run(main())
