"""Read how levels are held over time, and what partners can do to get on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, cast

from mutualist.domain.programme.rules import model
from mutualist.domain.programme.rules.entries import Entries
from mutualist.domain.programme.rules.formulas import Scope
from mutualist.domain.programme.rules.model import Words
from mutualist.domain.programme.rules.problems import Problem
from mutualist.domain.programme.rules.reading_tables import value_of
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.rules.windows import Span, read_span

RHYTHMS = ("at once", "monthly", "quarterly", "yearly", "at review")
_MONTHS = re.compile(r"(\d{1,2}) (?:calendar )?months?")


def read_status(entries: Entries, scope: Scope) -> model.Status:
    """Read how a level is held over time."""
    known = (
        *("rise", "fall", "review", "qualifies", "grace", "held", "renewal", "frozen"),
        "grandfathered",
    )
    inner = entries.below("status", known)
    review = inner.below("review", ("months", "day"))
    months = [month for month, _at in review.listed("months")]
    if any(isinstance(month, bool) or month not in range(1, 13) for month in months):
        review.note("not_whole", "months", value=months, low=1, high=12)
        months = []
    renewal = inner.below("renewal", ("before", "after"))
    return model.Status(
        rise=cast("Any", inner.choice("rise", RHYTHMS, "at once")),
        fall=cast("Any", inner.choice("fall", RHYTHMS, "at review")),
        review_months=tuple(sorted(set(months)))
        or (entries.whole("fiscal_year_starts", 1, 12, 1),),
        review_day=review.whole("day", 1, 28, 1),
        any_day_in=_any_day(inner),
        grace=inner.span("grace"),
        held=inner.span("held"),
        renewal_before=renewal.span("before"),
        renewal_after=renewal.span("after"),
        frozen=inner.choice("frozen", ("programme year", ""), "") != "",
        grandfathered=inner.formula("grandfathered", scope, "flag"),
    )


def _any_day(inner: Entries) -> int:
    text = inner.below("qualifies", ("any_day_in",)).text("any_day_in")
    if not text:
        return 0
    found = _MONTHS.fullmatch(text)
    if found is None or not int(found[1]):
        inner.note("not_span", "qualifies.any_day_in", value=text)
        return 0
    return int(found[1])


def read_steps(entries: Entries, tables: Mapping[str, model.FactTable]) -> dict[str, model.Step]:
    """Read what partners can do."""
    found: dict[str, model.Step] = {}
    for name, value, place in entries.named("actions"):
        inner = Entries(value, place, entries.found, ("words", "adds", "cost", "at_most", "days"))
        adds = inner.values.get("adds")
        several = adds if isinstance(adds, list | tuple) else [adds]
        made = [_adds(one, f"{place}.adds", entries.found, tables) for one in several]
        cost = inner.below("cost", ("money", "hours"))
        found[name] = model.Step(
            name,
            inner.words("words", name) or Words(name, name),
            tuple(one for one in made if one is not None),
            cost.number("money") or Fraction(0),
            cost.number("hours") or Fraction(0),
            inner.whole("at_most", 1, 1000, 1),
            inner.whole("days", 0, 3650, 0),
        )
    return found


def _adds(
    value: Any, place: str, found: list[Problem], tables: Mapping[str, model.FactTable]
) -> model.Adds | None:
    inner = Entries(value, place, found, ("table", "row"))
    name = inner.text("table", needed=True)
    if name not in tables:
        if name:
            inner.note("unknown_value", "table", value=name, known=list(tables))
        return None
    fields = tables[name].fields
    row: dict[str, Value | Span] = {}
    for key, entry in inner.below("row", list(fields)).values.items():
        if key not in fields:
            continue
        kind = fields[key].value_kind
        span = _ago(entry) if kind == "date" else None
        row[key] = span or value_of(entry, kind)
        if row[key] is None:
            inner.note("value_kind", f"row.{key}", value=entry, known=kind)
    return model.Adds(name, MappingProxyType(row))


def _ago(value: Any) -> Span | None:
    if not isinstance(value, str):
        return None
    if value.startswith("last "):
        return read_span(f"1 {value.removeprefix('last ')}")
    return read_span(value.removesuffix(" ago"))
