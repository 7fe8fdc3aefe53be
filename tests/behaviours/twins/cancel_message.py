# SPDX-License-Identifier: MIT
import asyncio


async def body():
    pass


async def main():
    t = asyncio.create_task(body())
    t.cancel("first")
    t.cancel("last")
    try:
        await t
    except asyncio.CancelledError as e:
        print(e)


asyncio.run(main())
