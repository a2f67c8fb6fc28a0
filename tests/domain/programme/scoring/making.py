"""Facts for tests, written short: one text a row."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from domain.programme.rules.building import rules
from mutualist.domain.programme.scoring.facts import Facts, Row
from mutualist.domain.programme.scoring.score import score

DAY = dt.date(2026, 3, 31)


def value(raw: Any):
    """Return a value as facts have it: numbers exact, days from their text."""
    if isinstance(raw, str) and len(raw) == 10 and raw[4] == raw[7] == "-":
        return dt.date.fromisoformat(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return Fraction(str(raw))
    return raw


def facts(partner: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> Facts:
    """Return facts of Tauwerk; the first sale has the id ``sales-1``."""
    rows = {
        name: tuple(
            Row(f"{name}-{number}", {key: value(raw) for key, raw in row.items()})
            for number, row in enumerate(entries, 1)
        )
        for name, entries in tables.items()
    }
    own = {"id": "tauwerk", "name": "Tauwerk", **(partner or {})}
    return Facts({key: value(raw) for key, raw in own.items()}, rows)


def sale(day: str, amount: float, customer: str | None = "k", **more: Any) -> dict[str, Any]:
    """Return a sale."""
    return {"day": day, "amount": amount, "customer": customer, **more}


def exam(
    passed: str, person: str | None = "p", name: str | None = "B2", **more: Any
) -> dict[str, Any]:
    """Return a certificate."""
    return {"passed": passed, "person": person, "name": name, **more}


def link(
    since: str, ended: str | None = None, customer: str | None = "k", **more: Any
) -> dict[str, Any]:
    """Return an association with a customer."""
    return {"since": since, "ended": ended, "customer": customer, **more}


def measured(measure: dict[str, Any], of: Facts, day: dt.date = DAY, **changes: Any):
    """Return the value of a measure of the small programme."""
    read = rules(measures__people=measure, metrics__skill=None, levels=[{"id": "a"}], **changes)
    return score(of, read, day).measures["people"]


def scored(of: Facts, day: dt.date = DAY, cutoffs: Any = None, **changes: Any):
    """Return the score under the small programme, changed where a test needs it."""
    return score(of, rules(**changes), day, cutoffs=cutoffs)
