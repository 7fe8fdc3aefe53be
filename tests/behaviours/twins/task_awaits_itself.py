# SPDX-License-Identifier: MIT
import asyncio


async def main():
    async def body():
        try:
            await own_task
        except RuntimeError:
            print("refused")

    own_task = asyncio.create_task(body())
    await own_task


asyncio.run(main())
