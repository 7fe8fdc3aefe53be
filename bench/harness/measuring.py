# SPDX-License-Identifier: MIT
"""Runs programs, interleaved: A B C C A B ..., so that all of them see the same machine drift."""
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from .catalogue import BUILD
from .results import row

SCALE = {"ns": 1, "us": 1e-3, "B": 1}
LIMIT = 100  # seconds a run may take
through = []  # a command that every program is run by
UNKNOWN = 2  # the exit status of a program that does not know the work


class NotOffered(Exception):
    """The peer has no such work."""


class Failed(Exception):
    """The program did not do what it should; says what it did."""


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def cores():
    return sorted(os.sched_getaffinity(0))


def environment(peer, work):
    pinned = {"LD_PRELOAD": str(BUILD / "bench/peers/libbench_pin.so")} if work.cores == 2 else {}
    return os.environ | peer.env | pinned


def run_program(peer, work, n):
    """The figures that one run prints."""
    if not shutil.which(peer.command[0]):
        raise Failed("is not built")
    where = ",".join(map(str, cores() if work.cores == 2 else cores()[:1]))
    command = [*through, "taskset", "-c", where, *peer.command, work.program, str(n)]
    try:
        result = subprocess.run(command, env=environment(peer, work), capture_output=True,
                                text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        raise Failed(f"took more than {LIMIT} s") from None
    if result.returncode == UNKNOWN:
        raise NotOffered("has no such work")
    if result.returncode != 0:
        told = result.stderr.strip().splitlines()
        raise Failed(told[-1] if told else f"ended with {result.returncode}")
    return json.loads(result.stdout)


def measure_work(peer, work):
    n = work.n if work.fixed else max(1, work.n // peer.slower)
    if work.twice:
        run_program(peer, work, n)
    return run_program(peer, work, n)[work.figure] * SCALE[work.unit]


def milliseconds_to_first_line(command):
    """From posix_spawn, which costs less than fork, to the first bytes that it prints."""
    out, into = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, into, 1), (os.POSIX_SPAWN_CLOSE, out)]
    began = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    os.close(into)
    with open(out, "rb", buffering=0) as output:
        printed = output.read(100)
        took = (time.perf_counter() - began) * 1e3
        while output.read(100):
            pass  # What else it prints must find a reader.
    _, status = os.waitpid(pid, 0)
    if not printed or status != 0:
        raise Failed(f"printed nothing, status {status}")
    return took


def measure_start(peer, work):
    if not peer.hello:
        raise NotOffered("has no such work")
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores()[:1])
    try:
        return statistics.median(milliseconds_to_first_line(peer.hello) for _ in range(work.n))
    finally:
        os.sched_setaffinity(0, before)


def measure_size(peer, _):
    """MB of the program without its symbols."""
    if not peer.static:
        raise NotOffered("has no statically linked program")
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(peer.static, folder)
        subprocess.run(["strip", "-s", copy], check=True)
        return pathlib.Path(copy).stat().st_size / 1e6


HOW = {"work": measure_work, "start": measure_start, "size": measure_size}


def in_order_of(turn, peers):
    """Another one each time: what one leaves behind would always meet the same other."""
    return random.Random(turn).sample(peers, len(peers))


def measure(work, peers, runs):
    """Rows, and who has none: {name: why}."""
    values, missing = {peer.name: [] for peer in peers}, {}
    for turn in range(1, runs + 1):
        for peer in in_order_of(turn, peers):
            if peer.name in missing:
                continue
            progress(f"{work.title}: run {turn} of {runs}, {peer.name}")
            try:
                values[peer.name].append(HOW[work.how](peer, work))
            except (NotOffered, Failed, OSError) as error:
                missing[peer.name] = str(error)
    progress("")
    return [row(work.title, name, work.unit, values[name]) for name in values
            if name not in missing], missing
