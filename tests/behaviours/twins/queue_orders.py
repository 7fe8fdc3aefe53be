# SPDX-License-Identifier: MIT
import asyncio


def drained(queue):
    items = ""
    while not queue.empty():
        items += str(queue.get_nowait())
    return items


async def main():
    fifo, lifo, priority = asyncio.Queue(), asyncio.LifoQueue(), asyncio.PriorityQueue()
    for item in (3, 1, 2):
        for queue in (fifo, lifo, priority):
            await queue.put(item)
    for queue in (fifo, lifo, priority):
        print(drained(queue))

    async def getter():
        print(await priority.get())

    task = asyncio.create_task(getter())
    await asyncio.sleep(0)
    priority.put_nowait(5)
    priority.put_nowait(4)
    await task
    print(drained(priority))


asyncio.run(main())
