# SPDX-License-Identifier: MIT
import asyncio


async def main():
    f = asyncio.get_running_loop().create_future()

    async def waits(name, yields):
        for _ in range(yields):
            await asyncio.sleep(0)
        print(f"{name}{await f}")

    c = asyncio.create_task(waits("c", 2))
    a = asyncio.create_task(waits("a", 0))
    b = asyncio.create_task(waits("b", 1))
    for _ in range(4):
        await asyncio.sleep(0)
    f.set_result(5)
    await asyncio.wait([a, b, c])


asyncio.run(main())
