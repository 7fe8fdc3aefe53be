#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""instructions.py <work_rondo> <libbench_clock> [--record]: counts instructions.

They are stable where times are not. Each piece of work runs in two lengths under callgrind, and the
difference is what an item costs: starting and ending cancel out. A clock of its own, preloaded
(bench/peers/clock.cpp), keeps the slowness of callgrind from changing what the loop does.
The counts are compared with those of bench/instructions.toml, which belong to one compiler; with
another the exit status is 77: there is nothing to compare.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

FILE = pathlib.Path(__file__).with_name("instructions.toml")
WORKS = ("spawn_one", "await", "yield", "sleep", "timer", "timeout", "queue", "ping_pong",
         "echo", "echo_lines", "echo_until", "echo_buffered", "echo_layered")
SHORT, LONG = 1_000, 5_000
TOLERANCE = 0.03
SKIPPED = 77
HEAD = """\
# What an item of work (bench/works.toml) costs in instructions, by callgrind. bench/instructions.py
# compares them, and with --record writes them anew.
"""


def compiler(program):
    """That of the program, as it says itself in its .comment section."""
    dumped = subprocess.run(["readelf", "-p", ".comment", program], capture_output=True, text=True,
                            check=True)
    return re.search(r"(GCC|clang).*", dumped.stdout)[0]


def count(program, clock, work, n):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, work,
               str(n)]
    told = subprocess.run(command, env=os.environ | {"LD_PRELOAD": clock}, capture_output=True,
                          text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", told)[1])


def an_item(program, clock, work):
    more = count(program, clock, work, LONG) - count(program, clock, work, SHORT)
    return round(more / (LONG - SHORT), 1)


def record(made_by, counts):
    lines = [f'compiler = "{made_by}"', "", "[instructions]",
             *(f"{work} = {cost}" for work, cost in counts.items())]
    FILE.write_text(HEAD + "\n" + "\n".join(lines) + "\n", "utf-8")


def compare(kept, counts, again):
    for work, cost in counts.items():
        before = kept.get(work)
        if before is None:
            yield f"{work}: {cost} instructions, and none are recorded"
        elif abs(cost / before - 1) > TOLERANCE:
            yield (f"{work}: {cost} instructions an item, and {before} are recorded "
                   f"({cost / before - 1:+.1%}); if that is meant: {again}")


def main(program, clock, *options):
    if not shutil.which("valgrind"):
        sys.exit("valgrind is missing: apt-get install valgrind")
    made_by = compiler(program)
    kept = tomllib.loads(FILE.read_text("utf-8")) if FILE.exists() else {"compiler": made_by}
    if "--record" not in options and kept["compiler"] != made_by:
        print(f"not compared: recorded for {kept['compiler']}, and this is {made_by}")
        return SKIPPED
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = dict(zip(WORKS, pool.map(lambda work: an_item(program, clock, work), WORKS)))
    for work, cost in counts.items():
        print(f"{work:12}{cost:10} instructions, recorded {kept.get('instructions', {}).get(work)}")
    if "--record" in options:
        return record(made_by, counts)
    faults = list(compare(kept.get("instructions", {}), counts,
                          "python3 bench/instructions.py <the same two> --record"))
    print(*faults, sep="\n")
    return bool(faults)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
