# SPDX-License-Identifier: MIT
"""What including costs: preprocessed lines, and seconds to compile nothing but that."""
import concurrent.futures
import os
import subprocess
import tempfile

from . import measuring
from .catalogue import BENCH, ROOT
from .results import row

INCLUDE = ROOT / "include"
FLAGS = ["g++", "-std=c++20", "-O2", f"-I{INCLUDE}"]
HELLO = {"rondo": ("rondo", []), "Asio": ("asio", []), "Boost.Asio": ("asio", ["-DWITH_BOOST"]),
         "libuv": ("libuv", [])}


def headers():
    """What a program may include, with the umbrella first."""
    found = sorted((INCLUDE / "rondo").rglob("*.hpp"), key=lambda p: (len(p.parts), p))
    return [header.relative_to(INCLUDE).as_posix() for header in found]


def preprocessed_lines(command):
    result = subprocess.run([*command, "-E", "-P"], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise measuring.Failed(result.stderr.strip().splitlines()[0])
    return result.stdout.count("\n")


def compile_seconds(command):
    """Of CPU, to an object file."""
    process = subprocess.Popen([*command, "-c", "-o", "/dev/null"], stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        raise measuring.Failed(f"{command[-1]} does not compile")
    return used.ru_utime + used.ru_stime


def hello(who):
    folder, defines = HELLO[who]
    return [*FLAGS, *defines, str(BENCH / "peers" / folder / "hello.cpp")]


def measure_hello(runs):
    rows, missing, seconds = [], {}, {}
    for who in HELLO:
        try:
            lines = preprocessed_lines(hello(who))
            rows.append(row("compile hello, lines", who, "lines", [lines]))
            seconds[who] = []
        except measuring.Failed as error:
            missing[who] = str(error)
    for turn in range(1, runs + 1):
        for who, times in seconds.items():
            measuring.progress(f"compile hello: run {turn} of {runs}, {who}")
            times.append(compile_seconds(hello(who)))
    measuring.progress("")
    rows += [row("compile hello, seconds", who, "s", times) for who, times in seconds.items()]
    return rows, {"compile hello, lines": missing} if missing else {}


def cost_of(header):
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as source:
        source.write(f"#include <{header}>\n")
        source.flush()
        return preprocessed_lines([*FLAGS, source.name]), compile_seconds([*FLAGS, source.name])


def measure_headers():
    """Each header once: there are many, and they are compared with nobody."""
    rows, names = [], headers()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, (lines, seconds) in zip(names, pool.map(cost_of, names)):
            measuring.progress(f"compile {header}")
            rows.append(row("compile header, lines", header, "lines", [lines]))
            rows.append(row("compile header, seconds", header, "s", [seconds]))
    measuring.progress("")
    return rows
