#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what tools/shapes.py says of samples.cpp with the `// shape: <what>` on its lines."""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, "tools")
import shapes

SAMPLES = pathlib.Path(__file__).with_name("samples.cpp")


def main():
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()
    expected = {(number, word) for number, line in enumerate(lines, 1)
                for word in re.findall(r"// shape: (\w+)", line)}
    run = subprocess.run([sys.executable, "tools/shapes.py", str(SAMPLES), "--", "-Iinclude"],
                         capture_output=True, text=True)
    word_of = {words: word for word, words in shapes.SAYS.items()}
    said = {(int(line), word_of[words])
            for line, words in re.findall(rf"^tests/shapes/{SAMPLES.name}:(\d+):\d+: (.*)$",
                                          run.stdout, re.MULTILINE)}
    for line, word in sorted(expected - said):
        print(f"{SAMPLES.name}:{line}: not found: {word}")
    for line, word in sorted(said - expected):
        print(f"{SAMPLES.name}:{line}: found without reason: {word}")
    print(run.stderr)
    return 0 if expected == said and run.returncode == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
