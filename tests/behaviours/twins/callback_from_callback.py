# SPDX-License-Identifier: MIT
import asyncio
import os


async def main():
    loop = asyncio.get_running_loop()
    read_end, write_end = os.pipe()

    def reader():
        print("reader")
        loop.remove_reader(read_end)

    def a():
        print("a")
        loop.call_soon(print, "a2")
        os.write(write_end, b"x")

    loop.add_reader(read_end, reader)
    loop.call_soon(a)
    loop.call_soon(print, "b")
    await asyncio.sleep(0.001)


asyncio.run(main())
