# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


async def main():
    for c in asyncio.as_completed([after(0.07, 1), after(0.01, 2), after(0.04, 3)]):
        print(await c)


asyncio.run(main())
