#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""table.py <rondo_bench> [filter]: runs the micro-benchmarks interleaved and prints a table.

Each figure is the least of several repetitions, in ns of CPU time an operation: what disturbs a run
only ever makes it longer. `raw` is the same work with nothing but coroutines and a ring
(raw_bench.cpp), measured in the same run; machines differ and drift, the ratio does much less.
"""
import json
import subprocess
import sys
import tempfile

REPETITIONS = 9


def measure(program, only):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [program, f"--benchmark_repetitions={REPETITIONS}", "--benchmark_min_time=0.05",
                   "--benchmark_enable_random_interleaving=true", "--benchmark_out_format=json",
                   f"--benchmark_out={out.name}", f"--benchmark_filter={only}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with open(out.name, encoding="utf-8") as results:
            return json.load(results)["benchmarks"]


def least(results):
    best = {}
    for one in results:
        if one["run_type"] == "iteration":
            ns = 1e9 / one["items_per_second"]
            best[one["run_name"]] = min(ns, best.get(one["run_name"], ns))
    return best


def main(program, only="."):
    print(f"{REPETITIONS} interleaved repetitions of each, about a minute ...", flush=True)
    best = least(measure(program, only))
    print(f"{'':44}{'ns':>12}{'raw':>10}{'ratio':>8}")
    for name, ns in best.items():
        if name.startswith("raw_"):
            continue
        raw = best.get("raw_" + name)
        beside = f"{raw:10.1f}{ns / raw:8.2f}" if raw else ""
        print(f"{name:44}{ns:12.1f}{beside}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
