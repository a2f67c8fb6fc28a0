"""The JSON Schema of a room file, made from the rule file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mutualist.domain.assess.facts import UNKNOWN
from mutualist.domain.assess.model import Field, Item, Ruleset
from mutualist.domain.assess.rooms import RESERVED

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PARTY = {"$ref": "#/$defs/party"}
Schema = dict[str, Any]
DONT_KNOW: Schema = {"const": UNKNOWN}
_PATTERNS: Mapping[str, Schema] = {
    "month": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "date": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])$"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "proof": {"type": "integer", "minimum": 0, "maximum": 4},
}


def room_schema(ruleset: Ruleset) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a room file.

    What a schema cannot say is checked by :func:`mutualist.domain.assess.check_room` alone: sums of 100 points, that a
    named party is one of the room, that it is not the answering party itself.

    Parameters
    ----------
    ruleset
        The rule file.

    Examples
    --------
    >>> from mutualist.domain.assess import builtin_ruleset
    >>> room_schema(builtin_ruleset())["required"]
    ['ruleset', 'parties']
    """
    sheet = {
        "header": _mapping(ruleset.header.values()),
        **{number: _answer(item, ruleset) for number, item in ruleset.items.items()},
    }
    return {
        "$schema": DIALECT,
        "title": f"Mutualist room, rules {ruleset.version}",
        "type": "object",
        "additionalProperties": False,
        "required": ["ruleset", "parties"],
        "properties": {
            "ruleset": {"const": ruleset.version},
            "frame": _mapping(ruleset.frame.values()),
            "parties": {
                "description": "Party id to name.",
                "type": "object",
                "minProperties": 2,
                "propertyNames": PARTY,
                "additionalProperties": {"type": "string", "minLength": 1},
            },
            "answers": {
                "description": "Party id to item number to answer.",
                "type": "object",
                "propertyNames": PARTY,
                "additionalProperties": {"$ref": "#/$defs/sheet"},
            },
        },
        "$defs": {
            "party": {
                "type": "string",
                "pattern": "^[A-Za-z][A-Za-z0-9_]{0,15}$",
                "not": {"enum": sorted(RESERVED)},
            },
            "sheet": {"type": "object", "additionalProperties": False, "properties": sheet},
        },
    }


def _answer(item: Item, ruleset: Ruleset) -> Schema:
    single = _single(item, ruleset)
    ways = [DONT_KNOW, *single]
    if item.counterpart:
        ways.append(
            {
                "description": "Per other party.",
                "type": "object",
                "minProperties": 1,
                "propertyNames": PARTY,
                "additionalProperties": {"anyOf": [DONT_KNOW, *single]},
            }
        )
    return {"description": f"{item.number} {item.words.en}", "anyOf": ways}


def _single(item: Item, ruleset: Ruleset) -> list[Schema]:  # noqa: PLR0911 - one return a type
    match item.type:
        case "text":
            return [{"type": "string", "maxLength": int(item.high or 0)}]
        case "points":
            return [_points(item)]
        case "choice":
            return [{"enum": list(item.keys)}]
        case "owner":
            return [{"enum": list(item.keys)}, PARTY]
        case "level" | "number":
            return [_number(item.low, item.high, whole=item.whole)]
        case "pledges":
            return [_pledges(item, ruleset)]
        case "rows":
            return [_rows(item)]
    ways = [_mapping(item.fields.values())]
    if item.short:
        ways.append(_field(item.fields[item.short]))
    return ways


def _points(item: Item) -> Schema:
    points = {"type": "integer", "minimum": 0, "maximum": 100}
    schema: Schema = {"description": "Adds up to 100.", "type": "object", "minProperties": 1}
    if item.keys:
        return {
            **schema,
            "additionalProperties": False,
            "properties": dict.fromkeys(item.keys, points),
        }
    return {**schema, "propertyNames": PARTY, "additionalProperties": points}


def _pledges(item: Item, ruleset: Ruleset) -> Schema:
    answer = {"enum": list(item.keys)}
    properties = {
        pledge.key: {"description": pledge.words.en, **answer} for pledge in ruleset.pledges
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _rows(item: Item) -> Schema:
    row = _mapping(item.fields.values(), dont_know=False)
    row["required"] = [field.name for field in item.fields.values() if field.required]
    schema: Schema = {"type": "array", "items": row}
    if item.row_min:
        schema["minItems"] = item.row_min
    if not item.rows_per_party:
        schema["maxItems"] = item.row_max
    return schema


def _mapping(fields: Iterable[Field], *, dont_know: bool = True) -> Schema:
    properties: dict[str, Mapping[str, Any]] = {}
    for field in fields:
        schema = _field(field)
        properties[field.name] = {"anyOf": [DONT_KNOW, schema]} if dont_know else schema
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _field(field: Field) -> Schema:  # noqa: PLR0911 - one return a type
    match field.type:
        case "text":
            return {"type": "string"}
        case "choice":
            schema = {"enum": list(field.keys)}
            return {"anyOf": [schema, PARTY]} if field.parties else schema
        case "number" | "amount":
            return _number(field.low, field.high, whole=field.whole)
        case "list":
            return {"type": "array", "items": {"enum": list(field.keys)}}
        case "levels":
            level = _number(field.low, field.high, whole=True)
            return {
                "type": "object",
                "additionalProperties": False,
                "properties": dict.fromkeys(field.keys, level),
            }
        case "party":
            return dict(PARTY)
        case "payer":
            return {"anyOf": [{"const": "customer"}, PARTY]}
    return dict(_PATTERNS[field.type])


def _number(low: float | None, high: float | None, *, whole: bool) -> Schema:
    schema: Schema = {"type": "integer" if whole else "number"}
    if low is not None:
        schema["minimum"] = low
    if high is not None:
        schema["maximum"] = high
    return schema
