"""Whether terms and options make sense: parties, units, shares above a whole, payments made twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from mutualist.domain.venture.model import Description, Option, Term
from mutualist.domain.venture.naming import Names, unknown
from mutualist.domain.venture.problems import Problem
from mutualist.domain.venture.unit_check import ANY, CONDITION, Measure, said
from mutualist.domain.venture.units import MONEY, times

#: How far a sum of shares may go above a whole by rounding.
CLOSE = 1e-9


def check_terms(description: Description, book: Names) -> Iterator[Problem]:
    """Yield what is wrong with the terms."""
    for term in description.terms.values():
        yield from _ends(description, term)
        _units(term, book)
        yield from book.take()
    yield from _pools(description)
    yield from _twice(description)
    yield from _above_whole(description)


def _ends(description: Description, term: Term) -> Iterator[Problem]:
    place = f"terms.{term.id}"
    everybody = (*description.parties, *description.pools)
    if term.type == "equity":
        if term.payer not in description.pools:
            yield unknown(f"{place}.pool", term.payer, description.pools, "pool")
        for party in term.stakes:
            if party not in description.parties:
                yield unknown(f"{place}.stakes", party, description.parties, "party")
        return
    for key, name in (("from", term.payer), ("to", term.payee)):
        if name not in everybody:
            yield unknown(f"{place}.{key}", name, everybody, "party")
    if term.payer == term.payee:
        yield Problem(place, "own_party", {"party": term.payer})


def _units(term: Term, book: Names) -> None:
    place = f"terms.{term.id}"
    if term.condition:
        key = "when" if term.type == "milestone" else "while"
        book.of(f"{place}.{key}", term.condition, CONDITION)
    rate_unit = None
    if isinstance(term.rate, str):
        wanted = MONEY if term.type in {"fixed", "milestone"} else None
        key = {"per_unit": "price", "hourly": "rate"}.get(term.type, "amount")
        rate_unit = book.of(f"{place}.{key}", term.rate, wanted)
    if not term.base:
        return
    if term.type in {"share", "reimbursement"}:
        book.of(f"{place}.of", term.base, MONEY)
        return
    key = "hours" if term.type == "hourly" else "of"
    base_unit = book.of(f"{place}.{key}", term.base)
    if base_unit == MONEY:
        book.problems.append(Problem(f"{place}.{key}", "base_money", {"type": term.type}))
    elif rate_unit is not None and ANY not in {rate_unit, base_unit}:
        _product(f"{place}.{key}", rate_unit, base_unit, book)


def _product(place: str, rate: Measure, base: Measure, book: Names) -> None:
    """Note a rate and a base that do not make money."""
    if not isinstance(rate, str) and not isinstance(base, str) and times(rate, base) != MONEY:
        values = {"wanted": "money", "found": said(times(rate, base))}
        book.problems.append(Problem(place, "wrong_unit", values))


def _pools(description: Description) -> Iterator[Problem]:
    """Yield pools whose rest goes to nobody or to somebody twice."""
    equity = [term for term in description.terms.values() if term.type == "equity"]
    for pool in description.pools:
        shared = [term.id for term in equity if term.payer == pool]
        if not shared:
            yield Problem(f"pools.{pool}", "pool_open", {"pool": pool})
        for other in shared[1:]:
            values = {"first": shared[0], "pool": pool}
            yield Problem(f"terms.{other}", "pool_twice", values)


def _overlap(one: Term, other: Term) -> bool:
    def periods(term: Term) -> set[int]:
        return set(term.at) or set(range(term.first, term.last + 1))

    return not one.condition and not other.condition and bool(periods(one) & periods(other))


def _same(text: str) -> str:
    return "".join(text.split())


def _twice(description: Description) -> Iterator[Problem]:
    plain = [term for term in description.terms.values() if term.type != "equity"]
    for one, other in combinations(plain, 2):
        ends = (one.type, one.payer, one.payee, _same(one.base))
        if ends != (other.type, other.payer, other.payee, _same(other.base)):
            continue
        same_rate = bool(one.base) or one.rate == other.rate
        if same_rate and _overlap(one, other):
            values = {"first": one.id, "payer": one.payer, "payee": one.payee}
            yield Problem(f"terms.{other.id}", "pays_twice", values)


def _above_whole(description: Description) -> Iterator[Problem]:
    """Yield lines of which more than all is given away by one payer, or paid back more than once."""
    sums: dict[tuple[str, str, str], list[Term]] = {}
    for term in description.terms.values():
        if term.type in {"share", "reimbursement"}:
            key = (term.payer if term.type == "share" else "", term.type, _same(term.base))
            sums.setdefault(key, []).append(term)
    for terms in sums.values():
        highest = [max((tier.rate for tier in t.tiers), default=_plain(t)) for t in terms]
        total = sum(highest)
        if len(terms) > 1 and total > 1 + CLOSE and _all_overlap(terms):
            values = {"percent": 100 * total, "base": terms[0].base, "terms": [t.id for t in terms]}
            yield Problem(f"terms.{terms[-1].id}.share", "shares_sum", values)


def _plain(term: Term) -> float:
    return term.rate if isinstance(term.rate, float) else 0.0


def _all_overlap(terms: list[Term]) -> bool:
    return all(_overlap(one, other) for one, other in combinations(terms, 2))


def check_options(description: Description, book: Names) -> Iterator[Problem]:
    """Yield what is wrong with the options."""
    for option in description.options.values():
        yield from _option(description, option)
        place = f"options.{option.id}"
        book.of(f"{place}.cost", option.cost, MONEY)
        if option.condition:
            book.of(f"{place}.when", option.condition, CONDITION)
        yield from book.take()


def _option(description: Description, option: Option) -> Iterator[Problem]:
    place = f"options.{option.id}"
    if option.party not in description.parties:
        yield unknown(f"{place}.party", option.party, description.parties, "party")
    if option.to and option.to not in description.parties:
        yield unknown(f"{place}.to", option.to, description.parties, "party")
    if option.to and option.to == option.party:
        yield Problem(place, "own_party", {"party": option.party})
    for name in option.ends:
        if name not in description.terms:
            yield unknown(f"{place}.ends", name, description.terms, "term")
    for key, names in (("starts", option.starts), ("takes", option.takes)):
        for name in names:
            if name not in description.lines:
                yield unknown(f"{place}.{key}", name, description.lines, "line")
