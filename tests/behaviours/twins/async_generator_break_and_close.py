# SPDX-License-Identifier: MIT
import asyncio


async def counts():
    n = 0
    try:
        while True:
            yield n
            n += 1
    finally:
        await asyncio.sleep(0.001)
        print("numbers_cleaned_up")


async def main():
    g = counts()
    async for n in g:
        print(n)
        if n == 2:
            break
    print("break")
    await g.aclose()
    print("closed")
    end = await anext(g, None)
    print("end" if end is None else "more")


asyncio.run(main())
