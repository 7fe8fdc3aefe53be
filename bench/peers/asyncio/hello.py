# SPDX-License-Identifier: MIT
"""hello.py <asyncio | uvloop>"""
import asyncio
import sys


async def hello():
    await asyncio.sleep(0)
    print("hello", flush=True)


if sys.argv[1] == "uvloop":
    import uvloop
    uvloop.install()
asyncio.run(hello())
