"""The JSON Schema of a venture file, made from the same lists that the reader uses.

What a schema cannot say is checked by :func:`mutualist.domain.venture.read_description` alone: names, units, circles,
likelihoods that add up, correlations that can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mutualist.domain.venture.fields import MAX_ENTRIES, MAX_NAME, MAX_NUMBER
from mutualist.domain.venture.model import FAMILIES, LINE_KINDS, OPTION_TYPES, PER_YEAR, TERM_TYPES
from mutualist.domain.venture.reading import MAX_PARTIES, MAX_PERIODS, SCHEMA

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
_NUMBER: Final[Schema] = {"type": "number", "minimum": -MAX_NUMBER, "maximum": MAX_NUMBER}
_POSITIVE: Final[Schema] = {"type": "number", "minimum": 0, "maximum": MAX_NUMBER}
_TEXT: Final[Schema] = {"type": "string", "maxLength": MAX_NAME}
_FORMULA: Final[Schema] = {"type": ["string", "number"]}
_SHARE: Final[Schema] = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\s*\d+([.,]\d+)?\s*%\s*$"},
    ]
}
_PERIOD: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": MAX_PERIODS}
_PERIODS: Final[Schema] = {"anyOf": [_PERIOD, {"type": "array", "items": _PERIOD}]}
_NAMES: Final[Schema] = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_ID: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,39}$"}


def venture_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a venture file.

    Examples
    --------
    >>> venture_schema()["required"]
    ['periods', 'parties']
    """
    return {
        "$schema": DIALECT,
        "title": f"Mutualist venture, {SCHEMA}",
        "type": "object",
        "additionalProperties": False,
        "required": ["periods", "parties"],
        "properties": {
            "schema": {"const": SCHEMA},
            "name": _TEXT,
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "periods": _mapping(
                {
                    "unit": {"enum": list(PER_YEAR)},
                    "count": {"type": "integer", "minimum": 1, "maximum": MAX_PERIODS},
                    "start": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
                },
                ["unit", "count"],
            ),
            "parties": {**_named(_party()), "minProperties": 1, "maxProperties": MAX_PARTIES},
            "pools": _named({"type": ["object", "null"]}),
            "drivers": _named({"anyOf": [{"type": "number"}, _driver()]}),
            "events": _named(_event()),
            "tables": _named(_table()),
            "profiles": _named(_profile()),
            "correlations": _list({"between": _pair(), "rank": _rank()}, ["between", "rank"]),
            "lines": _named({"anyOf": [_FORMULA, _line()]}),
            "terms": _named(_term()),
            "options": _named(_option()),
            "contributions": _list(_contribution(), ["party", "what"]),
        },
    }


def _mapping(properties: Mapping[str, Schema], required: list[str] | None = None) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required or [],
        "properties": dict(properties),
    }


def _named(entry: Schema) -> Schema:
    limits = {"propertyNames": _ID, "maxProperties": MAX_ENTRIES}
    return {"type": "object", **limits, "additionalProperties": entry}


def _list(properties: Mapping[str, Schema], required: list[str]) -> Schema:
    return {"type": "array", "maxItems": MAX_ENTRIES, "items": _mapping(properties, required)}


def _pair() -> Schema:
    return {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2, "uniqueItems": True}


def _rank() -> Schema:
    return {"type": "number", "minimum": -1, "maximum": 1}


def _party() -> Schema:
    business = _mapping(
        {
            "mean": _NUMBER,
            "sd": _POSITIVE,
            "correlation": {"type": "object", "additionalProperties": _rank()},
        },
        ["mean", "sd"],
    )
    return _mapping(
        {
            "name": _TEXT,
            "discount": {"type": "number", "minimum": -0.5, "maximum": 10},
            "size": _POSITIVE,
            "revenue": _POSITIVE,
            "risk_tolerance": _POSITIVE,
            "best_alternative": _NUMBER,
            "pain_limit": _POSITIVE,
            "business": business,
        },
        ["discount"],
    )


def _driver() -> Schema:
    ways = (["low", "likely", "high"], ["min", "max"], ["mean", "sd"], ["value"])
    figures = (
        "low",
        "likely",
        "high",
        "min",
        "mode",
        "max",
        "mean",
        "value",
        "at_least",
        "at_most",
    )
    described = _mapping(
        {
            "unit": _TEXT,
            "family": {"enum": list(FAMILIES)},
            **dict.fromkeys(figures, _NUMBER),
            "sd": _POSITIVE,
            "profile": _NAMES,
            "each": {"enum": ["once", "period"]},
            "persistence": {"type": "number", "minimum": -0.999, "maximum": 0.999},
        }
    )
    return {**described, "oneOf": [{"required": way} for way in ways]}


def _event() -> Schema:
    return _mapping(
        {"probability": _SHARE, "from": _PERIOD, "to": _PERIOD, "delay": _PERIOD, "lines": _NAMES},
        ["probability"],
    )


def _table() -> Schema:
    row = {
        "type": "object",
        "required": ["probability"],
        "properties": {"name": _TEXT, "probability": _SHARE},
        "additionalProperties": _NUMBER,
    }
    columns = {"type": "object", "propertyNames": _ID, "additionalProperties": _TEXT}
    return _mapping(
        {
            "columns": columns,
            "rows": {"type": "array", "minItems": 1, "maxItems": MAX_ENTRIES, "items": row},
        },
        ["columns", "rows"],
    )


def _profile() -> Schema:
    return _mapping(
        {
            "kind": {"enum": ["ramp", "growth", "seasons", "values"]},
            "from": _NUMBER,
            "to": _NUMBER,
            "periods": {"type": "integer", "minimum": 1, "maximum": MAX_PERIODS},
            "rate": {"type": "number", "minimum": -0.99, "maximum": 100},
            "factors": {"type": "array", "items": _NUMBER, "minItems": 1},
        },
        ["kind"],
    )


def _line() -> Schema:
    return _mapping(
        {
            "amount": _FORMULA,
            "party": _TEXT,
            "kind": {"enum": list(LINE_KINDS)},
            "unit": _TEXT,
            "from": _PERIOD,
            "to": _PERIOD,
            "at": _PERIODS,
        },
        ["amount"],
    )


def _term() -> Schema:
    tier = _mapping({"up_to": _POSITIVE, "share": _SHARE, "price": _NUMBER})
    return _mapping(
        {
            "type": {"enum": list(TERM_TYPES)},
            **dict.fromkeys(("from", "to", "pool"), _TEXT),
            **dict.fromkeys(("amount", "price", "rate", "of", "hours", "while", "when"), _FORMULA),
            "share": _SHARE,
            "minimum": _POSITIVE,
            "cap": _POSITIVE,
            "over": {"enum": ["period", "year", "total"]},
            "tiers": {"type": "array", "items": tier},
            "first": _PERIOD,
            "last": _PERIOD,
            "at": _PERIODS,
            "stakes": {"type": "object", "additionalProperties": _SHARE},
        },
        ["type"],
    )


def _option() -> Schema:
    return _mapping(
        {
            "type": {"enum": list(OPTION_TYPES)},
            "party": _TEXT,
            "from": {**_PERIOD, "minimum": 1},
            "cost": _FORMULA,
            "to": _TEXT,
            **dict.fromkeys(("ends", "starts", "takes"), _NAMES),
            "when": _FORMULA,
            "notice": _PERIOD,
        },
        ["type", "party", "from", "cost"],
    )


def _contribution() -> Mapping[str, Schema]:
    return {
        "party": _TEXT,
        "what": _TEXT,
        "lines": _NAMES,
        "buy": _POSITIVE,
        "delay": _PERIOD,
        "irreplaceable": {"type": "boolean"},
    }
