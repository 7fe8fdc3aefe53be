# SPDX-License-Identifier: MIT
"""The other end of a connection, by asyncio: `client PORT`, or `server`, which prints its port,
echoes one connection to its end, and goes."""
import asyncio
import sys

SIZE = 5_000_000


async def client(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    block = bytes(range(256)) * (SIZE // 256) + bytes(SIZE % 256)

    async def send():
        writer.write(b"a line\n" + block)
        await writer.drain()
        writer.write_eof()

    sending = asyncio.create_task(send())
    assert await reader.readline() == b"a line\n"
    assert await reader.readexactly(SIZE) == block
    assert await reader.read() == b""
    await sending
    writer.close()
    await writer.wait_closed()
    print(SIZE, "bytes and a line came back")


async def server():
    done = asyncio.Event()

    async def echo(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()
        await writer.wait_closed()
        done.set()

    listening = await asyncio.start_server(echo, "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await done.wait()
    listening.close()


if sys.argv[1] == "client":
    asyncio.run(client(int(sys.argv[2])))
else:
    asyncio.run(server())
