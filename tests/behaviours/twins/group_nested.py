# SPDX-License-Identifier: MIT
import asyncio


async def fails(what):
    raise RuntimeError(what)


def name_of(error):
    return "group" if isinstance(error, BaseExceptionGroup) else str(error)


async def print_errors(awaitable):
    try:
        await awaitable
    except BaseExceptionGroup as group:
        print("group:" + ",".join(name_of(e) for e in group.exceptions))


async def inner():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(fails("inner"))
        await asyncio.sleep(3600)


async def outer():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(fails("outer"))
        await inner()


async def main():
    await print_errors(outer())
    assert asyncio.current_task().cancelling() == 0
    await asyncio.sleep(0.001)
    print("not-cancelled")


asyncio.run(main())
