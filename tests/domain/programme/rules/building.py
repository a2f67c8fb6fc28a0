"""Small rule sets for tests: a programme of sales, customers and certificates, changed where a test needs it."""

from __future__ import annotations

import copy
import re
from typing import Any

from mutualist.domain.programme.rules.problems import RuleSetError
from mutualist.domain.programme.rules.reading import read_rules

BASE: dict[str, Any] = {
    "schema": "programme/1",
    "id": "small",
    "version": "1",
    "words": {"de": "Kleines Programm", "en": "Small programme"},
    "effective": {"from": "2026-01-01"},
    "currency": "EUR",
    "exchange": [
        {"currency": "USD", "from": "2026-01-01", "rate": 0.9},
        {"currency": "USD", "from": "2026-07-01", "rate": "0.8"},
    ],
    "partner": {"country": "text", "staff": "number", "enrolled": "date", "special": "flag"},
    "facts": {
        "sales": {
            "date": "day",
            "fields": {"customer": "text", "amount": "money", "region": "text", "paid": "flag"},
        },
        "links": {
            "date": "since",
            "until": "ended",
            "fields": {"customer": "text", "kind": "text"},
        },
        "exams": {
            "date": "passed",
            "until": "expires",
            "fields": {"person": "text", "name": "text", "mark": "number"},
        },
    },
    "lists": {
        "basic": [{"item": "B1", "counts_until": "2026-06-30"}, {"item": "B2"}],
        "releases": [
            {"item": "16", "from": "2024-01-01"},
            {"item": "17", "from": "2025-01-01"},
            {"item": "18", "from": "2026-01-01"},
        ],
        "rates": {
            "columns": {"rate": "number"},
            "rows": [{"item": "a", "rate": 2}, {"item": "b", "rate": 0.5}],
        },
    },
    "numbers": {"full": 1000},
    "groups": {"bought": {"from": "sales", "by": ["customer"], "take": "sum(amount)"}},
    "measures": {
        "sold": {"words": {"de": "Umsatz", "en": "Sales"}, "from": "sales", "take": "sum(amount)"},
        "people": {
            "words": {"de": "Menschen", "en": "People"},
            "from": "exams",
            "where": "valid(name, basic)",
            "take": "count(distinct person)",
        },
    },
    "metrics": {
        "revenue": {
            "words": {"de": "Umsatz mit Kunden", "en": "Revenue"},
            "value": "sold",
            "points": "linear(value, full, 60)",
            "max": 60,
            "unit": {"de": "EUR", "en": "EUR"},
        },
        "skill": {
            "words": {"de": "Können", "en": "Skill"},
            "value": "people",
            "points": "linear(value, 4, 40)",
            "max": 40,
        },
    },
    "levels": [
        {"id": "member", "words": {"de": "Mitglied", "en": "Member"}, "requires": []},
        {
            "id": "gold",
            "words": {"de": "Gold", "en": "Gold"},
            "requires": [
                {"words": {"de": "70 Punkte", "en": "70 points"}, "if": "total >= 70"},
                {"if": "all_positive()"},
            ],
        },
    ],
}


def mapping(**changes: Any) -> dict[str, Any]:
    """Return the small programme with parts replaced; None takes a part away.

    ``metrics__skill__points="2"`` reaches further in.
    """
    document = copy.deepcopy(BASE)
    for path, value in changes.items():
        *way, last = path.split("__")
        part = document
        for key in way:
            part = part.setdefault(key, {})
        if value is None:
            part.pop(last, None)
        else:
            part[last] = value
    return document


def rules(**changes: Any):
    """Return the small programme, read."""
    return read_rules(mapping(**changes))


def problems(document: Any) -> list[tuple[str, str]]:
    """Return place and code of everything that is wrong; each has a sentence in both languages."""
    try:
        read_rules(document)
    except RuleSetError as error:
        for problem in error.problems:
            assert problem.message("de") != problem.message("en")
            assert not re.search(r"\{[a-z]+\}", problem.message("en") + problem.message("de"))
        return [(one.place, one.code) for one in error.problems]
    return []
