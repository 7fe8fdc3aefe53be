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
        os.write(write_end, b"x")
        loop.call_later(0, print, "timer")
        loop.call_soon(print, "older")

    loop.add_reader(read_end, reader)
    loop.call_soon(a)
    await asyncio.sleep(0.001)


asyncio.run(main())
