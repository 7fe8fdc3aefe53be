#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""shapes.py [--jobs N] FILE... [-- FLAG...]: co_await expressions that GCC 12 and 13 break.

Says of each where it is and what to write instead; docs/explanation/compilers.md has them all.
The files are read by clang-query-19, so types are known; templates are looked at where they are
instantiated. Flags are those that clang needs, for instance `-- -Iinclude`. The exit code is 1 when
something was found, 2 when a file does not compile.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

QUERY = """set output dump
match compoundStmt(isExpansionInMainFile(), hasParent(coroutineBodyStmt()))
"""
AS_GCC_12 = "-DRONDO_CLOSURE_TEMPORARIES_BREAK=1"
AWAITS = {"CoawaitExpr", "CoyieldExpr"}
WRAPPERS = {"CXXFunctionalCastExpr", "ImplicitCastExpr", "ParenExpr", "ConstantExpr",
            "MaterializeTemporaryExpr", "ExprWithCleanups", "CXXBindTemporaryExpr"}
LISTS = {"InitListExpr", "CXXParenListInitExpr"}
BUILT_IN = re.compile(r"(const )?(unsigned |signed )*(bool|char|short|int|long|float|double)"
                      r"|.*[*&]$|(std::)?s?size_t|(std::)?u?int\d+_t")
SAYS = {
    "closure": "a temporary lambda whose captures own something is destroyed twice: give it a name "
               "first, or capture by reference",
    "aggregate": "a temporary aggregate that owns something is destroyed twice: give it a name "
                 "first, await the call in a statement of its own, or use emplace(parts...)",
    "members": "an aggregate that owns something is made of awaited values: await them in "
               "statements of their own first",
    "choice": "a conditional expression of a class type, with co_await, destroys what was never "
              "made: write if and else",
    "branch": "what needs a destructor is made before the co_await, even where it is not asked "
              "for: put the awaited value into a variable first",
    "new": "new with an awaited argument destroys it twice: put the awaited value into a variable "
           "first",
    "throw": "throw with an awaited value destroys it twice: put the awaited value into a variable "
             "first",
    "list": "an initialiser list does not compile beside co_await: fill a vector first, or give "
            "wait() and gather() the members one by one",
}


class Node:
    def __init__(self, kind, at, text):
        self.kind, self.at, self.text, self.children = kind, at, text, []

    def below(self):
        """This and all under it, but for what belongs to another function or to a default."""
        yield self
        for child in self.children:
            foreign = self.kind == "LambdaExpr" and child.kind in (
                "CXXRecordDecl", "CompoundStmt", "CoroutineBodyStmt")
            if not foreign and child.kind not in ("CXXDefaultArgExpr", "CXXDefaultInitExpr"):
                yield from child.below()

    def has(self, kinds):
        return any(node.kind in kinds for node in self.below())

    def bare(self):
        node = self
        while node.kind in WRAPPERS and node.children:
            node = node.children[0]
        return node

    def is_awaited_object(self):
        """Whether an element of a list is the awaited value itself, of no built-in type."""
        made = re.search(r"(?:'[^']*':)?'([^']*)'", self.text)  # behind its alias
        return self.bare().kind in AWAITS and made and not BUILT_IN.match(made[1])

    def owns(self):
        """Whether it is a temporary with a destructor, seen through casts."""
        node = self
        while node.kind in WRAPPERS and node.children:
            if node.kind == "CXXBindTemporaryExpr":
                return True
            node = node.children[0]
        return False


class Place:
    """Locations are printed as what differs from the one before."""
    def __init__(self):
        self.file, self.line = "", 0

    def read(self, text):
        first = None
        for at in text.split(", "):
            if found := re.match(r"(?:line:(\d+)|(.*):(\d+)):(\d+)$", at):
                if found[1]:
                    self.line = int(found[1])
                else:
                    self.file, self.line = found[2], int(found[3])
                column = int(found[4])
            elif found := re.match(r"col:(\d+)$", at):
                column = int(found[1])
            else:
                continue
            first = first or (self.file, self.line, column)
        return first or (self.file, self.line, 0)


def parse(dump):
    """The bodies of coroutines, as clang-query prints them."""
    bodies, path, place = [], [], Place()
    for line in dump.splitlines():
        found = re.match(r"([ |`-]*)([A-Z<]\w*)(.*)", line)
        if not found:
            continue
        depth = len(found[1]) // 2
        location = re.search(r"<((?:<[^>]*>|[^<>])*)>", found[3])
        # Of scratch space and of macros only the place of use matters, which is printed last.
        at = place.read(location[1]) if location else (place.file, place.line, 0)
        node = Node(found[2], at, found[3])
        del path[depth:]
        if depth == 0:
            bodies.append(node)
        elif path:
            path[-1].children.append(node)
        path.append(node)
    return [body for body in bodies if body.kind == "CompoundStmt"]


def is_expression(node):
    return node.kind.endswith(("Expr", "Operator", "Literal", "Cleanups"))


def full_expressions(node):
    for child in node.children:
        if is_expression(child):
            yield child
        elif child.kind != "CXXRecordDecl":
            yield from full_expressions(child)


def faults_of(expression):
    if not expression.has(AWAITS):
        return
    told = set()
    for node in expression.below():
        kind, parts = node.kind, node.children
        if kind == "CXXBindTemporaryExpr":
            inner = node.bare()
            if inner.kind == "LambdaExpr":
                yield node, "closure"
            elif inner.kind in LISTS:
                told.add(inner)
                yield node, "members" if inner.has(AWAITS) else "aggregate"
        elif kind in LISTS and node not in told and node.has(AWAITS):
            if any(part.owns() or part.is_awaited_object() for part in parts):
                yield node, "members"
        elif kind == "CXXNewExpr" and node.has(AWAITS):
            yield node, "new"
        elif kind == "CXXThrowExpr" and node.has(AWAITS):
            yield node, "throw"
        elif kind == "CXXStdInitializerListExpr":
            yield node, "list"
        elif kind == "ConditionalOperator" and any(p.owns() for p in parts[1:]):
            yield node, "choice"
        elif kind == "ConditionalOperator" or (
                kind == "BinaryOperator" and re.search(r"'(&&|\|\|)'", node.text)):
            for part in parts[1:]:
                if not part.has(AWAITS) and part.has({"CXXBindTemporaryExpr"}):
                    yield node, "branch"


def look_at(files, flags):
    """What clang-query says of these files: faults, and the errors if they do not compile."""
    with tempfile.NamedTemporaryFile("w", suffix=".query") as query:
        query.write(QUERY)
        query.flush()
        run = subprocess.run(["clang-query-19", "-f", query.name, *files, "--", "-std=c++20", "-w",
                              AS_GCC_12, *flags], capture_output=True, text=True)
    found = {(*node.at, what) for body in parse(run.stdout)
             for expression in full_expressions(body)
             for node, what in faults_of(expression)}
    errors = [line for line in run.stderr.splitlines() if " error: " in line]
    return found, errors


def check(files, flags, jobs):
    # Each process reads some files: what they include is read once for all of them.
    with tempfile.TemporaryDirectory() as scratch:
        if len(files) > 8:
            header = pathlib.Path(scratch, "all.hpp")
            header.write_text("#include <rondo/rondo.hpp>\n")
            made = subprocess.run(["clang++-19", "-std=c++20", "-w", AS_GCC_12, "-xc++-header",
                                   *flags,
                                   str(header), "-o", f"{header}.pch"], capture_output=True)
            flags = flags + (["-include-pch", f"{header}.pch"] if made.returncode == 0 else [])
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            results = list(pool.map(lambda file: look_at([file], flags), files))
    found = sorted(set().union(*(faults for faults, _ in results)))
    errors = [line for _, lines in results for line in lines]
    here = os.getcwd() + os.sep
    for file, line, column, what in found:
        print(f"{file.removeprefix(here)}:{line}:{column}: {SAYS[what]}")
    print("\n".join(errors), end="\n" if errors else "", file=sys.stderr)
    return 2 if errors else 1 if found else 0


def main(arguments):
    jobs = os.cpu_count()
    if arguments[:1] == ["--jobs"]:
        jobs, arguments = int(arguments[1]), arguments[2:]
    files, flags = arguments, []
    if "--" in arguments:
        at = arguments.index("--")
        files, flags = arguments[:at], arguments[at + 1:]
    if not files:
        print(__doc__)
        return 2
    return check(files, flags, jobs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
