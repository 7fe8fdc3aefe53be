# SPDX-License-Identifier: MIT
import asyncio


async def after(delay, value):
    await asyncio.sleep(delay)
    return value


def names(tasks):
    return "".join(sorted(t.get_name() for t in tasks))


async def main():
    quick = asyncio.create_task(after(0.01, 1), name="q")
    slow = asyncio.create_task(after(0.08, 2), name="s")
    done, pending = await asyncio.wait([quick, slow], timeout=0.04)
    print(names(done), names(pending), sep="/")
    print(await slow)


asyncio.run(main())
