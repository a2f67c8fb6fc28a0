"""Run the properties of the instrument at full size and print the figures (instrument 5.9).

Usage: python bench/properties.py [share]     share of the full size, 1 by default
"""

from __future__ import annotations

import copy
import itertools
import sys
from collections import Counter
from pathlib import Path
from random import Random

import yaml

from mutualist.domain.assess import Room, apply_moves, assess, builtin_ruleset
from mutualist.domain.assess.sampling import Odds, Sampler

ROOMS = Path(__file__).parents[1] / "tests" / "vectors" / "rooms"
RULES = builtin_ruleset()
FULL = Odds(0, 0.3, 0.3)
GROWING = ["loss", *(f"{m}:A" for m in (*(f"P{n}" for n in range(1, 11)), "budget", "years"))]


def draw(seed, parties=("A", "B"), odds=FULL):
    return Sampler(RULES, Random(seed), odds).room(parties)


def renamed(value, names):
    if isinstance(value, dict):
        return {names.get(key, key): renamed(entry, names) for key, entry in value.items()}
    if isinstance(value, list):
        return [renamed(entry, names) for entry in value]
    return names.get(value, value) if isinstance(value, str) else value


def reordered(data, ids):
    return {**data, **{key: {p: data[key][p] for p in ids} for key in ("parties", "answers")}}


def figures(data):
    return assess(Room.from_dict(data)).result_file()


def neutral(found):
    return (
        found["kind"],
        found["scores"],
        found["measures"],
        found["load"],
        found["conflicts"],
        found["distance"],
    )


def chance(count, parties):
    return Counter(
        assess(Room.from_dict(draw(seed, parties, Odds()))).kind for seed in range(count)
    )


def order(count):
    wrong = sum(figures(reordered(d, ("B", "A"))) != figures(d) for d in map(draw, range(count)))
    names = {"A": "north", "B": "Zed"}
    ids = sum(
        neutral(figures(renamed(d, names))) != neutral(figures(d)) for d in map(draw, range(count))
    )
    return wrong, ids


def order_of_three(count):
    wrong = orders = 0
    for seed in range(count):
        data = draw(seed, ("A", "B", "C"))
        found = figures(data)
        for ids in itertools.permutations(("A", "B", "C")):
            orders += 1
            wrong += figures(reordered(data, ids)) != found
    return wrong, orders


def monotone(count, parties):
    wrong = 0
    for seed in range(count):
        room = Room.from_dict(draw(seed, parties))
        before = assess(room).exact["P"]
        wrong += any(
            assess(apply_moves(room, [move])).exact["P"] < before - 1e-9 for move in GROWING
        )
    return wrong


def milder(count, parties):
    wrong = 0
    for seed in range(count):
        room = Room.from_dict(draw(seed, parties))
        before = assess(room).conflicts
        for move in ("exclusive:A", "P1:A"):
            after = assess(apply_moves(room, [move])).conflicts
            wrong += any(severity > before.get(name, 0) for name, severity in after.items())
    return wrong


def noise(kind, changed, runs):
    data = yaml.safe_load((ROOMS / "archetypes" / f"{kind}.yaml").read_text(encoding="utf-8"))
    rng = Random(2026)
    sampler = Sampler(RULES, rng)
    places = [(party, item) for party in ("A", "B") for item in RULES.items.values()]
    kept = 0
    for _ in range(runs):
        there = copy.deepcopy(data)
        for party, item in rng.sample(places, changed):
            there["answers"][party][item.number] = sampler.answer(item, party, ("A", "B"))
        kept += assess(Room.from_dict(there)).kind == kind
    return kept / runs


def main():
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0

    def size(number):
        return max(1, int(number * share))

    for count, parties in ((size(20000), ("A", "B")), (size(5000), ("A", "B", "C"))):
        kinds = ", ".join(
            f"{kind} {100 * n / count:.2f} %" for kind, n in chance(count, parties).most_common()
        )
        print(f"{count} random rooms of {len(parties)}: {kinds}", flush=True)
    wrong, ids = order(size(4000))
    print(f"other order {wrong}, other ids {ids} differences in {size(4000)} pairs", flush=True)
    print(
        "order of three: {} differences in {} orders".format(*order_of_three(size(726))), flush=True
    )
    print(f"monotone P: {monotone(size(4000), ('A', 'B'))} violations in {size(4000)} pairs, "
          f"{monotone(size(500), ('A', 'B', 'C')) + monotone(size(500), ('A', 'B', 'C', 'D'))} in {2 * size(500)} rooms",
          flush=True)  # fmt: skip
    print(f"asking for less raises a conflict: {milder(size(4000), ('A', 'B'))} in {size(4000)} pairs, "
          f"{milder(size(500), ('A', 'B', 'C')) + milder(size(500), ('A', 'B', 'C', 'D'))} in {2 * size(500)} rooms",
          flush=True)  # fmt: skip
    for kind in ("true_partnership", "supplier", "distributor", "logo"):
        kept = ", ".join(f"k={k}: {100 * noise(kind, k, size(1000)):.1f} %" for k in (1, 4, 6))
        print(f"noise, {kind} kept: {kept}", flush=True)


if __name__ == "__main__":
    main()
