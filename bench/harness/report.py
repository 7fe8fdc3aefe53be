# SPDX-License-Identifier: MIT
"""What `./dev bench` prints."""
from . import judging, results


def ratio(one, other):
    return f"{results.ratio(one, other):9.2f}" if other and other["value"] else " " * 9


def print_work(work, rows, missing):
    """The rows of one work, best first, beside the best peer and the limit."""
    print(f"\n{work}" + (f"   [{rows[0]['unit']}]" if rows else ""))
    print(f"  {'':18}{'median':>10}{'least':>10}{'most':>10}{'to peer':>9}{'to raw':>9}")
    peer = judging.best(rows, judging.is_peer)
    for one in sorted(rows, key=lambda r: r["value"]):
        limit = judging.limit_for(one["who"], rows)
        print(f"  {one['who']:18}{one['value']:10g}{one['low']:10g}{one['high']:10g}"
              f"{ratio(one, peer)}{ratio(one, limit)}")
    for who, why in missing.items():
        print(f"  {who:18} - {why}")


def print_curves(rows):
    for work in dict.fromkeys(one["work"] for one in rows):
        print(f"\n{work}   [{next(r['unit'] for r in rows if r['work'] == work)} an item]")
        for who in dict.fromkeys(one["who"] for one in rows if one["work"] == work):
            points = [one for one in rows if (one["work"], one["who"]) == (work, who)]
            print(f"  {who:12}" + "".join(f"{p['n']:>9}:{p['value']:8g}" for p in points))


def print_verdicts(verdicts):
    """Gives whether all goals hold."""
    verdicts = list(verdicts)
    print("\ngoals" if verdicts else "\nno goals for this")
    for v in verdicts:
        print(f"  {'held  ' if v.held else 'MISSED'}  {v.work}: {v.who} {v.text}")
    return all(v.held for v in verdicts)
