"""What a new partner does before it is active, by kind of partner: reading of its file, and its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mutualist.domain.programme.rules.entries import Entries
from mutualist.domain.programme.rules.problems import Problem, RuleSetError

SCHEMA: Final = "checklist/1"
KEYS: Final = ("schema", "kinds", "steps")
STEP_KEYS: Final = ("id", "by", "kinds", "words")
SIDES: Final = ("partner", "vendor")
MOST_STEPS, MOST_KINDS, LONGEST = 30, 12, 200
#: Steps that every programme has; the page names them by these.
OWN: Final = ("agreement", "profile", "contact")
_ID: Final = "[a-z][a-z0-9_-]{0,39}"


def read_checklist(document: Any) -> dict[str, Any]:
    """Check a checklist as it is written, and return it as it is stored.

    Raises
    ------
    RuleSetError
        With every problem, each with its place and what would be right.

    Examples
    --------
    >>> read_checklist({"schema": "checklist/1"})
    {'schema': 'checklist/1', 'kinds': {}, 'steps': []}
    """
    found: list[Problem] = []
    top = Entries(document, "", found, KEYS)
    if top.values.get("schema") != SCHEMA and not found:
        top.note("not_checklist", value=top.values.get("schema"), known=SCHEMA)
    kinds = top.below("kinds").values
    _few(top, "kinds", kinds, MOST_KINDS)
    for name in kinds:
        if not re.fullmatch(_ID, name):
            top.note("not_key", f"kinds.{name[:40]}", value=name)
        _words(top, f"kinds.{name[:40]}", kinds[name])
    steps = list(top.listed("steps"))
    _few(top, "steps", steps, MOST_STEPS)
    taken = list(OWN)
    for step, place in steps:
        _step(Entries(step, place, found, STEP_KEYS), kinds, taken)
    if found:
        raise RuleSetError(found)
    return {"schema": SCHEMA, "kinds": dict(kinds), "steps": [step for step, _place in steps]}


def _few(top: Entries, key: str, entries: Any, most: int) -> None:
    if len(entries) > most:
        top.note("too_many", key, value=len(entries), known=most)


def _step(step: Entries, kinds: Mapping[str, Any], taken: list[str]) -> None:
    values = step.values
    for key in ("id", "by", "words"):
        if values.get(key) is None:
            step.note("missing", key=key)
    name, side = values.get("id"), values.get("by")
    if name is not None and not (isinstance(name, str) and re.fullmatch(_ID, name)):
        step.note("not_key", "id", value=name)
    elif name in taken:
        step.note("taken", "id", value=name, known=tuple(taken))
    elif name is not None:
        taken.append(name)
    if side is not None and side not in SIDES:
        step.note("unknown_value", "by", value=side, known=SIDES)
    if "kinds" in values:
        _kinds(step, values["kinds"], kinds)
    if values.get("words") is not None:
        _words(step, "words", values["words"])


def _kinds(step: Entries, given: Any, kinds: Mapping[str, Any]) -> None:
    if not isinstance(given, list):
        step.note("not_list", "kinds", value=given)
        return
    for one in given:
        if not isinstance(one, str) or one not in kinds:
            step.note("unknown_value", "kinds", value=one, known=tuple(kinds))


def _words(entries: Entries, at: str, words: Any) -> None:
    if not isinstance(words, Mapping) or set(words) != {"de", "en"}:
        entries.note("not_words", at, value=words)
    elif not all(map(_is_line, words.values())):
        entries.note("not_line", at, value=words, longest=LONGEST)


def _is_line(value: Any) -> bool:
    return (
        isinstance(value, str)
        and len(value) <= LONGEST
        and value.isprintable()
        and bool(value.strip())
    )


def checklist_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a checklist; that kinds are known and ids differ is only checked by reading.

    Examples
    --------
    >>> checklist_schema()["required"]
    ['schema']
    """
    pattern = r"^[^\u0000-\u001f\u007f]*[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$"
    line = {"type": "string", "maxLength": LONGEST, "pattern": pattern}
    words = _object({"de": line, "en": line}, ["de", "en"])
    name = {"type": "string", "pattern": f"^{_ID}$"}
    step = _object(
        {
            "id": {**name, "not": {"enum": list(OWN)}},
            "by": {"enum": list(SIDES)},
            "kinds": {"type": "array", "items": name},
            "words": words,
        },
        ["id", "by", "words"],
    )
    kinds = {
        "type": ["object", "null"],
        "maxProperties": MOST_KINDS,
        "propertyNames": name,
        "additionalProperties": words,
    }
    steps = {"type": ["array", "null"], "maxItems": MOST_STEPS, "items": step}
    whole = _object({"schema": {"const": SCHEMA}, "kinds": kinds, "steps": steps}, ["schema"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Checklist of new partners",
        **whole,
    }


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }
