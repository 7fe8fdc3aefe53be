# SPDX-License-Identifier: MIT
"""On what was measured: no names, no paths."""
import os
import pathlib
import platform
import re
import subprocess


def first_line(command):
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (result.stdout.strip().splitlines() or [""])[0] if result.returncode == 0 else ""


def processor():
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text("utf-8"))
    return model[1] if model else platform.machine()


def describe():
    return {"processor": processor(), "cores": len(os.sched_getaffinity(0)),
            "kernel": f"Linux {platform.release()}"}


def versions(peers):
    """Of the compilers, and of those peers that can say theirs."""
    found = {"GCC": first_line(["g++", "-dumpfullversion"]),
             "clang": first_line(["clang++-19", "-dumpversion"])}
    for peer in peers:
        if peer.version and (line := first_line(peer.version)):
            number = re.search(r"\d+(\.\d+)+", line)
            found[peer.name] = number[0] if number else line
    return {name: version for name, version in found.items() if version}
