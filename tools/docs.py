#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The pages show only what was compiled and run, and their links lead somewhere.

A ```cpp fence stands right after a comment that names its source, which a test builds and runs:
    <!-- docs/tutorial/examples/x.cpp -->         the whole file
    <!-- docs/tutorial/examples/x.cpp#part -->    what stands between `// #region part` and
                                                  `// #endregion`
A ```text fence after it, in the same section, is an excerpt of what it prints: x.out or x.err.
"""
import pathlib
import re
import sys
import textwrap

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
NAMED = re.compile(r"<!-- (\S+?\.cpp)(?:#(\S+))? -->\n\Z")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MARK = re.compile(r"^[ \t]*// #(?:end)?region.*\n", re.M)
LICENCE = "// SPDX-License-Identifier: MIT\n"


def source(path, region):
    """What a fence that names this has to hold; None when there is no such thing."""
    if not path.is_file():
        return None
    text = path.read_text("utf-8")
    if region:
        body = re.search(rf"// #region {re.escape(region)}\n(.*?)^[ \t]*// #endregion", text,
                         re.M | re.S)
        return body and textwrap.dedent(MARK.sub("", body[1]))
    return MARK.sub("", text.removeprefix(LICENCE)).removeprefix("// clock: real\n").lstrip("\n")


def is_printed(part, path):
    printed = [f for s in (".out", ".err") if (f := path.with_suffix(s)).is_file()]
    return not printed or any(f"\n{part}" in f"\n{f.read_text('utf-8')}" for f in printed)


def code_faults(page, text):
    path, seen = None, 0
    for fence in FENCE.finditer(text):
        before = text[seen:fence.start()]
        seen = fence.end()
        where = f"{page}:{text.count(chr(10), 0, fence.start()) + 1}"
        if re.search(r"^#", before, re.M):
            path = None
        if fence[1] == "cpp":
            named = NAMED.search(before)
            path = pathlib.Path(named[1]) if named else None
            if not named:
                yield f"{where}: no comment before this says which file it is"
            elif fence[2] != source(path, named[2]):
                yield f"{where}: this is not what {named[1]}#{named[2] or ''} says"
        elif fence[1] == "text" and path and not is_printed(fence[2], path):
            yield f"{where}: this is not what {path} prints"


def link_faults(page, text):
    for link in LINK.findall(FENCE.sub("", text)):
        target = link.split("#")[0]
        if target and ":" not in target and not (page.parent / target).exists():
            yield f"{page}: there is no {link}"


def index_faults(page, text):
    """The table of headers in docs/README.md names each public header and nothing else."""
    include = pathlib.Path("include/rondo")
    public = {h.relative_to(include).with_suffix("").as_posix() for h in include.glob("*/*.hpp")}
    named = set(re.findall(r"`(\w+/\w+)`", text[text.index("| page | headers |"):]))
    for header in sorted(public ^ named):
        yield f"{page}: {header}.hpp is " + ("not named" if header in public else "no header")


def main():
    pages = [*pathlib.Path(".").glob("*.md"), *pathlib.Path("docs").rglob("*.md"),
             *pathlib.Path("examples").rglob("*.md"), *pathlib.Path("bench").rglob("*.md")]
    faults = []
    for page in sorted(pages):
        text = page.read_text("utf-8")
        faults += [*code_faults(page, text), *link_faults(page, text)]
        if page == pathlib.Path("docs/README.md"):
            faults += index_faults(page, text)
    print(*faults, f"docs: {len(pages)} pages, {len(faults)} faults", sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
