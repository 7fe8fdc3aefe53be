# SPDX-License-Identifier: MIT
"""What is measured, who does it, and what is wanted: works.toml, peers.toml and goals.toml."""
import dataclasses
import pathlib
import tomllib

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
BUILD = ROOT / "build/bench-peers"
CLANG_BUILD = ROOT / "build/clang-bench"


@dataclasses.dataclass
class Work:
    name: str
    title: str
    what: str
    unit: str
    n: int
    figure: str = "cpu"
    cores: int = 1
    program: str = ""
    how: str = "work"
    fixed: bool = False
    twice: bool = False

    def __post_init__(self):
        self.program = self.program or self.name


@dataclasses.dataclass
class Peer:
    name: str
    command: list = dataclasses.field(default_factory=list)
    hello: list = dataclasses.field(default_factory=list)
    static: str = ""
    folder: str = ""
    target: str = ""
    builds: list = dataclasses.field(default_factory=list)
    version: list = dataclasses.field(default_factory=list)
    env: dict = dataclasses.field(default_factory=dict)
    works: list = dataclasses.field(default_factory=list)
    slower: int = 1
    cpp: bool = False
    clang: bool = False

    def does(self, work):
        return not self.works or work.name in self.works


@dataclasses.dataclass
class Goal:
    work: str
    at_most: float
    to: str = ""
    who: str = "rondo"


def read(name):
    return tomllib.loads((BENCH / name).read_text("utf-8"))


def filled(value, tree):
    """The value with the placeholders of peers.toml replaced in every string of it."""
    if isinstance(value, list):
        return [filled(one, tree) for one in value]
    if isinstance(value, str):
        for mark, path in (("{build}", BUILD), ("{tree}", tree), ("{peers}", BENCH / "peers")):
            value = value.replace(mark, str(path))
    return value


def works():
    return {name: Work(name, **table) for name, table in read("works.toml").items()}


def peers():
    found = {}
    for name, table in read("peers.toml").items():
        tree = (CLANG_BUILD if table.get("clang") else BUILD) / "bench/peers"
        found[name] = Peer(name, **{key: filled(value, tree) for key, value in table.items()})
    return found


def goals():
    return [Goal(**table) for table in read("goals.toml")["goal"]]
