#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a public header costs and how it begins.

Each header is preprocessed on its own and its lines are counted; tools/budgets.toml says how many
there may be. `--record` writes what was measured (and a little room) wherever that is less.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tomllib

INCLUDE = pathlib.Path("include")
BUDGETS = pathlib.Path("tools/budgets.toml")
BANNED = re.compile(r"#include <(functional|iostream|filesystem|ranges|regex|thread)>")
ROOM = 1.02


def preprocessed_lines(header):
    command = [os.environ.get("CXX", "g++"), "-std=c++20", "-E", "-P", "-x", "c++",
               "-I", str(INCLUDE), str(header)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        return result.stderr.strip()
    return result.stdout.count("\n")


def form_faults(header):
    text = header.read_text(encoding="utf-8")
    if not text.startswith("// SPDX-License-Identifier: MIT\n"):
        yield f"{header}:1: the first line is the SPDX line"
    if "#pragma once\n" not in text:
        yield f"{header}:1: #pragma once is missing"
    for found in BANNED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield f"{header}:{line}: <{found[1]}> is too dear for a public header"


def budget_for(name, budgets):
    component = name.split("/")[0]
    return budgets["headers"].get(name) or budgets["components"].get(component, 0)


def record(costs):
    """Lowers every named budget to what its header costs; a budget never rises."""
    text = BUDGETS.read_text(encoding="utf-8")
    for name, lines in costs.items():
        def lowered(match, lines=lines):
            return f"{match[1]}{min(int(match[2]), int(lines * ROOM))}"
        text = re.sub(rf'^("{re.escape(name)}" = )(\d+)', lowered, text, flags=re.MULTILINE)
    BUDGETS.write_text(text, encoding="utf-8")


def main(arguments):
    budgets = tomllib.loads(BUDGETS.read_text(encoding="utf-8"))
    headers = sorted((INCLUDE / "rondo").rglob("*.hpp"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        measured = list(pool.map(preprocessed_lines, headers))
    costs, faults = {}, [fault for header in headers for fault in form_faults(header)]
    for header, lines in zip(headers, measured):
        name = str(header.relative_to(INCLUDE / "rondo"))
        if isinstance(lines, str):
            faults.append(f"{header}: does not stand alone: {lines}")
            continue
        costs[name] = lines
        budget = budget_for(name, budgets)
        if lines > budget:
            faults.append(f"{header}: {lines} preprocessed lines, and {budget} are allowed")
    if "--record" in arguments:
        record(costs)
    for name, lines in costs.items():
        print(f"{lines:7} of {budget_for(name, budgets):6}  {name}")
    print(*faults, f"headers: {len(headers)} files, {len(faults)} faults", sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
