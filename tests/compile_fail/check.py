#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check.py <compiler> <include dir> <precompiled> [case.cpp]: the case must not compile, and must
say why. Without a case, <rondo/rondo.hpp> is precompiled for all of them.

A case names what the compiler has to say, each on a line of its own:
    // expect: <words>          on every compiler
    // expect-gcc12: <words>    the case is for GCC before 13 only; elsewhere it is skipped
A case that contains `#ifdef RONDO_GOOD` is compiled a second time with it defined and must then
be accepted: this proves that the refused line, and nothing else, is what is wrong.
"""
import pathlib
import re
import subprocess
import sys

SKIPPED = 77


def is_gcc12(compiler):
    macros = subprocess.run([compiler, "-dM", "-E", "-x", "c++", "/dev/null"],
                            capture_output=True, text=True, check=True).stdout
    version = re.search(r"__GNUC__ (\d+)", macros)
    return "__clang__" not in macros and int(version[1]) < 13


def command(compiler, include, *more):
    return [compiler, "-std=c++20", "-Wall", "-Werror=unused-result", "-Werror=unused-value",
            "-fdiagnostics-color=never", "-I", include, *more]


def precompile(compiler, include, precompiled):
    """GCC looks for it where the header is that it stands for; clang is told."""
    pathlib.Path(precompiled).write_text("#include <rondo/rondo.hpp>\n", encoding="utf-8")
    return subprocess.run(command(compiler, include, "-x", "c++-header", precompiled, "-o",
                                  precompiled + ".gch")).returncode


def compile_case(compiler, include, precompiled, case, *extra):
    with_it = []
    if "#include <rondo/rondo.hpp>" in pathlib.Path(case).read_text(encoding="utf-8"):
        with_it = ["-include", precompiled]
        if "clang" in compiler:
            with_it = ["-include-pch", precompiled + ".gch"]
    return subprocess.run(command(compiler, include, "-fsyntax-only", *with_it, *extra, case),
                          capture_output=True, text=True)


def main(compiler, include, precompiled, case=None):
    if case is None:
        return precompile(compiler, include, precompiled)
    text = open(case, encoding="utf-8").read()
    expected = re.findall(r"// expect: (.+)", text)
    only_gcc12 = re.findall(r"// expect-gcc12: (.+)", text)
    if only_gcc12 and not is_gcc12(compiler):
        return SKIPPED
    expected += only_gcc12
    if not expected:
        print("the case has no `// expect:` line")
        return 1

    refused = compile_case(compiler, include, precompiled, case)
    # Only what the compiler says itself counts, not the paths and lines that it quotes.
    said = "\n".join(re.findall(r": (?:fatal error|error|note): (.*)", refused.stderr))
    missing = [words for words in expected if words not in said]
    if refused.returncode == 0 or missing:
        print("it compiles" if refused.returncode == 0 else f"never said: {missing}")
        print(refused.stderr)
        return 1
    if "RONDO_GOOD" in text:
        accepted = compile_case(compiler, include, precompiled, case, "-DRONDO_GOOD")
        if accepted.returncode != 0:
            print("the corrected form does not compile either:", accepted.stderr, sep="\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
