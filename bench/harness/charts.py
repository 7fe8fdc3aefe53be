# SPDX-License-Identifier: MIT
"""SVG charts that can be read on a light and on a dark page."""
import html
import math

INK, GRID = "#777", "#bbb"
OURS, LIMIT, THEIRS = "#2f6fde", "#9a9a9a", "#d3903b"
LINES = (THEIRS, "#4f9d69", "#b5589b", "#c0504d")
WIDTH, LABEL, VALUE = 720, 130, 90


def text(x, y, what, anchor="start", size=12):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'fill="{INK}">{html.escape(what)}</text>')


def svg(height, parts, title):
    """A document; one element a line, so that a difference can be read."""
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'font-family="sans-serif" role="img" aria-label="{html.escape(title)}">')
    return "\n".join([head, *parts, "</svg>", ""])


def color(who):
    first = who.split()[0]
    return {"rondo": OURS, "raw": LIMIT}.get(first, THEIRS)


def bars(title, rows):
    """One bar a row, the shortest first; a bar that is more than ten times the median is cut."""
    rows = sorted(rows, key=lambda one: one["value"])
    longest = min(rows[-1]["value"], 10 * rows[len(rows) // 2]["value"]) or 1
    room = WIDTH - LABEL - VALUE
    parts = [text(0, 16, f"{title} ({rows[0]['unit']}, shorter is better)", size=14)]
    for place, one in enumerate(rows):
        top = 26 + place * 20
        length = max(1.0, room * min(1.0, one["value"] / longest))
        cut = " …" if one["value"] > longest else ""
        parts += [text(LABEL - 6, top + 12, one["who"], "end"),
                  f'<rect x="{LABEL}" y="{top}" width="{length:.1f}" height="15" '
                  f'fill="{color(one["who"])}"/>',
                  text(LABEL + length + 5, top + 12, f"{one['value']:g}{cut}")]
    return svg(32 + len(rows) * 20, parts, title)


def decades(low, high):
    return range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)


class Plane:
    """Both axes are logarithmic."""

    HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300, 60, 600, 30, 265

    def __init__(self, rows):
        self.across = decades(min(r["n"] for r in rows), max(r["n"] for r in rows))
        self.up = decades(min(r["value"] for r in rows), max(r["value"] for r in rows))

    def x(self, n):
        share = (math.log10(n) - self.across[0]) / max(1, len(self.across) - 1)
        return self.LEFT + share * (self.RIGHT - self.LEFT)

    def y(self, value):
        share = (math.log10(value) - self.up[0]) / max(1, len(self.up) - 1)
        return self.BOTTOM - share * (self.BOTTOM - self.TOP)

    def grid(self, unit):
        for power in self.across:
            x = self.x(10 ** power)
            yield f'<path d="M{x:.1f} {self.TOP}V{self.BOTTOM}" stroke="{GRID}" opacity="0.5"/>'
            yield text(x, self.BOTTOM + 16, f"{10 ** power:,}", "middle", 11)
        for power in self.up:
            y = self.y(10 ** power)
            yield f'<path d="M{self.LEFT} {y:.1f}H{self.RIGHT}" stroke="{GRID}" opacity="0.5"/>'
            yield text(self.LEFT - 6, y + 4, f"{10.0 ** power:g} {unit}", "end", 11)


def curves(title, rows):
    """One line for each who, over n."""
    plane = Plane(rows)
    parts = [text(0, 16, f"{title}: the cost of one, as there are more of them", size=14),
             *plane.grid(rows[0]["unit"])]
    names = list(dict.fromkeys(one["who"] for one in sorted(rows, key=lambda r: -r["value"])))
    peers = [who for who in names if color(who) == THEIRS]
    for place, who in enumerate(names):
        points = sorted((r for r in rows if r["who"] == who), key=lambda r: r["n"])
        path = "L".join(f"{plane.x(p['n']):.1f} {plane.y(p['value']):.1f}" for p in points)
        hue = LINES[peers.index(who) % len(LINES)] if who in peers else color(who)
        y = plane.TOP + 12 + place * 18
        parts += [f'<path d="M{path}" fill="none" stroke="{hue}" stroke-width="2"/>',
                  f'<path d="M{plane.RIGHT + 12} {y - 4}h16" stroke="{hue}" stroke-width="3"/>',
                  text(plane.RIGHT + 34, y, who)]
    return svg(plane.HEIGHT, parts, title)
