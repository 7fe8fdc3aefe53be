#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures rondo beside its peers; `./dev bench` calls it. See bench/README.md.

run.py [options] [work | growth_<curve> | compile | list ...]     (--help shows the options)

Without names: all of the work. Results go to bench/results.json, from which the page
bench/docs/benchmarks.md is made; with --only nothing is written.
"""
import argparse
import json
import pathlib
import sys

import page
from harness import building, catalogue, compiling, growth, machine, measuring, report, results
from harness import judging


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench", description="rondo beside its peers")
    parser.add_argument("names", nargs="*", help="work, curves, compile; list shows all")
    parser.add_argument("--runs", type=int, default=5, help="of each program (5)")
    parser.add_argument("--only", default="", help="these peers, as A,B; writes no results")
    parser.add_argument("--as-built", action="store_true", help="build nothing")
    parser.add_argument("--through", default="", metavar="COMMAND",
                        help="that runs each program, such as one that keeps a machine quiet")
    parser.add_argument("--add", metavar="FILE", help="measure nothing, and add that file's rows")
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    return parser.parse_args(arguments)


def print_list(works, peers):
    for work in works.values():
        print(f"  {work.name:18}{work.title}: {work.what}")
    for name in (*growth.NAMES, "compile", "micro", "echo"):
        print(f"  {name}")
    print("peers: " + ", ".join(peers))


def measure_works(chosen, peers, runs, cannot):
    rows, missing = [], {}
    for work in chosen:
        asked = [p for p in peers if p.does(work) and p.name not in cannot]
        got, without = measuring.measure(work, asked, runs)
        missing[work.title] = {p.name: cannot[p.name] for p in peers if p.name in cannot} | without
        report.print_work(work.title, got, missing[work.title])
        rows += got
    return rows, {work: who for work, who in missing.items() if who}


def measure_compiling(runs):
    rows, missing = compiling.measure_hello(runs)
    for work in dict.fromkeys(one["work"] for one in rows):
        report.print_work(work, [r for r in rows if r["work"] == work], missing.get(work, {}))
    each = compiling.measure_headers()
    for lines, seconds in zip(each[::2], each[1::2]):
        print(f"  {lines['who']:42}{lines['value']:9.0f} lines{seconds['value']:8.2f} s")
    return rows + each, missing


def measure_running(names, peers, options):
    """Everything that needs the peers' programs."""
    cannot = {} if options.as_built else building.build(peers)
    for who, why in cannot.items():
        print(f"without {who}: {why}")
    works = catalogue.works()
    rows, missing = measure_works([works[name] for name in names if name in works], peers,
                                  options.runs, cannot)
    able = [p for p in peers if p.name not in cannot]
    curves, without = growth.measure(able, options.runs, [n for n in names if n in growth.NAMES])
    report.print_curves(curves)
    return rows + curves, missing | without


def main(arguments):
    options = parse(arguments)
    measuring.through = options.through.split()
    works, peers = catalogue.works(), catalogue.peers()
    if "list" in options.names:
        return print_list(works, peers)
    if options.add:
        return keep(json.loads(pathlib.Path(options.add).read_text("utf-8")), {}, [])
    everything = [*works, *growth.NAMES, "compile"]
    unknown = set(options.names) - set(everything)
    if unknown:
        sys.exit(f"no work is called {', '.join(sorted(unknown))}: see ./dev bench list")
    names = options.names or everything
    only = options.only.split(",") if options.only else list(peers)
    if strangers := set(only) - set(peers):
        sys.exit(f"nobody is called {', '.join(sorted(strangers))}: see ./dev bench list")
    chosen = [peers[name] for name in only]

    rows, missing = [], {}
    if set(names) != {"compile"}:
        rows, missing = measure_running(names, chosen, options)
    if "compile" in names:
        more, without = measure_compiling(options.runs)
        rows, missing = rows + more, missing | without
    all_held = report.print_verdicts(judging.judge(rows))
    if not options.only:
        keep(rows, missing, chosen)
    return options.check and not all_held


def keep(rows, missing, peers):
    _, dropped = results.merge(machine.describe(), machine.versions(peers), rows, missing)
    if dropped:
        print(f"\n{dropped} older rows were measured on another machine, and are gone")
    page.write()
    print("\nwritten: bench/results.json, bench/docs/benchmarks.md")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
