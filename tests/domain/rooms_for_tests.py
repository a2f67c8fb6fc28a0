"""Rooms that tests start from: the worked examples, the archetypes, changed copies."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path

import yaml

VECTORS = Path(__file__).parents[1] / "vectors" / "rooms"


@cache
def _text(name):
    return (VECTORS / name).read_text(encoding="utf-8")


def example(name):
    """Data of round1.yaml, round2.yaml or archetypes/…; a fresh copy each time."""
    return yaml.safe_load(_text(name))


def archetype(kind):
    return example(f"archetypes/{kind}.yaml")


def expected():
    return json.loads(_text("expected.json"))


def public_rooms():
    return [json.loads(line) for line in _text("public.jsonl").splitlines()]


def changed(data, **sheets):
    """A copy with some answers set: changed(room, A={"2.3": "no"}); None leaves an item out."""
    there = copy.deepcopy(data)
    for party, items in sheets.items():
        for item, value in items.items():
            if value is None:
                there["answers"][party].pop(item, None)
            else:
                there["answers"][party][item] = value
    return there


def renamed(value, names):
    """A copy with other party ids, wherever they stand (us and them do not change)."""
    if isinstance(value, dict):
        return {names.get(key, key): renamed(entry, names) for key, entry in value.items()}
    if isinstance(value, list):
        return [renamed(entry, names) for entry in value]
    return names.get(value, value) if isinstance(value, str) else value


def reordered(data, ids):
    """A copy with the parties in another order, everywhere they are listed."""
    there = copy.deepcopy(data)
    for key in ("parties", "answers"):
        there[key] = {party: there[key][party] for party in ids}
    return there
