"""Rooms that tests of the library share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "rooms"


def public_rooms() -> list[dict[str, Any]]:
    """The public rooms with what is expected of them."""
    lines = (VECTORS / "public.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """A room file in which only what has a meaning is left: the order of ticks has none."""
    return json.loads(json.dumps(_plain(document)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inside) for key, inside in sorted(value.items()) if inside != ""}
    if isinstance(value, list | tuple):
        if all(isinstance(entry, str) for entry in value):
            return sorted(value)
        return [_plain(entry) for entry in value]
    return value
