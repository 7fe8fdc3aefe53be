# SPDX-License-Identifier: MIT
"""Twenty requests at once, of which each waits 50 ms, take less than 100 ms.

usage: twenty_at_once.py <the built hello_api>
"""

import asyncio
import subprocess
import sys
import time

COUNT = 20
REQUEST = b"GET /burgers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


async def ask(reader, writer):
    writer.write(REQUEST)
    answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    assert answer.endswith(b"\r\n\r\n[]"), answer
    writer.close()


async def measure(port):
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(COUNT)]
    began = time.monotonic()
    await asyncio.gather(*(ask(*each) for each in connections))
    return time.monotonic() - began


def main():
    program = subprocess.Popen([sys.argv[1], "0"], stderr=subprocess.PIPE, text=True)
    try:
        where = program.stderr.readline()
        took = asyncio.run(measure(int(where.split("http://127.0.0.1:")[1].split()[0])))
    finally:
        program.kill()
        program.wait()
    print(f"{COUNT} requests that each wait 50 ms took {took * 1000:.0f} ms")
    return 0 if 0.05 <= took < 0.1 else 1


if __name__ == "__main__":
    sys.exit(main())
