# SPDX-License-Identifier: MIT
import asyncio


async def fails_after(delay, what):
    await asyncio.sleep(delay)
    raise RuntimeError(what)


async def sibling():
    await asyncio.sleep(0.04)
    print("sibling")


async def main():
    bad = asyncio.create_task(fails_after(0.001, "bad"))
    good = asyncio.create_task(sibling())
    try:
        await asyncio.gather(bad, good)
    except RuntimeError as e:
        print(e)
    await good


asyncio.run(main())
