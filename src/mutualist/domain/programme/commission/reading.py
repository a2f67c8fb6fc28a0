"""From a mapping to checked commission rules."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, Literal, cast

from mutualist.domain.programme.commission.fields import Fields
from mutualist.domain.programme.commission.model import (
    NO_LEVEL,
    Cap,
    Clawback,
    CommissionRules,
    Each,
    Exchange,
    Extra,
    Per,
    Product,
    Rate,
    Schedule,
    Tier,
)
from mutualist.domain.programme.commission.problems import CommissionError, Problem

SCHEMA: Final = "commission/1"
_TOP: Final = (
    "schema", "id", "version", "words", "about", "source", "effective", "currency", "payout", "levels", "products",
    "additions", "promotions", "exchange", "minimum_payout",
)  # fmt: skip
_PRODUCT: Final = ("words", "kind", "rate", "tiers", "flat", "caps", "earned", "clawback")
_TIERS: Final = ("counted", "rates", "applies_to")
_FLAT: Final = ("amount", "each")
_CAP: Final = ("per", "each", "amount")
_EARNED: Final = ("spread", "milestones")
_SPREAD: Final = ("parts", "every")
_MILESTONE: Final = ("id", "words", "share")
_EXTRA: Final = ("id", "words", "rate", "products", "levels", "mark", "from", "until")
_EXCHANGE: Final = ("currency", "from", "rate")
PER: Final = ("subscription", "customer", "partner", "invoice")
EACH: Final = ("month", "year", "ever")


def read_commission_rules(source: Any) -> CommissionRules:
    """Check commission rules and return them as frozen values.

    Parameters
    ----------
    source
        The mapping of a file of the format ``commission/1``.

    Raises
    ------
    CommissionError
        With everything that is wrong, each with its place and a remedy.

    Examples
    --------
    >>> rules = read_commission_rules({
    ...     "schema": "commission/1", "id": "own", "version": "1", "effective": {"from": "2026-01-01"},
    ...     "levels": ["silver", "gold"], "products": {"licence": {"rate": {"silver": "15 %", "gold": "20 %"}}},
    ... })
    >>> rules.products["licence"].rate.by_level["gold"]
    Fraction(1, 5)
    """
    found: list[Problem] = []
    top = Fields(source, "", found, _TOP)
    if top.raw("schema", required=True) not in {None, SCHEMA}:
        top.note("schema", "wrong_schema", value=top.values["schema"], allowed=SCHEMA)
    currency = top.currency("currency", "EUR")
    levels = top.names("levels")
    effective = Fields(
        top.raw("effective", required=True) or {}, "effective", found, ("from", "until")
    )
    first, last = effective.day("from", required="effective" in top), effective.day("until")
    if first and last and last < first:
        effective.note("until", "ends_before", first=first, last=last)
    products = {
        name: _product(name, Fields(value, f"products.{name}", found, _PRODUCT), currency, levels)
        for name, value in top.entries("products")
    }
    if not products and not found:
        top.note("products", "missing")
    known = tuple(products)
    additions = tuple(
        _extra(Fields(v, at, found, _EXTRA), known, levels) for at, v in top.listed("additions")
    )
    promotions = tuple(
        _extra(Fields(v, at, found, _EXTRA), known, levels) for at, v in top.listed("promotions")
    )
    rules = CommissionRules(
        id=top.text("id", required=True),
        version=top.text("version", required=True),
        words=top.words("words", top.text("id", "commission")),
        first=first,  # type: ignore[arg-type] # a missing day is a problem that ends in the error below
        last=last,
        currency=currency,
        payout=top.currency("payout", ""),
        levels=levels,
        products=products,
        additions=additions,
        promotions=promotions,
        exchange=_exchange(top, currency),
        minimum=top.amounts("minimum_payout", currency),
    )
    _check_together(top, rules)
    if found:
        raise CommissionError(found)
    return rules


def _product(name: str, fields: Fields, currency: str, levels: tuple[str, ...]) -> Product:
    given = [key for key in ("rate", "tiers", "flat") if key in fields]
    kind = fields.choice("kind", ("commission", "margin"), "commission")
    if len(given) != 1:
        fields.note("", "one_rate", found=given or None)
        rate = Rate()
    elif given == ["flat"]:
        rate = _flat(fields, currency)
    elif given == ["tiers"]:
        rate = _tiers(fields)
    else:
        rate = _by_level(fields, levels)
    if kind == "margin" and given == ["flat"]:
        fields.note("flat", "flat_margin")
    return Product(
        id=name,
        words=fields.words("words", name),
        kind=cast('Literal["commission", "margin"]', kind),
        rate=rate,
        caps=tuple(
            _cap(f"{name}.{at}", Fields(value, place, fields.found, _CAP), currency)
            for at, (place, value) in enumerate(fields.listed("caps"), 1)
        ),
        schedule=_schedule(fields),
        clawback=_clawback(fields),
    )


def _by_level(fields: Fields, levels: tuple[str, ...]) -> Rate:
    value = fields.raw("rate")
    if not isinstance(value, Mapping):
        share = fields.share("rate", value) or Fraction(0)
        return Rate(by_level=dict.fromkeys((NO_LEVEL, *levels), share))
    inner = Fields(value, fields.at("rate"), fields.found, (NO_LEVEL, *levels))
    shares = {NO_LEVEL: Fraction(0)}
    for level in (NO_LEVEL, *levels):
        if level in inner:
            shares[level] = inner.share(level, inner.values[level]) or Fraction(0)
        elif level != NO_LEVEL:
            inner.note(level, "level_without_rate", level=level)
    return Rate(by_level=shares)


def _flat(fields: Fields, currency: str) -> Rate:
    value = fields.raw("flat")
    if not isinstance(value, Mapping) or not {"amount", "each"} & set(value):
        return Rate(flat=fields.amounts("flat", currency))
    inner = Fields(value, fields.at("flat"), fields.found, _FLAT)
    inner.raw("amount", required=True)
    each = inner.choice("each", ("invoice", "unit"), "invoice")
    return Rate(flat=inner.amounts("amount", currency), each_unit=each == "unit")


def _tiers(fields: Fields) -> Rate:
    inner = Fields(fields.raw("tiers"), fields.at("tiers"), fields.found, _TIERS)
    inner.raw("rates", required=True)
    tiers = []
    for place, value in inner.listed("rates"):
        row = Fields(value, place, fields.found, ("above", "rate"))
        above = row.number("above", row.raw("above", required=True) or 0)
        share = row.share("rate", row.raw("rate", required=True) or 0)
        tiers.append(Tier(above or Fraction(0), share or Fraction(0)))
    bounds = [tier.above for tier in tiers]
    if tiers and (bounds[0] != 0 or any(a >= b for a, b in pairwise(bounds))):
        inner.note("rates", "tiers_order", found=[str(bound) for bound in bounds])
    return Rate(
        tiers=tuple(tiers),
        counted=cast(
            'Literal["invoice", "year"]', inner.choice("counted", ("invoice", "year"), "invoice")
        ),
        whole=inner.choice("applies_to", ("slice", "whole"), "slice") == "whole",
    )


def _cap(name: str, fields: Fields, currency: str) -> Cap:
    if fields.raw("amount", required=True) == {}:
        fields.note("amount", "cap_without_amount")
    return Cap(
        id=name,
        per=cast("Per", fields.choice("per", PER, "subscription")),
        each=cast("Each", fields.choice("each", EACH, "year")),
        amounts=fields.amounts("amount", currency),
    )


def _schedule(fields: Fields) -> Schedule:
    if "earned" not in fields:
        return Schedule()
    inner = Fields(fields.raw("earned"), fields.at("earned"), fields.found, _EARNED)
    if ("spread" in inner) == ("milestones" in inner):
        inner.note("", "spread_or_milestones")
        return Schedule()
    if "spread" in inner:
        spread = Fields(inner.raw("spread"), inner.at("spread"), fields.found, _SPREAD)
        parts = spread.whole("parts", low=1, high=120, default=1) or 1
        every = spread.choice("every", ("month", "quarter", "year"), "year")
        return Schedule(parts=parts, every=cast('Literal["month", "quarter", "year"]', every))
    stones, words = [], {}
    for place, value in inner.listed("milestones"):
        row = Fields(value, place, fields.found, _MILESTONE)
        name = row.text("id", required=True)
        if name in words:
            row.note("id", "twice", value=name)
        words[name] = row.words("words", name)
        stones.append(
            (name, row.share("share", row.raw("share", required=True) or 0) or Fraction(0))
        )
    total = sum((share for _name, share in stones), Fraction(0))
    if total != 1:
        inner.note("milestones", "shares_sum", total=total)
    return Schedule(milestones=tuple(stones), words=words)


def _clawback(fields: Fields) -> Clawback:
    if "clawback" not in fields:
        return Clawback()
    inner = Fields(
        fields.raw("clawback"), fields.at("clawback"), fields.found, ("within_months", "part")
    )
    return Clawback(
        within=inner.whole("within_months", low=0, high=120),
        part=cast('Literal["whole", "unused"]', inner.choice("part", ("whole", "unused"), "whole")),
    )


def _extra(fields: Fields, products: tuple[str, ...], levels: tuple[str, ...]) -> Extra:
    name = fields.text("id", required=True)
    first, last = fields.day("from"), fields.day("until")
    if first and last and last < first:
        fields.note("until", "ends_before", first=first, last=last)
    return Extra(
        id=name,
        words=fields.words("words", name),
        rate=fields.share("rate", fields.raw("rate", required=True) or 0) or Fraction(0),
        products=frozenset(fields.names("products", products)),
        levels=frozenset(fields.names("levels", (NO_LEVEL, *levels))),
        mark=fields.text("mark"),
        first=first,
        last=last,
    )


def _exchange(top: Fields, currency: str) -> tuple[Exchange, ...]:
    rows: list[Exchange] = []
    for place, value in top.listed("exchange"):
        row = Fields(value, place, top.found, _EXCHANGE)
        name, since = row.currency("currency", ""), row.day("from", required=True)
        rate = row.number("rate", row.raw("rate", required=True) or 0)
        if not name or name == currency:
            row.note("currency", "own_rate", value=name, currency=currency)
        if rate is not None and rate <= 0:
            row.note("rate", "rate_not_positive", value=row.raw("rate"))
        if since is None or rate is None or rate <= 0:
            continue
        if any(one.currency == name and one.since == since for one in rows):
            row.note("from", "two_rates", currency=name, day=since)
        rows.append(Exchange(name, since, rate))
    return tuple(sorted(rows, key=lambda one: (one.currency, one.since)))


def _check_together(top: Fields, rules: CommissionRules) -> None:
    """Check what no single field shows: extras of one name, rates that add up to more than everything."""
    names = [extra.id for extra in (*rules.additions, *rules.promotions)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        top.note("additions", "twice", value=name)
    for product in rules.products.values():
        for level in (NO_LEVEL, *rules.levels):
            most = product.rate.by_level.get(level, Fraction(0))
            most = max((most, *(tier.rate for tier in product.rate.tiers)))
            most += sum(
                (
                    extra.rate
                    for extra in rules.additions
                    if (not extra.products or product.id in extra.products)
                    and (not extra.levels or level in extra.levels)
                ),
                Fraction(0),
            )
            if most > 1 and not product.rate.flat:
                top.note(
                    f"products.{product.id}",
                    "adds_up",
                    level=level,
                    total=most,
                )
