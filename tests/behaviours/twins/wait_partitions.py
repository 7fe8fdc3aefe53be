# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


async def fails_after(delay, what):
    await asyncio.sleep(delay)
    raise RuntimeError(what)


def names(tasks):
    return "".join(sorted(t.get_name() for t in tasks))


async def main():
    a = asyncio.create_task(after(0.01, 1), name="a")
    b = asyncio.create_task(fails_after(0.04, "bad"), name="b")
    c = asyncio.create_task(after(0.09, 3), name="c")
    for when in ("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"):
        done, pending = await asyncio.wait([a, b, c], return_when=when)
        print(names(done), names(pending), sep="/")
    b.exception()


asyncio.run(main())
