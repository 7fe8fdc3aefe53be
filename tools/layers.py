#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom: reads the #include lines of the tree and says which break a rule.

The wall: include/rondo/<component>/ is what users write. What only templates need is in detail/,
the rest in src/, and examples and documents include neither. What a public header declares names
no type of the kernel's door, sys.
"""
import pathlib
import re
import sys

# A component may use what is named here, and what those may use.
MAY_USE = {
    "base": [],
    "json": ["base"],
    "sys": ["base"],
    "core": ["base"],
    "driver": ["base", "sys", "core"],
    "io": ["core", "sys"],
    "sync": ["core"],
    "threads": ["sync", "sys"],
    "os": ["io", "threads"],
    "net": ["os"],
    "http": ["net", "json"],
    "testing": ["driver", "sync", "net"],
}
UMBRELLA = ["core", "sync", "threads", "io", "os", "net"]
# Memory comes from the kernel, and everything needs memory. Signals have C's names.
EXCEPTIONS = {("src/base/frame_pool.cpp", "sys/memory.hpp"),
              ("src/base/more_stack.cpp", "sys/memory.hpp"),
              ("include/rondo/os/signals.hpp", "csignal")}
# The kernel has one door: elsewhere in the library these headers would be a second one.
KERNEL = re.compile(r"<(sys/(?!types)\w+\.h|unistd\.h|netdb\.h|netinet/.*|arpa/.*|poll\.h"
                    r"|fcntl\.h|signal\.h|csignal|pthread\.h|spawn\.h|linux/.*)>")
INTERNAL = re.compile(r"<rondo/\w+/detail/")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"][^>"]+[>"])')


def closure(component):
    reached = {component}
    for used in MAY_USE[component]:
        reached |= closure(used)
    return reached


def included_component(target):
    """<rondo/core/x.hpp> and "core/x.hpp" → core; anything else is nobody's."""
    match = re.match(r'(?:<rondo/|"rondo/|")(\w+)/', target)
    return match[1] if match and match[1] in MAY_USE else None


def allowed(path):
    """The components that the file may include, and whether it may include the kernel's headers."""
    tree, *rest = path.parts
    if tree in ("examples", "bench", "docs"):
        simulated = tree == "docs" or (
            tree == "examples" and ("virtual" in path.name or path.stem.endswith("_test")))
        return set(MAY_USE) - (set() if simulated else {"testing"}), True
    inside = rest[1:] if tree == "include" else rest
    if len(inside) == 1:
        return set().union(*map(closure, UMBRELLA)), False
    return closure(inside[0]), inside[0] == "sys"


def check(path):
    components, kernel = allowed(path)
    tree, *rest = path.parts
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if tree == "include" and "detail" not in rest and "sys::" in line:
            yield f"{path}:{number}: a public header names a type of sys"
        match = INCLUDE.match(line)
        if not match:
            continue
        if tree in ("examples", "docs") and INTERNAL.match(match[1]):
            yield f"{path}:{number}: {match[1]} is not for users"
        used = included_component(match[1])
        if (path.as_posix(), match[1].strip('<">')) in EXCEPTIONS:
            continue
        if used and used not in components:
            yield f"{path}:{number}: may not include {match[1]} (the layer of {used})"
        if KERNEL.match(match[1]) and not kernel:
            yield f"{path}:{number}: {match[1]} is included in sys only"


def main():
    trees = [pathlib.Path(tree) for tree in ("include", "src", "examples", "bench", "docs")]
    files = [f for tree in trees for f in sorted(tree.rglob("*.[ch]pp"))]
    faults = [fault for file in files for fault in check(file)]
    print(*faults, f"layers: {len(files)} files, {len(faults)} faults", sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
