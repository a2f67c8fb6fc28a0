"""Read a rule set from a mapping: everything that is wrong is said at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from mutualist.domain.programme.rules import model, trees
from mutualist.domain.programme.rules.entries import Entries
from mutualist.domain.programme.rules.formulas import Scope
from mutualist.domain.programme.rules.model import RuleSet, Words
from mutualist.domain.programme.rules.problems import Problem, RuleSetError
from mutualist.domain.programme.rules.reading_abilities import read_abilities
from mutualist.domain.programme.rules.reading_levels import (
    in_order,
    metric_names,
    read_levels,
    read_metrics,
    read_relative,
    read_total,
    read_tracks,
    sums,
    with_names,
)
from mutualist.domain.programme.rules.reading_status import read_status, read_steps
from mutualist.domain.programme.rules.reading_tables import (
    Groups,
    read_fields,
    read_lists,
    read_measures,
    read_tables,
)
from mutualist.domain.programme.rules.trees import Tree

SCHEMA = "programme/1"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_CURRENCY = re.compile(r"[A-Z]{3}")
KEYS = (
    *("schema", "id", "version", "words", "about", "effective", "source", "modelled_on"),
    *("currency", "exchange", "fiscal_year_starts", "partner", "facts", "lists", "numbers"),
    *("groups", "measures", "metrics", "tracks", "total", "cap", "levels", "cumulative"),
    *("regions", "relative", "status", "actions", "qualified", "categories"),
    "abilities",
)


def read_rules(source: Mapping[str, Any]) -> RuleSet:
    """Read a rule set.

    Parameters
    ----------
    source
        The content of a rule file, as YAML or JSON gives it.

    Returns
    -------
    RuleSet
        With all formulas checked.

    Raises
    ------
    RuleSetError
        With every problem found, each with its place, in German and English.

    Examples
    --------
    >>> rules = read_rules({
    ...     "schema": "programme/1", "id": "small", "version": "1", "effective": {"from": "2026-01-01"},
    ...     "facts": {"sales": {"date": "day", "fields": {"amount": "number"}}},
    ...     "measures": {"sold": {"from": "sales", "take": "sum(amount)"}},
    ...     "levels": [{"id": "gold", "requires": ["sold >= 100"]}],
    ... })
    >>> rules.levels[0].requires[0].condition.text
    'sold >= 100'
    """
    found: list[Problem] = []
    entries = Entries(source, "", found, KEYS)
    if not entries.values:
        raise RuleSetError(found or [Problem("", "missing", {"key": "schema"})])
    rules = _read(entries)
    if found:
        raise RuleSetError(dict.fromkeys(found, None))
    return rules


def _read(entries: Entries) -> RuleSet:
    if entries.values.get("schema") != SCHEMA:
        entries.note("wrong_schema", value=entries.values.get("schema"), known=SCHEMA)
    partner = {
        "id": model.Field("id", "text"),
        "name": model.Field("name", "text"),
        **read_fields(entries, "partner"),
    }
    tables, lists = read_tables(entries), read_lists(entries)
    numbers = _numbers(entries)
    constants: dict[str, Tree] = {
        name: trees.Const("number", number) for name, number in numbers.items()
    }
    basis = Scope(partner=partner, lists=lists, names=constants)
    groups = Groups(entries, tables, basis)
    for name in groups:
        groups.group(name)
    measures = read_measures(entries, groups)
    _unique(entries)
    scope = with_names(
        Scope(partner=partner, lists=lists, names=constants),
        {
            **{name: trees.MeasureOf(one.kind, name) for name, one in measures.items()},
            **metric_names(entries),
        },
    )
    relative = read_relative(entries, measures, partner)
    categories = {
        name: words
        for name, _value, _place in entries.named("categories")
        if (words := entries.below("categories").words(name)) is not None
    }
    metrics = read_metrics(entries, scope, categories)
    tracks = read_tracks(entries, metrics, scope)
    levels, above = read_levels(entries, tracks, with_names(scope, sums(categories, metrics)))
    dates = entries.below("effective", ("from", "until"))
    since, until = dates.date("from", needed=True), dates.date("until")
    if since and until and until < since:
        dates.note("dates_swapped", value=until, known=since)
    return RuleSet(
        id=_id(entries),
        version=entries.text("version", needed=True),
        words=entries.words("words", entries.text("id") or "programme") or Words("", ""),
        about=entries.words("about"),
        since=since or dt.date.min,
        until=until,
        origin=_origin(entries),
        currency=_currency(entries, "currency", "EUR"),
        exchange=_exchange(entries),
        fiscal_start=entries.whole("fiscal_year_starts", 1, 12, 1),
        partner=MappingProxyType(partner),
        tables=MappingProxyType(tables),
        lists=MappingProxyType(lists),
        numbers=MappingProxyType(numbers),
        groups=MappingProxyType(groups.read),
        measures=MappingProxyType(measures),
        metrics=MappingProxyType(in_order(metrics, relative, entries.found)),
        categories=MappingProxyType(categories),
        tracks=MappingProxyType(tracks),
        total=read_total(entries, metrics, tracks, scope),
        levels=levels,
        regions=_regions(entries, tables),
        relative=MappingProxyType(relative),
        status=read_status(entries, above),
        steps=MappingProxyType(read_steps(entries, tables)),
        qualified=entries.formula("qualified", above, "flag"),
        abilities=MappingProxyType(read_abilities(entries)),
    )


def _numbers(entries: Entries) -> dict[str, Fraction]:
    inner = entries.below("numbers")
    found: dict[str, Fraction] = {}
    for name, _value, _place in entries.named("numbers"):
        number = inner.number(name, needed=True)
        if number is not None:
            found[name] = number
    return found


def _unique(entries: Entries) -> None:
    """One name stands for one thing in formulas, and for one thing that can be looked into."""
    for sections in (("numbers", "measures", "metrics", "relative"), ("groups", "lists")):
        seen: dict[str, str] = {}
        for section in sections:
            for name in entries.below(section).values:
                if name in seen:
                    entries.note("taken", f"{section}.{name}", value=name, known=seen[name])
                seen.setdefault(name, section)


def _id(entries: Entries) -> str:
    value = entries.text("id", needed=True)
    if value and not _ID.fullmatch(value):
        entries.note("not_id", "id", value=value)
    return value


def _currency(entries: Entries, key: str, default: str) -> str:
    value = entries.text(key, default=default)
    if not _CURRENCY.fullmatch(value):
        entries.note("not_currency", key, value=value)
        return default
    return value


def _exchange(entries: Entries) -> tuple[model.Rate, ...]:
    found: list[model.Rate] = []
    for value, place in entries.listed("exchange"):
        inner = Entries(value, place, entries.found, ("currency", "from", "rate"))
        since, rate = inner.date("from", needed=True), inner.number("rate", needed=True)
        if rate is not None and rate <= 0:
            inner.note("not_positive", "rate", value=inner.values["rate"])
        elif since and rate:
            found.append(model.Rate(_currency(inner, "currency", "XXX"), since, rate))
    return tuple(sorted(found, key=lambda one: (one.currency, one.since)))


def _origin(entries: Entries) -> model.Origin | None:
    if "source" not in entries.values:
        return None
    inner = entries.below("source", ("title", "read_on", "note", "address"))
    return model.Origin(
        inner.text("title", needed=True), inner.date("read_on"), inner.words("note")
    )


def _regions(entries: Entries, tables: Mapping[str, model.FactTable]) -> str:
    if "regions" not in entries.values:
        return ""
    inner = entries.below("regions", ("field",))
    name = inner.text("field", needed=True)
    known = sorted(
        {
            one.name
            for table in tables.values()
            for one in table.fields.values()
            if one.kind == "text"
        }
    )
    if name and name not in known:
        inner.note("unknown_value", "field", value=name, known=known)
        return ""
    if entries.values.get("relative"):
        inner.note("regions_relative")
    return name
