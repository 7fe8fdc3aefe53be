#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What no formatter checks: lengths, words, and the headings of what can be awaited."""
import pathlib
import re
import sys
import tomllib

TREES = ("include", "src", "tests", "examples", "bench", "docs", "tools", "cmake", ".ci", ".")
KINDS = {".hpp", ".cpp", ".py", ".md", ".cmake", ".sh", ".toml", ""}
NAMES = {"CMakeLists.txt"}
LONGEST_LINE, LONGEST_FUNCTION = 100, 60
WORDS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINE = re.compile(r"(?<![\w.])/(home|root|work|Users|mnt)/\w")
HEADINGS = ("Returns", "Throws", "Cancellation", "Fairness", "Threads")
NOT_A_FUNCTION = re.compile(r"\b(namespace|class|struct|union|enum|concept)\b|=\s*$")
INNERMOST = re.compile(r"\([^()]*\)|<[^<>()]*>")
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                   r"|(?<!\w)'(?:\\.|[^'\\\n])+'|^\s*#(?:[^\n]*\\\n)*[^\n]*", re.S | re.M)


def function_name(head):
    """The name, if what stands before a brace begins a function. It knows parentheses, no C++."""
    named = re.search(r"(?!requires)([\w~:]+|operator\W+)\s*\(", head)
    count = 1
    while count:
        head, count = INNERMOST.subn("", head)
    return named[1] if named and not NOT_A_FUNCTION.search(head) else None


def functions(text):
    """(name, first line, lines) of every function body."""
    text = NOISE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    found, depth, inside, head = [], 0, None, 0
    for mark in re.finditer(r"[{};]", text):
        position = mark.start()
        if mark[0] == "{":
            before = text[head:position]
            name = None if inside else function_name(before)
            if name:
                start = head + len(before) - len(before.lstrip())
                inside = (depth, name, text.count("\n", 0, start) + 1)
            depth += 1
        elif mark[0] == "}":
            depth -= 1
            if inside and inside[0] == depth:
                lines = text.count("\n", 0, position) + 2 - inside[2]
                found.append((inside[1], inside[2], lines))
                inside = None
        head = mark.end()
    return found


def longest_file(path):
    if path.suffix not in (".hpp", ".cpp"):
        return None
    return {"include": 400, "tests": 600}.get(path.parts[0], 900)


def heading_faults(path, text):
    """An awaitable's doc comment has all of the headings: a block that has one of the rarer ones,
    and the block of a class that calls itself an awaitable."""
    for block in re.finditer(r"(?:^[ \t]*///[^\n]*\n)+", text, re.M):
        declared = re.split(r"\bpublic:", text[block.end():], maxsplit=1)
        awaitable = (re.match(r"(?:template[^;{]*?)?(?:class|struct)\b[^;{]*\{\s*$", declared[0])
                     and declared[-1].lstrip().startswith("using rondo_awaitable"))
        has = [word for word in HEADINGS if re.search(rf"\b{word}\b[^:.]*:", block[0])]
        before = text[:block.start()]
        private = (before.count("namespace detail {") > before.count("}  // namespace detail")
                   or "namespace rondo::detail {" in before)
        if not private and len(has) < len(HEADINGS) and (awaitable or "Fairness" in has):
            line = text.count("\n", 0, block.start()) + 1
            missing = ", ".join(word for word in HEADINGS if word not in has)
            yield f"{path}:{line}: this awaitable does not say: {missing}"


def check(path, longer):
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE and path.suffix != ".md":
            yield f"{path}:{number}: {len(line)} columns, and {LONGEST_LINE} are allowed"
        if WORDS.search(line) or MACHINE.search(line):
            yield f"{path}:{number}: this does not belong into the tree: {line.strip()}"
    limit = longest_file(path)
    if limit is None:
        return
    if not text.startswith("// SPDX-License-Identifier: MIT\n"):
        yield f"{path}:1: the first line is the SPDX line"
    if len(lines) > limit:
        yield f"{path}: {len(lines)} lines, and {limit} are allowed"
    for name, line, length in functions(text):
        if length > longer.get(f"{path}:{name}", LONGEST_FUNCTION):
            yield f"{path}:{line}: {name} has {length} lines, and {LONGEST_FUNCTION} are allowed"
    if path.parts[0] == "include":
        yield from heading_faults(path, text)


def main():
    longer = tomllib.loads(pathlib.Path("tools/budgets.toml").read_text("utf-8"))["functions"]
    files = set()
    for tree in map(pathlib.Path, TREES):
        found = tree.glob("*") if tree == pathlib.Path(".") else tree.rglob("*")
        files |= {f for f in found if f.is_file() and (f.suffix in KINDS or f.name in NAMES)}
    faults = [fault for file in sorted(files) for fault in check(file, longer)]
    print(*faults, f"tidy: {len(files)} files, {len(faults)} faults", sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
