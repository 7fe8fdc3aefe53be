# SPDX-License-Identifier: MIT
"""Who serves: how each echo server is built and started. One that cannot be had says why."""
import dataclasses
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent
BUILD = TREE / "build/bench"
OURS = BUILD / "echo"  # what CMake does not build
PYTHON = "/usr/bin/python3"  # the one that Debian's packages are for
RUST_PACKAGES = "/usr/share/cargo/registry"


@dataclasses.dataclass
class Server:
    who: str
    command: list
    limit: str  # who is the limit for it
    environment: dict = dataclasses.field(default_factory=dict)
    missing: str = ""  # why it is not there


def program(name):
    return BUILD / "bench/echo" / f"echo_{name}"


def all_servers():
    """In the order of their turns: each of rondo's right after the loop by hand over its driver."""
    asyncio = HERE / "echo.py"
    by_hand = program("raw_uring")
    servers = [
        Server("raw epoll", [program("raw_epoll")], "raw epoll"),
        Server("rondo epoll", [program("rondo")], "raw epoll", {"RONDO_DRIVER": "epoll"}),
        Server("raw io_uring poll", [by_hand, "poll"], "raw io_uring poll"),
        Server("rondo io_uring", [program("rondo")], "raw io_uring poll",
               {"RONDO_DRIVER": "io_uring"}),
        Server("raw epoll, spinning", [program("raw_epoll"), "spin"], "raw epoll, spinning"),
        Server("rondo epoll, spinning", [program("rondo"), "spin"], "raw epoll, spinning",
               {"RONDO_DRIVER": "epoll"}),
        Server("raw io_uring together", [by_hand, "together"], "raw io_uring poll"),
        Server("raw io_uring multishot", [by_hand, "multishot"], "raw io_uring poll"),
        Server("raw io_uring once", [by_hand, "once"], "raw io_uring poll"),
        Server("Tokio", [OURS / "tokio/target/release/echo_tokio"], "raw epoll"),
        Server("Go", [OURS / "echo_go"], "raw epoll"),
        Server("Asio callbacks", [program("asio"), "callbacks"], "raw epoll"),
        Server("Asio co_await", [program("asio"), "awaits"], "raw epoll"),
        Server("libuv", [program("libuv")], "raw epoll"),
        Server("uvloop protocol", [PYTHON, asyncio, "protocol", "uvloop"], "raw epoll"),
        Server("asyncio streams", [PYTHON, asyncio, "streams", "asyncio"], "raw epoll"),
    ]
    for server in servers:
        if not pathlib.Path(server.command[0]).exists():
            server.missing = f"{server.command[0].name} is not built"
    if subprocess.run([PYTHON, "-c", "import uvloop"], capture_output=True).returncode:
        for server in servers:
            if "uvloop" in server.command:
                server.missing = "python3-uvloop is not installed"
    return servers


def build():
    subprocess.run(["cmake", "--preset", "bench", "-Wno-dev"], cwd=TREE, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "bench", "--target", "echo"], cwd=TREE,
                   check=True)
    OURS.mkdir(parents=True, exist_ok=True)
    if shutil.which("go"):
        subprocess.run(["go", "build", "-o", OURS / "echo_go", HERE / "echo.go"], check=True,
                       env={"GO111MODULE": "off", **os.environ})
    if shutil.which("cargo") and os.path.isdir(RUST_PACKAGES):
        shutil.copytree(HERE / "tokio", OURS / "tokio", dirs_exist_ok=True)
        subprocess.run(["cargo", "build", "--release", "--offline", "--quiet",
                        "--config", 'source.crates-io.replace-with="debian"',
                        "--config", f'source.debian.directory="{RUST_PACKAGES}"'],
                       cwd=OURS / "tokio", check=True)
