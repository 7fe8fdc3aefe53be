#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py [--runs N] [--seconds S] [--who "NAME;…"] [--rows FILE] [cell...]

Echo servers under the same load, beside the hand-written limits (README.md has the method).
A cell is CONNECTIONSxBYTES such as 64x64 or 1000x16Ki, `churn` (a connection an echo, 256 at a
time), `reset` (the same, and the client ends it by a reset) or `memory` (of the server, per idle
connection at 10,000). Default: all of them.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

import servers

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from harness import results  # noqa: E402

CELLS = [f"{connections}x{size}" for size in ("64", "16Ki")
         for connections in (1, 64, 1000, 10000)] + ["churn", "reset", "memory"]
SERVER_CORE, LOAD_CORE = "0", "1"


def pinned(core):
    return ["taskset", "-c", core] if os.cpu_count() > 1 else []


class Running:
    """A server and its load, connected. Idle, both cost nothing, so that many can take turns."""

    def __init__(self, server, load_arguments):
        self.server = server
        self.process = subprocess.Popen(
            pinned(SERVER_CORE) + [str(part) for part in server.command], text=True,
            stdout=subprocess.PIPE, env={**os.environ, **server.environment})
        port = self.process.stdout.readline().strip()
        if not port:
            raise SystemExit(f"{server.who} did not start")
        self.memory_before = self.memory()
        self.load = subprocess.Popen(
            pinned(LOAD_CORE) + [str(servers.program("load")), port, *load_arguments[:2],
                                 str(self.process.pid), *load_arguments[2:]],
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.load.stdout.readline() != "connected\n":
            raise SystemExit(f"the load could not connect to {server.who}")
        self.slices = []

    def slice(self, seconds):
        self.load.stdin.write(f"{seconds}\n")
        self.load.stdin.flush()
        answer = self.load.stdout.readline()
        if not answer:
            raise SystemExit(f"the load gave {self.server.who} up")
        return json.loads(answer)

    def memory(self):
        """In KiB, of what is really there."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line)

    def end(self):
        self.load.stdin.close()
        self.load.wait()
        self.process.kill()
        self.process.wait()


def measure(work, load_arguments, who, runs, seconds):
    """Slices in turns, so that what disturbs the machine disturbs all alike; a first one warms."""
    running = [Running(server, load_arguments) for server in who]
    for number in range(runs + 1):
        for one in running:
            result = one.slice(seconds)
            if number > 0:
                one.slices.append(result)
    for one in running:
        one.end()
    cpu, rate = {}, {}
    for one in running:
        name = one.server.who
        cpu[name] = results.row(work, name, "us",
                                [s["cpu_ns"] / s["echoes"] / 1000 for s in one.slices])
        rate[name] = results.row(f"{work} throughput", name, "1/s",
                                 [s["echoes"] / s["seconds"] for s in one.slices])
    print(f"\n{work:34}{'CPU us':>8}{'low':>8}{'high':>8}{'to limit':>10}"
          f"{'1/s':>10}{'to limit':>10}")
    for one in running:
        own, limit = cpu[one.server.who], cpu.get(one.server.limit)
        fast, fastest = rate[one.server.who], rate.get(one.server.limit)
        print(f"  {one.server.who:32}{own['value']:8.2f}{own['low']:8.2f}{own['high']:8.2f}"
              f"{results.ratio(own, limit) if limit else '':10.3}{fast['value']:10.0f}"
              f"{1 / results.ratio(fast, fastest) if fastest else '':10.3}", flush=True)
    return [*cpu.values(), *rate.values()]


def measure_memory(who):
    rows = []
    print(f"\n{'memory at 10,000 connections':34}{'KiB each':>10}")
    for server in who:
        one = Running(server, ["10000", "64"])
        one.slice(0.1)
        each = (one.memory() - one.memory_before) / 10000
        one.end()
        rows.append(results.row("B7 memory per connection", server.who, "KiB", [each]))
        print(f"  {server.who:32}{each:10.2f}", flush=True)
    return rows


def measure_cell(cell, who, runs, seconds):
    if cell == "memory":
        return measure_memory(who)
    if cell in ("churn", "reset"):
        return measure(f"B9 {cell}", ["256", "64", cell], who, runs, seconds)
    connections, size = cell.split("x")
    size = str(int(size[:-2]) * 1024) if size.endswith("Ki") else size
    return measure(f"B7 {cell}", [connections, size], who, runs, seconds)


def choose(names):
    chosen = []
    for server in servers.all_servers():
        if names and server.who not in names:
            continue
        if server.missing:
            print(f"{server.who} is left out: {server.missing}")
        else:
            chosen.append(server)
    return chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*", metavar="cell", default=CELLS)
    parser.add_argument("--runs", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=0.2)
    parser.add_argument("--who", default="")
    parser.add_argument("--rows", type=pathlib.Path)
    parser.add_argument("--built", action="store_true", help="build nothing")
    options = parser.parse_args()
    if not options.built:
        servers.build()
    who = choose([name.strip() for name in options.who.split(";") if name])
    rows = []
    for cell in options.cells:
        rows += measure_cell(cell, who, options.runs, options.seconds)
        if options.rows:
            options.rows.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
