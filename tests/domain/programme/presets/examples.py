"""Worked examples of ``tests/vectors/programme``: rows written short, and what they have to give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from mutualist.domain.programme.presets import preset_rules
from mutualist.domain.programme.rules.model import Field, RuleSet
from mutualist.domain.programme.scoring.facts import Facts, Row

FOLDER = Path(__file__).resolve().parents[3] / "vectors" / "programme"


@dataclass(frozen=True)
class Example:
    """One worked example."""

    name: str
    rules: RuleSet
    as_of: dt.date
    facts: Facts
    expect: Mapping[str, Any]


def value(field: Field, given: Any) -> Any:
    """Return what formulas see of a value in a vector."""
    if given is None:
        return None
    if field.kind in {"number", "money"}:
        return Fraction(str(given))
    if field.kind == "date" and isinstance(given, str):
        return dt.date.fromisoformat(given)
    return given


def row_of(fields: Mapping[str, Field], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its values; beside money may stand its currency."""
    currencies = {f"{name}_currency" for name, field in fields.items() if field.kind == "money"}
    return {
        name: one if name in currencies else value(fields[name], one) for name, one in row.items()
    }


def expanded(rows: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Write out rows with ``times``; ``{n}`` counts from ``from`` or 1."""
    for row in rows:
        plain = {key: one for key, one in row.items() if key not in {"times", "from"}}
        first = row.get("from", 1)
        for n in range(first, first + row.get("times", 1)):
            yield {
                key: one.format(n=n) if isinstance(one, str) else one for key, one in plain.items()
            }


def facts_of(rules: RuleSet, given: Mapping[str, Any]) -> Facts:
    """Return the facts of an example; a table or field the rules do not have is a mistake."""
    partner = {"id": "p", "name": "Tauwerk"} | {
        name: value(rules.partner[name], one) for name, one in given.get("partner", {}).items()
    }
    rows: dict[str, tuple[Row, ...]] = {}
    for table, listed in given.items():
        if table == "partner":
            continue
        fields = rules.tables[table].fields
        rows[table] = tuple(
            Row(f"{table}-{number}", row_of(fields, row))
            for number, row in enumerate(expanded(listed), 1)
        )
    return Facts(partner, rows)


def examples() -> list[Example]:
    """Return all worked examples."""
    found: list[Example] = []
    for file in sorted(FOLDER.glob("*.yaml")):
        content = yaml.safe_load(file.read_text("utf-8"))
        for one in content["examples"]:
            where = {key: one.get(key, content[key]) for key in ("rules", "version", "as_of")}
            rules = preset_rules(where["rules"], where["version"])
            facts = facts_of(rules, one["facts"])
            name = f"{where['rules']}: {one['id']}"
            found.append(Example(name, rules, where["as_of"], facts, one["expect"]))
    return found
