# SPDX-License-Identifier: MIT
import asyncio


async def body():
    print("runs")
    await asyncio.sleep(0.001)
    return 5


async def main():
    t = asyncio.create_task(body())
    print(*await asyncio.gather(t, t), sep="")


asyncio.run(main())
