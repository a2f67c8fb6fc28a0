"""The JSON Schema of the rules of a partner programme, for editors that complete and mark mistakes while typing.

What a schema cannot say is checked by :func:`.reading.read_rules` alone: names, kinds of values, circles, dates.
"""

from __future__ import annotations

from typing import Any, Final

from mutualist.domain.programme.rules.reading import KEYS, SCHEMA
from mutualist.domain.programme.rules.reading_abilities import ABILITY
from mutualist.domain.programme.rules.reading_status import RHYTHMS
from mutualist.domain.programme.rules.reading_tables import FIELD_KINDS, MOST_DECIMALS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
_NAME = "^[A-Za-z_][A-Za-z0-9_]{0,59}$"
_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_NUMBER: Final[Schema] = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?$"}]
}
_FORMULA: Final[Schema] = {"type": ["string", "number", "boolean"]}
_DAY: Final[Schema] = {"type": ["string", "null"], "format": "date"}
_WORDS: Final[Schema] = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["de", "en"],
            "properties": {"de": _TEXT, "en": _TEXT},
        },
    ]
}
_SPAN: Final[Schema] = {"type": "string", "pattern": r"^\d{1,4} (day|week|month|quarter|year)s?$"}
_TYPED: Final[Schema] = {
    "anyOf": [
        {"enum": list(FIELD_KINDS)},
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["type"],
            "properties": {
                "type": {"enum": list(FIELD_KINDS)},
                "decimals": {"type": "integer", "minimum": 0, "maximum": MOST_DECIMALS},
            },
        },
    ]
}


def _entry(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def _named(entry: Schema) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": _NAME},
        "additionalProperties": entry,
    }


def _listed(entry: Schema) -> Schema:
    return {"type": "array", "items": entry}


_FIELDS = _named(_TYPED)
_ITEM: Final[Schema] = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "required": ["item"],
            "properties": {
                "item": {"type": ["string", "number"]},
                "words": _WORDS,
                "from": _DAY,
                "counts_from": _DAY,
                "counts_until": _DAY,
            },
        },
    ]
}
_LIST: Final[Schema] = {
    "anyOf": [
        _listed(_ITEM),
        _entry({"columns": _FIELDS, "rows": _listed(_ITEM)}, ("rows",)),
    ]
}
_TAKEN: Final[Schema] = {
    "words": _WORDS,
    "from": _TEXT,
    "where": _FORMULA,
    "take": _TEXT,
    "during": _TEXT,
    "ago": _SPAN,
}
_METRIC: Final[Schema] = {
    "words": _WORDS,
    "value": _FORMULA,
    "points": _FORMULA,
    "threshold": _FORMULA,
    "max": _FORMULA,
    "applies": _FORMULA,
    "unit": _WORDS,
    "category": _TEXT,
}
_REQUIREMENT: Final[Schema] = {
    "anyOf": [_FORMULA, _entry({"words": _WORDS, "if": _FORMULA}, ("if",))]
}
_LEVEL: Final[Schema] = _entry(
    {
        "id": _TEXT,
        "words": _WORDS,
        "badge": {"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"},
        "benefits": _listed(_WORDS),
        "requires": _listed(_REQUIREMENT),
        "cumulative": {"type": "boolean"},
    },
    ("id",),
)
_STATUS: Final[Schema] = _entry(
    {
        "rise": {"enum": list(RHYTHMS)},
        "fall": {"enum": list(RHYTHMS)},
        "review": _entry(
            {
                "months": _listed({"type": "integer", "minimum": 1, "maximum": 12}),
                "day": {"type": "integer", "minimum": 1, "maximum": 28},
            }
        ),
        "qualifies": _entry({"any_day_in": _TEXT}),
        "grace": _SPAN,
        "held": _SPAN,
        "renewal": _entry({"before": _SPAN, "after": _SPAN}),
        "frozen": {"type": ["string", "boolean", "null"]},
        "grandfathered": _FORMULA,
    }
)
_ADDS: Final[Schema] = _entry({"table": _TEXT, "row": {"type": "object"}}, ("table",))
_ACTION: Final[Schema] = _entry(
    {
        "words": _WORDS,
        "adds": {"anyOf": [_ADDS, _listed(_ADDS)]},
        "cost": _entry({"money": _NUMBER, "hours": _NUMBER}),
        "at_most": {"type": "integer", "minimum": 1},
        "days": {"type": "integer", "minimum": 0},
    },
    ("adds",),
)
_TOTAL: Final[Schema] = {
    "anyOf": [
        _FORMULA,
        _entry({"weighted": {"type": "object"}}, ("weighted",)),
    ]
}


def programme_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of the rules of a programme.

    Examples
    --------
    >>> programme_schema()["required"]
    ['schema', 'id', 'version', 'effective', 'levels']
    """
    properties: Schema = {
        "schema": {"const": SCHEMA},
        "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,59}$"},
        "version": _TEXT,
        "words": _WORDS,
        "about": _WORDS,
        "effective": _entry({"from": _DAY, "until": _DAY}, ("from",)),
        "source": _entry(
            {"title": _TEXT, "read_on": _DAY, "note": _WORDS, "address": _TEXT}, ("title",)
        ),
        "modelled_on": _TEXT,
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "exchange": _listed(
            _entry(
                {
                    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                    "from": _DAY,
                    "rate": _NUMBER,
                },
                ("currency", "from", "rate"),
            )
        ),
        "fiscal_year_starts": {"type": "integer", "minimum": 1, "maximum": 12},
        "partner": _FIELDS,
        "facts": _named(
            _entry({"words": _WORDS, "date": _TEXT, "until": _TEXT, "fields": _FIELDS}, ("date",))
        ),
        "lists": _named(_LIST),
        "numbers": _named(_NUMBER),
        "groups": _named(_entry({**_TAKEN, "by": _listed(_TEXT)}, ("from", "by"))),
        "measures": _named(_entry({**_TAKEN, "out_of": _TEXT}, ("from",))),
        "metrics": _named(_entry(_METRIC, ("value",))),
        "categories": _named(_WORDS),
        "abilities": {
            "type": "object",
            "propertyNames": {"pattern": f"^{ABILITY.pattern}$"},
            "additionalProperties": _WORDS,
        },
        "tracks": _named(
            _entry({"words": _WORDS, "metrics": _listed(_TEXT), "when": _FORMULA}, ("metrics",))
        ),
        "total": _TOTAL,
        "cap": _NUMBER,
        "levels": {"type": "array", "minItems": 1, "items": _LEVEL},
        "cumulative": {"type": "boolean"},
        "regions": _entry({"field": _TEXT}, ("field",)),
        "relative": _named(
            _entry(
                {
                    "of": _TEXT,
                    "best": {"type": ["string", "number"]},
                    "within": _TEXT,
                    "words": _WORDS,
                },
                ("of", "best"),
            )
        ),
        "status": _STATUS,
        "actions": _named(_ACTION),
        "qualified": _FORMULA,
    }
    assert set(properties) == set(KEYS)
    return {
        "$schema": DIALECT,
        "title": f"Mutualist rules of a partner programme, {SCHEMA}",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema", "id", "version", "effective", "levels"],
        "properties": properties,
    }
