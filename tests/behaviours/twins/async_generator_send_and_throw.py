# SPDX-License-Identifier: MIT
import asyncio


async def conversation():
    name = yield "name?"
    await asyncio.sleep(0)
    print("got:" + name)
    try:
        yield "hello"
    except ValueError as e:
        print(f"caught:{e}")
    await asyncio.sleep(0)
    yield "last"


async def main():
    g = conversation()
    print(await anext(g))
    print(await g.asend("Ada"))
    print(await g.athrow(ValueError("oops")))
    end = await anext(g, None)
    print("end" if end is None else "more")


asyncio.run(main())
