# SPDX-License-Identifier: MIT
"""Serves the applications of apps/ with uvicorn; its first line is FastAPI's version and the ports.

Ends with 77 where FastAPI is not installed.
"""

import asyncio
import importlib
import json
import socket
import sys
from pathlib import Path

try:
    import fastapi
    import uvicorn
except ImportError:
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).parent / "apps"))


def server_of(name):
    config = uvicorn.Config(
        importlib.import_module(name).app, http="h11", lifespan="off", log_level="critical"
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    return server


def listener():
    """asyncio sets TCP_NODELAY only where the protocol is named."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.bind(("127.0.0.1", 0))
    made.listen(64)
    return made


async def main(names):
    sockets = {name: listener() for name in names}
    servers = [server_of(name).serve(sockets=[sockets[name]]) for name in names]
    ports = {name: each.getsockname()[1] for name, each in sockets.items()}
    print(json.dumps([fastapi.__version__, ports]), flush=True)
    await asyncio.gather(*servers)


asyncio.run(main(sys.argv[1:]))
