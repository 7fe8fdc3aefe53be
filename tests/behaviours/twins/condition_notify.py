# SPDX-License-Identifier: MIT
import asyncio


async def main():
    condition = asyncio.Condition()
    ready = 0

    async def waiter(number):
        async with condition:
            await condition.wait()
            print(number)

    async def notify(n):
        async with condition:
            condition.notify(n)
        for _ in range(10):
            await asyncio.sleep(0)
        print("|")

    async def predicate():
        async with condition:
            print(f"ready={await condition.wait_for(lambda: ready)}")

    tasks = [asyncio.create_task(waiter(number)) for number in range(1, 7)]
    await asyncio.sleep(0)
    for n in (1, 2, 0, 2048):
        await notify(n)
    tasks.append(asyncio.create_task(predicate()))
    await asyncio.sleep(0)
    await notify(1)
    ready = 7
    await notify(1)
    await asyncio.gather(*tasks)


asyncio.run(main())
