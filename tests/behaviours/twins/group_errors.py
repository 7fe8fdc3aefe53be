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


async def several(*whats):
    async with asyncio.TaskGroup() as tg:
        for what in whats:
            tg.create_task(fails(what))


async def main():
    await print_errors(several("one", "two"))
    await print_errors(several("one"))


asyncio.run(main())
