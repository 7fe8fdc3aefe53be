# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


def names(tasks):
    return "".join(sorted(t.get_name() for t in tasks))


async def main():
    cancelled = asyncio.create_task(after(3600, 1), name="x")
    good = asyncio.create_task(after(0.03, 2), name="y")
    asyncio.get_running_loop().call_later(0.01, cancelled.cancel)
    done, pending = await asyncio.wait([cancelled, good], return_when="FIRST_EXCEPTION")
    print(names(done), names(pending), sep="/")


asyncio.run(main())
