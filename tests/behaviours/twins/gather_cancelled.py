# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


async def main():
    done = asyncio.create_task(after(0, 1))
    first = asyncio.create_task(after(3600, 2))
    second = asyncio.create_task(after(3600, 3))
    plain = asyncio.get_running_loop().create_future()

    async def body():
        await asyncio.gather(done, first, second, plain)

    t = asyncio.create_task(body())
    await asyncio.sleep(0.001)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")
    await asyncio.wait([first, second])
    for f in (done, first, second, plain):
        print("cancelled" if f.cancelled() else "value")


asyncio.run(main())
