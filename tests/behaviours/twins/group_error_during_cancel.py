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


async def child():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        raise RuntimeError("during")


async def body():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(child())
        tg.create_task(fails("first"))


async def main():
    await print_errors(body())


asyncio.run(main())
