"""How fast the six questions are: verdict, variants, ladder. CPU time, best of several runs.

Usage: python bench/bench_assess.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import yaml

from mutualist.domain.assess import Room, apply_moves, assess, builtin_ruleset, changes
from mutualist.domain.assess.ruleset import builtin_text

ROOMS = Path(__file__).parents[1] / "tests" / "vectors" / "rooms"


def best(work, runs):
    """Return the smallest CPU time of several runs, in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1000


def fresh(data):
    """Return a room that has not been computed yet; keeping its facts is part of the verdict."""
    room = Room.from_dict(data)

    def work():
        room.facts.clear()
        return assess(room)

    return work


def variants(room):
    for number in range(1000):
        assess(room.with_answers({"A": {"5.3": {"loss": number % 100, "gain": 50}}}))


def main():
    start = time.process_time()
    builtin_ruleset()
    load = (time.process_time() - start) * 1000
    pair = yaml.safe_load((ROOMS / "round1.yaml").read_text(encoding="utf-8"))
    three = {**pair, "parties": {**pair["parties"], "C": "Grauwerk KG"}}
    three["answers"] = {
        **pair["answers"],
        "C": {**pair["answers"]["B"], "5.1": [{"source": "none", "percent": 100}]},
    }
    three["answers"] = {
        p: {**a, "5.2": {"A": 40, "B": 30, "C": 30}} for p, a in three["answers"].items()
    }
    room = Room.from_dict(pair)
    rows = [
        (f"rule file, once ({len(builtin_text()) // 1000} kB)", load, None),
        ("check a room file", best(lambda: Room.from_dict(pair), 100), None),
        ("verdict of a pair", best(fresh(pair), 500), 0.3),
        ("verdict of a pair, with all texts", best(lambda: assess(room).to_dict(), 100), None),
        ("verdict of three with the matrix", best(fresh(three), 300), 1.6),
        ("1,000 what-if variants", best(lambda: variants(room), 3), 500),
        ("ladder of the worked example", best(lambda: changes(room), 5), 200),
        ("move and verdict", best(lambda: assess(apply_moves(room, ["share:B"])), 100), None),
    ]
    missed = False
    for name, took, target in rows:
        late = target is not None and took > target
        missed |= late
        print(
            f"{name:40} {took:9.3f} ms"
            + (f"   target {target:g} ms{'  MISSED' if late else ''}" if target else "")
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
