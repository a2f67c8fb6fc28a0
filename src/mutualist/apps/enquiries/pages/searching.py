"""What the partner finder finds: who fits, the nearest first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mutualist.apps.enquiries import queries
from mutualist.apps.programme.public import PartnerCard
from mutualist.domain.programme.routing import Place
from mutualist.domain.programme.routing.field import kilometres, on_sphere

Row = tuple[PartnerCard, float | None]


def found(
    cards: Sequence[PartnerCard], wanted: dict[str, Any], here: Place | None, levels: Sequence[str]
) -> list[Row]:
    """Return who fits, with the distance where both places are known; the nearest first, else by name."""
    fitting = [card for card in cards if _fits(card, wanted, levels)]
    if here is None or not fitting:
        return [(card, None) for card in fitting]
    points = on_sphere([queries.place(card.country, card.postal_code) for card in fitting])
    far: Any = kilometres(points, on_sphere([here])[0])
    rows: list[Row] = [
        (card, None if math.isnan(km) else float(km)) for card, km in zip(fitting, far, strict=True)
    ]
    within = wanted.get("within")
    if within:
        rows = [row for row in rows if row[1] is not None and row[1] <= within]
    return sorted(rows, key=lambda one: (one[1] is None, one[1] or 0, one[0].name))


def _fits(card: PartnerCard, wanted: dict[str, Any], levels: Sequence[str]) -> bool:
    if wanted.get("ability") and wanted["ability"] not in card.abilities:
        return False
    if wanted.get("language") and wanted["language"] not in card.languages:
        return False
    if wanted.get("level"):
        rank = levels.index(card.level) if card.level in levels else -1
        return rank >= levels.index(wanted["level"])
    return True
