"""The JSON Schema of commission rules, for editors that complete and mark mistakes while typing.

What a schema cannot say is checked by :func:`.reading.read_commission_rules` alone: sums of shares, overlapping dates, rates
that add up to more than everything.
"""

from __future__ import annotations

from typing import Any, Final

from mutualist.domain.programme.commission.fields import MAX_ENTRIES, MAX_TEXT
from mutualist.domain.programme.commission.model import NO_LEVEL
from mutualist.domain.programme.commission.reading import EACH, PER, SCHEMA

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
_NAME: Final = "^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$"
_ID: Final[Schema] = {"type": "string", "pattern": _NAME}
_IDS: Final[Schema] = {"anyOf": [_ID, {"type": "array", "items": _ID, "uniqueItems": True}]}
_TEXT: Final[Schema] = {"type": ["string", "number"], "maxLength": MAX_TEXT}
_DAY: Final[Schema] = {"type": "string", "format": "date"}
_CURRENCY: Final[Schema] = {"type": "string", "pattern": "^[A-Z]{3}$"}
_NUMBER: Final[Schema] = {"type": ["number", "string"]}
_SHARE: Final[Schema] = {
    "description": "0.15 or 15 %",
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^[^%]*\d[^%]*%?\s*$"},
    ],
}


def _entry(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def _listed(entry: Schema) -> Schema:
    return {"type": "array", "maxItems": MAX_ENTRIES, "items": entry}


_WORDS: Final[Schema] = {"anyOf": [_TEXT, _entry({"de": _TEXT, "en": _TEXT}, ("de", "en"))]}
_AMOUNTS: Final[Schema] = {
    "anyOf": [
        _NUMBER,
        {
            "type": "object",
            "propertyNames": _CURRENCY,
            "additionalProperties": _NUMBER,
        },
    ]
}


def _product() -> Schema:
    cap = {"per": {"enum": list(PER)}, "each": {"enum": list(EACH)}, "amount": _AMOUNTS}
    tier = _entry({"above": _NUMBER, "rate": _SHARE}, ("above", "rate"))
    milestone = _entry({"id": _TEXT, "words": _WORDS, "share": _SHARE}, ("id", "share"))
    spread = {
        "parts": {"type": "integer", "minimum": 1, "maximum": 120},
        "every": {"enum": ["month", "quarter", "year"]},
    }
    by_level = {"type": "object", "propertyNames": _ID, "additionalProperties": _SHARE}
    each = {"enum": ["invoice", "unit"]}
    return {
        **_entry(
            {
                "words": _WORDS,
                "kind": {"enum": ["commission", "margin"]},
                "rate": {
                    "description": f"One rate for all, or one a level; {NO_LEVEL}: partners without a level.",
                    "anyOf": [_SHARE, by_level],
                },
                "tiers": _entry(
                    {
                        "counted": {"enum": ["invoice", "year"]},
                        "applies_to": {"enum": ["slice", "whole"]},
                        "rates": _listed(tier),
                    },
                    ("rates",),
                ),
                "flat": {
                    "anyOf": [_entry({"amount": _AMOUNTS, "each": each}, ("amount",)), _AMOUNTS]
                },
                "caps": _listed(_entry(cap, ("amount",))),
                "earned": {
                    **_entry({"spread": _entry(spread), "milestones": _listed(milestone)}),
                    "minProperties": 1,
                    "maxProperties": 1,
                },
                "clawback": _entry(
                    {
                        "within_months": {"type": "integer", "minimum": 0, "maximum": 120},
                        "part": {"enum": ["whole", "unused"]},
                    }
                ),
            }
        ),
        "oneOf": [{"required": [one]} for one in ("rate", "tiers", "flat")],
    }


def commission_schema() -> Schema:
    """Return the JSON Schema of a file of the format ``commission/1``."""
    extra = _entry(
        {
            "id": _TEXT,
            "words": _WORDS,
            "rate": _SHARE,
            "products": _IDS,
            "levels": _IDS,
            "mark": _TEXT,
            "from": _DAY,
            "until": _DAY,
        },
        ("id", "rate"),
    )
    exchange = _entry(
        {"currency": _CURRENCY, "from": _DAY, "rate": _NUMBER}, ("currency", "from", "rate")
    )
    products = {
        "type": "object",
        "propertyNames": _ID,
        "minProperties": 1,
        "maxProperties": MAX_ENTRIES,
        "additionalProperties": _product(),
    }
    return {
        "$schema": DIALECT,
        "title": f"Commission rules, {SCHEMA}",
        **_entry(
            {
                "schema": {"const": SCHEMA},
                "id": _TEXT,
                "version": _TEXT,
                "words": _WORDS,
                "about": {},
                "source": {},
                "effective": _entry({"from": _DAY, "until": _DAY}, ("from",)),
                "currency": _CURRENCY,
                "payout": _CURRENCY,
                "levels": _IDS,
                "products": products,
                "additions": _listed(extra),
                "promotions": _listed(extra),
                "exchange": _listed(exchange),
                "minimum_payout": _AMOUNTS,
            },
            ("schema", "id", "version", "effective", "products"),
        ),
    }
