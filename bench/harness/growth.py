# SPDX-License-Identifier: MIT
"""The cost of an item as there are more of them: rows that have an n."""
from . import measuring
from .catalogue import Work
from .results import row

# What ./dev bench calls them, and what each is.
NAMES = {"growth_tasks": "growth tasks", "growth_sleepers": "growth sleepers",
         "growth_timers": "growth timers"}
CURVES = {
    "growth tasks": ("spawn_all_warm", "tasks spawned, then awaited, when their memory is warm"),
    "growth sleepers": ("sleepers_warm", "tasks that sleep, one to wake in each µs"),
    "growth timers": ("timer_among", "a timer created and cancelled among n that are pending"),
}
SIZES = (1_000, 10_000, 100_000, 1_000_000)
WHO = ("rondo", "raw", "Asio", "Tokio", "Go")


def measure(peers, runs, names):
    peers = [p for p in peers if p.name in WHO]
    values, missing = {}, {}
    for title in (NAMES[name] for name in names):
        program, what = CURVES[title]
        work = Work(program, title, what, "ns", 0)
        for turn in range(1, runs + 1):
            for n in SIZES:
                for peer in measuring.in_order_of(turn, peers):
                    measuring.progress(f"{title}: {n:,}, run {turn} of {runs}, {peer.name}")
                    try:
                        figures = measuring.run_program(peer, work, n)
                        values.setdefault((title, peer.name, n), []).append(figures["cpu"])
                    except (measuring.NotOffered, measuring.Failed) as error:
                        missing.setdefault(title, {})[peer.name] = str(error)
    measuring.progress("")
    return [row(title, who, "ns", v, n=n) for (title, who, n), v in values.items()], missing
