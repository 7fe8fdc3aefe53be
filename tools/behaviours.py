#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which of the 268 numbered behaviours have a test: `B017_…` in a test's name says so.

--list prints the tests, one a line, instead of the summary.
"""
import collections
import pathlib
import re
import sys

SECTIONS = [("A", 1, 39, "loop and callbacks"), ("B", 40, 57, "futures"), ("C", 58, 82, "tasks"),
            ("D", 83, 111, "cancellation"), ("E", 112, 136, "gather, wait, as_completed, shield"),
            ("F", 137, 163, "timeouts"), ("G", 164, 181, "task groups"),
            ("H", 182, 203, "synchronisation"), ("I", 204, 217, "queues and channels"),
            ("J", 218, 224, "threads"), ("K", 225, 234, "runner"),
            ("L", 235, 253, "streams and servers"), ("M", 254, 261, "processes and signals"),
            ("N", 262, 268, "context, generators, introspection")]


def ranges(numbers):
    """[1, 2, 3, 7] → "1–3 7"."""
    runs = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(f"{a}–{b}" if a < b else str(a) for a, b in runs)


def main(arguments):
    tests = collections.defaultdict(set)
    for path in sorted(pathlib.Path("tests").rglob("*.cpp")):
        for name in re.findall(r"\bB\d{3}_\w+", path.read_text(encoding="utf-8")):
            tests[int(name[1:4])].add(f"{name}  ({path})")
    if "--list" in arguments:
        print(*(test for number in sorted(tests) for test in sorted(tests[number])), sep="\n")
        return
    for letter, first, last, title in SECTIONS:
        missing = [n for n in range(first, last + 1) if n not in tests]
        covered = last - first + 1 - len(missing)
        rest = f"missing: {ranges(missing)}" if missing else "complete"
        print(f"{letter}  {covered:3} of {last - first + 1:3}  {title:36} {rest}")
    print(f"{len(tests)} of {SECTIONS[-1][2]} behaviours have a test")


if __name__ == "__main__":
    main(sys.argv[1:])
