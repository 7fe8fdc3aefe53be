# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


async def main():
    victim = asyncio.create_task(after(3600, 1))
    other = asyncio.create_task(after(0.02, 2))
    await asyncio.sleep(0)
    victim.cancel()
    try:
        await asyncio.gather(victim, other)
    except asyncio.CancelledError:
        print("cancelled")
    print(await other)


asyncio.run(main())
