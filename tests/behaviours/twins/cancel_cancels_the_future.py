# SPDX-License-Identifier: MIT
import asyncio


async def main():
    f = asyncio.get_running_loop().create_future()

    async def body():
        try:
            await f
        except asyncio.CancelledError:
            print("future-was-cancelled" if f.cancelled() else "future-is-pending")
            raise

    t = asyncio.create_task(body())
    await asyncio.sleep(0)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
