# SPDX-License-Identifier: MIT
import asyncio


async def main():
    lock = asyncio.Lock()

    async def hog():
        for name in ("h1", "h2"):
            await lock.acquire()
            print(name)
            await asyncio.sleep(0)
            lock.release()

    async def waiter(name):
        async with lock:
            print(name)

    await asyncio.gather(hog(), waiter("1"), waiter("2"))


asyncio.run(main())
