"""From a mapping to lines, terms, options and contributions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from mutualist.domain.venture.fields import Fields
from mutualist.domain.venture.model import (
    LINE_KINDS,
    OPTION_TYPES,
    TERM_TYPES,
    Contribution,
    Line,
    Option,
    Periods,
    Term,
    Tier,
)

_LINE: Final = ("amount", "party", "kind", "unit", "from", "to", "at")
_TERM: Final = (
    "type", "from", "to", "amount", "price", "rate", "share", "of", "hours", "minimum", "cap", "over", "tiers",
    "first", "last", "at", "while", "when", "pool", "stakes",
)  # fmt: skip
_OPTION: Final = (
    "type", "party", "from", "cost", "to", "ends", "starts", "takes", "when", "notice",
)  # fmt: skip
#: What each type of term needs: the key of its rate, the key of its base.
PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "fixed": ("amount", ""),
    "per_unit": ("price", "of"),
    "hourly": ("rate", "hours"),
    "share": ("share", "of"),
    "reimbursement": ("share", "of"),
    "milestone": ("amount", ""),
    "equity": ("", ""),
}


def _window(
    fields: Fields, periods: Periods, first: str, last: str, *, start: int = 1
) -> tuple[int, int, tuple[int, ...]]:
    """Return first and last period, and single periods where these are given instead."""
    begin = fields.whole(first, start, low=0, high=periods.count)
    end = fields.whole(last, periods.count, low=0, high=periods.count)
    if end < begin:
        fields.note("", "ends_before", first=begin, last=end)
    at = []
    for number in fields.numbers("at"):
        if number != int(number) or not 0 <= number <= periods.count:
            fields.note("at", "out_of_range", value=number, low=0, high=periods.count)
        else:
            at.append(int(number))
    return begin, end, tuple(at)


def read_lines(top: Fields, periods: Periods) -> Mapping[str, Line]:
    """Return the lines by name."""
    found = {}
    for name, value in top.entries("lines"):
        whole = {"amount": value} if isinstance(value, str | int | float) else value
        fields = Fields(whole, f"lines.{name}", top.found, _LINE)
        first, last, at = _window(fields, periods, "from", "to")
        found[name] = Line(
            id=name,
            amount=fields.formula("amount", required=True),
            party=fields.text("party"),
            kind=fields.choice("kind", tuple(LINE_KINDS), "revenue"),
            unit=fields.text("unit"),
            first=first,
            last=last,
            at=at,
        )
    return found


def read_terms(top: Fields, periods: Periods) -> Mapping[str, Term]:
    """Return the terms by name."""
    written = top.values.get("lines")
    lines = [one for one in written if isinstance(one, str)] if isinstance(written, dict) else []
    return {name: _term(name, value, top, periods, lines) for name, value in top.entries("terms")}


def _term(name: str, value: Any, top: Fields, periods: Periods, lines: Collection[str]) -> Term:
    fields = Fields(value, f"terms.{name}", top.found, _TERM)
    kind = fields.choice("type", TERM_TYPES)
    if kind == "equity":
        return _equity(name, fields)
    rate_key, base_key = PARTS[kind]
    tiers = _tiers(fields, rate_key)
    # A part of a line is paid when the line is, at the start as well; a guaranteed minimum runs from period 1.
    follows = base_key == "of" and "minimum" not in fields and fields.values.get("of") in lines
    first, last, at = _window(fields, periods, "first", "last", start=0 if follows else 1)
    _refuse_foreign(fields, kind, rate_key, base_key)
    if kind == "milestone" and "when" not in fields and not at:
        fields.note("", "milestone_when")
    minimum, cap = fields.number("minimum", low=0), fields.number("cap", low=0)
    if minimum is not None and cap is not None and minimum > cap:
        fields.note("minimum", "low_above_high", low=minimum, high=cap)
    return Term(
        id=name,
        type=kind,
        payer=fields.text("from", required=True),
        payee=fields.text("to", required=True),
        rate=1.0 if tiers else _rate(fields, kind, rate_key),
        base=fields.formula(base_key, required=True) if base_key else "",
        minimum=minimum,
        cap=cap,
        over=fields.choice("over", ("period", "year", "total"), "period"),
        tiers=tiers,
        first=first,
        last=last,
        at=at,
        condition=fields.formula("when" if kind == "milestone" else "while"),
    )


def _rate(fields: Fields, kind: str, key: str) -> float | str:
    if kind in {"share", "reimbursement"}:
        share = fields.share(key, required=kind == "share")
        return 1.0 if share is None else share
    value = fields.raw(key, required=True)
    if isinstance(value, str):
        return value
    return fields.number(key) or 0.0


def _refuse_foreign(fields: Fields, kind: str, rate_key: str, base_key: str) -> None:
    """Name keys that belong to another type of term, instead of passing over them."""
    own = {
        "type",
        "from",
        "to",
        "minimum",
        "cap",
        "over",
        "first",
        "last",
        "at",
        rate_key,
        base_key,
    }
    own |= {"when"} if kind == "milestone" else {"while"}
    own |= {"tiers"} if kind in {"share", "per_unit"} else set()
    for key in fields.values:
        if key not in own:
            fields.note(key, "foreign_key", type=kind, known=sorted(own - {""}))


def _tiers(fields: Fields, rate_key: str) -> tuple[Tier, ...]:
    found: list[Tier] = []
    before = 0.0
    for place, entry in fields.listed("tiers"):
        row = Fields(entry, place, fields.found, ("up_to", rate_key))
        rate = row.share(rate_key, required=True) if rate_key == "share" else row.number(rate_key)
        limit = row.number("up_to", low=0)
        if limit is not None and limit <= before:
            row.note("up_to", "tier_order", value=limit, before=before)
        before = limit if limit is not None else before
        found.append(Tier(rate or 0.0, limit))
    for position, tier in enumerate(found[:-1], 1):
        if tier.up_to is None:
            fields.note(f"tiers[{position}].up_to", "tier_open")
    return tuple(found)


def _equity(name: str, fields: Fields) -> Term:
    stakes = {}
    inner = dict(fields.entries("stakes", required=True))
    shares = Fields(inner, fields.at("stakes"), fields.found, tuple(inner))
    for party in inner:
        stakes[party] = shares.share(party, required=True) or 0.0
    total = sum(stakes.values())
    if stakes and abs(total - 1) > 1e-9:
        code = "stakes_above" if total > 1 else "stakes_below"
        fields.note("stakes", code, percent=100 * total, rest=100 * (1 - total))
    for key in fields.values:
        if key not in {"type", "pool", "stakes"}:
            fields.note(key, "foreign_key", type="equity", known=("pool", "stakes"))
    return Term(id=name, type="equity", payer=fields.text("pool", required=True), stakes=stakes)


def read_options(top: Fields, periods: Periods) -> Mapping[str, Option]:
    """Return the options by name."""
    return {name: _option(name, value, top, periods) for name, value in top.entries("options")}


def _option(name: str, value: Any, top: Fields, periods: Periods) -> Option:
    fields = Fields(value, f"options.{name}", top.found, _OPTION)
    kind = fields.choice("type", OPTION_TYPES)
    start = fields.number("from", required=True)
    if start is not None and (start < 1 or start > periods.count or start != int(start)):
        code = "option_early" if start < 1 else "option_late"
        fields.note("from", code, value=start, last=periods.count)
        start = None
    if kind == "step_in" and "takes" not in fields:
        fields.note("takes", "missing")
    return Option(
        id=name,
        type=kind,
        party=fields.text("party", required=True),
        first=int(start or 1),
        cost=fields.formula("cost", required=True),
        to=fields.text("to", required=kind == "buy_out"),
        ends=fields.words("ends"),
        starts=fields.words("starts"),
        takes=fields.words("takes"),
        condition=fields.formula("when"),
        notice=fields.whole("notice", 0, high=periods.count),
    )


def read_contributions(top: Fields, periods: Periods) -> tuple[Contribution, ...]:
    """Return what the parties bring."""
    found = []
    for place, value in top.listed("contributions"):
        known = ("party", "what", "lines", "buy", "delay", "irreplaceable")
        fields = Fields(value, place, top.found, known)
        never = fields.raw("irreplaceable")
        if never is not None and not isinstance(never, bool):
            fields.note("irreplaceable", "not_truth", value=never)
        if not never and "buy" not in fields and "delay" not in fields:
            fields.note("", "contribution_how")
        found.append(
            Contribution(
                party=fields.text("party", required=True),
                what=fields.text("what", required=True),
                lines=fields.words("lines"),
                buy=fields.number("buy", low=0),
                delay=fields.whole("delay", high=periods.count) if "delay" in fields else None,
                irreplaceable=never is True,
            )
        )
    return tuple(found)
