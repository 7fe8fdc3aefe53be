#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""page.py [--check]: makes bench/docs/benchmarks.md and its charts from bench/results.json.

With --check it only says whether they are what it would make.
"""
import fnmatch
import re
import sys

from harness import catalogue, charts, growth, judging, results

PAGE = catalogue.ROOT / "bench/docs/benchmarks.md"
CHARTS = PAGE.parent / "benchmarks"
TEXT = catalogue.BENCH / "page.md"


def slug(work):
    return re.sub(r"[^a-z0-9]+", "_", work.lower()).strip("_")


def sentence(text):
    return f"{text[0].upper()}{text[1:]}."


def table(head, lines, column="--:"):
    rule = "|---" + f"|{column}" * (len(head) - 1) + "|"
    return "\n".join(["| " + " | ".join(head) + " |", rule,
                      *("| " + " | ".join(line) + " |" for line in lines)])


def number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def to(one, other):
    return f"{results.ratio(one, other):.2f}" if other and other["value"] else ""


def work_table(rows):
    peer = judging.best(rows, judging.is_peer)
    lines = [(f"**{one['who']}**" if judging.is_rondo(one["who"]) else one["who"],
              number(one["value"]), f"{number(one['low'])} – {number(one['high'])}",
              to(one, peer), to(one, judging.limit_for(one["who"], rows)))
             for one in sorted(rows, key=lambda r: r["value"])]
    unit = "µs" if rows[0]["unit"] == "us" else rows[0]["unit"]
    return table(("", unit, "least – most", "to the best peer", "to raw"), lines)


def work_section(work, rows, missing):
    """A heading, the definition, a chart and the table of one work."""
    defined = {w.title: w.what for w in catalogue.works().values()}
    name = slug(work)
    yield f"{name}.svg", charts.bars(work, rows)
    what = [sentence(defined[work]), ""] if work in defined else []
    parts = [f"### {work}", "", *what, f"![{work}](benchmarks/{name}.svg)", "",
             work_table(rows), ""]
    absent = [who for who, why in missing.items() if "no such work" not in why]
    if absent:
        parts += ["Did not take part: " + "; ".join(f"{w}: {missing[w]}" for w in absent) + ".", ""]
    yield None, "\n".join(parts)


def curve_section(work, rows):
    name = slug(work)
    yield f"{name}.svg", charts.curves(work.removeprefix("growth "), rows)
    sizes = sorted({one["n"] for one in rows})
    value = {(one["who"], one["n"]): number(one["value"]) for one in rows}
    lines = [(who, *(value.get((who, n), "") for n in sizes))
             for who in dict.fromkeys(one["who"] for one in rows)]
    yield None, "\n".join([f"### {work.removeprefix('growth ').capitalize()}", "",
                           sentence(growth.CURVES[work][1]), "",
                           f"![{work}](benchmarks/{name}.svg)", "",
                           table(("ns each, for n =", *(f"{n:,}" for n in sizes)), lines), ""])


def goals_table(rows):
    lines = [(v.work, f"{v.who} {v.text}", "held" if v.held else "**missed**")
             for v in judging.judge(rows)]
    return table(("work", "goal", ""), lines, "---")


def headers_table(rows):
    seconds = {r["who"]: r["value"] for r in rows if r["work"] == "compile header, seconds"}
    lines = [(f"`{r['who']}`", number(r["value"]), f"{seconds[r['who']]:.2f}")
             for r in rows if r["work"] == "compile header, lines"]
    return table(("header", "lines", "seconds"), sorted(lines)) if lines else "Not measured yet."


def hello_table(rows):
    seconds = {r["who"]: r["value"] for r in rows if r["work"] == "compile hello, seconds"}
    lines = [(r["who"], number(r["value"]), f"{seconds[r['who']]:.2f}")
             for r in rows if r["work"] == "compile hello, lines"]
    return table(("hello", "lines", "seconds"), lines)


def machine_table(everything):
    lines = [*everything["machine"].items(), *everything["versions"].items()]
    return table(("", ""), [(name, str(what)) for name, what in lines], "---")


def collect(sections):
    """The text of sections, and their charts: {name: svg}."""
    pieces = [piece for section in sections for piece in section]
    return "\n".join(t for name, t in pieces if not name), {n: t for n, t in pieces if n}


def make():
    """{path: text} of all that is generated."""
    everything = results.load()
    rows, missing = everything["rows"], everything["missing"]

    def of(pattern):
        found = {}
        for one in rows:
            if fnmatch.fnmatch(one["work"], pattern):
                found.setdefault(one["work"], []).append(one)
        return found

    order = {w.title: place for place, w in enumerate(catalogue.works().values())}
    costs = {work: r for work, r in of("B[0-9]*").items() if not work.endswith(" throughput")}
    named = sorted(costs.items(), key=lambda item: (order.get(item[0], 999), item[0]))
    work, work_charts = collect(work_section(w, r, missing.get(w, {})) for w, r in named)
    curves, curve_charts = collect(curve_section(w, r) for w, r in of("growth *").items())
    fill = {"machine": machine_table(everything), "goals": goals_table(rows), "work": work,
            "growth": curves, "hello": hello_table(rows), "headers": headers_table(rows)}
    page = TEXT.read_text("utf-8")
    for name, text in fill.items():
        page = page.replace(f"{{{name}}}", text.strip())
    drawn = {CHARTS / name: svg for name, svg in {**work_charts, **curve_charts}.items()}
    return {PAGE: page, **drawn}


def write():
    made = make()
    CHARTS.mkdir(exist_ok=True)
    for old in CHARTS.glob("*.svg"):
        if old not in made:
            old.unlink()
    for path, text in made.items():
        path.write_text(text, "utf-8")


def faults():
    made = make()
    for path, text in made.items():
        if not path.is_file() or path.read_text("utf-8") != text:
            yield f"{path.relative_to(catalogue.ROOT)}: is not what the results make of it"
    for path in CHARTS.glob("*.svg"):
        if path not in made:
            yield f"{path.relative_to(catalogue.ROOT)}: nothing in the results belongs to it"


def main(arguments):
    if "--check" not in arguments:
        return write()
    found = list(faults())
    print(*found, sep="\n")
    print(f"benchmarks: {len(found)} faults; python3 bench/page.py makes the page")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
