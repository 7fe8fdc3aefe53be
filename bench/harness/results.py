# SPDX-License-Identifier: MIT
"""bench/results.json: the one file that all measurements go to and the page is made from.

A row is {"work": "B7 64x64", "who": "rondo epoll", "value": 3.8, "unit": "us", "low": 3.7,
"high": 4.1, "turns": [3.9, 3.7, ...]}: the median of what was measured turn by turn, and the least
and the greatest. A row that belongs to a curve has an "n" besides. "missing" says who did not take
part in what, and why.
"""
import json
import statistics

from .catalogue import BENCH

FILE = BENCH / "results.json"
EMPTY = {"machine": {}, "versions": {}, "missing": {}, "rows": []}


def rounded(value):
    return float(f"{value:.4g}")


def row(work, who, unit, values, **more):
    """The row of these runs."""
    return {"work": work, "who": who, "value": rounded(statistics.median(values)), "unit": unit,
            "low": rounded(min(values)), "high": rounded(max(values)),
            "turns": [rounded(v) for v in values], **more}


def ratio(one, other):
    """How many times as dear as the other one (for 1/s: how many times as slow): the median of the
    ratios of turns that were neighbours, so that a machine that drifts disturbs it little."""
    mine, theirs = one.get("turns", ()), other.get("turns", ())
    if len(mine) != len(theirs) or not mine:
        mine, theirs = [one["value"]], [other["value"]]
    if one["unit"] == "1/s":
        mine, theirs = theirs, mine
    return statistics.median(a / b for a, b in zip(mine, theirs) if b)


def load(file=FILE):
    return json.loads(file.read_text("utf-8")) if file.exists() else dict(EMPTY, rows=[])


def key(one):
    return one["work"], one["who"], one.get("n", 0)


def merge(machine, versions, rows, missing, file=FILE):
    """Puts new rows in the place of those of the same work and who. Rows of another machine cannot
    stand beside them: they are dropped. Gives all there are, and how many were dropped."""
    old = load(file)
    kept, dropped = old, 0
    if old["machine"] not in ({}, machine):
        kept, dropped = dict(EMPTY), len(old["rows"])
    measured = {key(one) for one in rows}
    together = [one for one in kept["rows"] if key(one) not in measured] + rows
    works = {one["work"] for one in rows}
    still_missing = {work: who for work, who in kept["missing"].items() if work not in works}
    everything = {"machine": machine, "versions": {**kept["versions"], **versions},
                  "missing": dict(sorted({**still_missing, **missing}.items())),
                  "rows": sorted(together, key=key)}
    write(everything, file)
    return everything, dropped


def write(everything, file=FILE):
    """One line a row, so that a difference between two measurements can be read."""
    def block(name):
        return f" {json.dumps(name)}: {json.dumps(everything[name], ensure_ascii=False)}"

    rows = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in everything["rows"])
    head = ",\n".join(block(name) for name in ("machine", "versions", "missing"))
    file.write_text(f'{{\n{head},\n "rows": [\n{rows}\n ]\n}}\n', "utf-8")
