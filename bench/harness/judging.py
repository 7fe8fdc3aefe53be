# SPDX-License-Identifier: MIT
"""Compares rows with the goals of bench/goals.toml."""
import dataclasses
import fnmatch

from . import catalogue, results


@dataclasses.dataclass
class Verdict:
    work: str
    who: str
    value: float
    at_most: float
    text: str

    @property
    def held(self):
        return self.value <= self.at_most


def is_rondo(who):
    return who.split()[0] == "rondo"


def spins(who):
    """Whoever does takes all of a core's time, so that its CPU time compares with nobody's."""
    return who.endswith(" spinning")


def is_limit(who):
    return who.split()[0] == "raw" and not spins(who)


def is_peer(who):
    return who.split()[0] not in ("rondo", "raw")


def is_cpp(who):
    named = catalogue.peers().get(who)
    return is_peer(who) and named is not None and named.cpp


def best(rows, belongs):
    return min((one for one in rows if belongs(one["who"])), key=lambda one: one["value"],
               default=None)


def limit_for(who, rows):
    """The limit by the same compiler, where there is one."""
    other = who.removeprefix("rondo")
    return best(rows, lambda name: name == "raw" + other) or best(rows, is_limit)


def compared_with(to, who, rows):
    """The row that a goal compares with."""
    if to == "raw":
        return limit_for(who, rows)
    return best(rows, {"peer": is_peer, "cpp": is_cpp}.get(to, lambda name: name == to))


def judge_one(goal, mine, rows):
    if not goal.to:
        return Verdict(mine["work"], mine["who"], mine["value"], goal.at_most,
                       f"{mine['value']:g} {mine['unit']}, at most {goal.at_most:g}")
    other = compared_with(goal.to, mine["who"], rows)
    if other is None:
        return None
    ratio = round(results.ratio(mine, other), 2)
    return Verdict(mine["work"], mine["who"], ratio, goal.at_most,
                   f"{ratio:g} x {other['who']}, at most {goal.at_most:g}")


def mine_in(goal, rows):
    """Rondo's row: the one that is named, or the better of `rondo epoll` and `rondo io_uring`."""
    return (best(rows, lambda who: who == goal.who)
            or best(rows, lambda who: who.startswith(f"{goal.who} ") and not spins(who)))


def curve_verdicts(goal, rows):
    """The dearest point of each of rondo's curves over its first."""
    for work in sorted({one["work"] for one in rows if fnmatch.fnmatch(one["work"], goal.work)}):
        curve = sorted((one for one in rows if one["work"] == work and one["who"] == goal.who),
                       key=lambda one: one["n"])
        if curve:
            ratio = round(max(one["value"] for one in curve) / curve[0]["value"], 2)
            yield Verdict(work, goal.who, ratio, goal.at_most,
                          f"{ratio:g} x from end to end, at most {goal.at_most:g}")


def judge(rows):
    """The verdicts on everything that was measured."""
    for goal in catalogue.goals():
        if goal.to == "curve":
            yield from curve_verdicts(goal, [one for one in rows if "n" in one])
            continue
        for work in dict.fromkeys(one["work"] for one in rows if "n" not in one):
            same = [one for one in rows if one["work"] == work and "n" not in one]
            mine = mine_in(goal, same) if fnmatch.fnmatch(work, goal.work) else None
            verdict = mine and judge_one(goal, mine, same)
            if verdict:
                yield verdict
