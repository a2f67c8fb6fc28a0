"""What can only be checked when the whole venture is known: names, circles, units, who pays whom twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mutualist.domain.venture.correlation import is_possible, matrix_of, rank_of_normal, worst_pair
from mutualist.domain.venture.model import Description, Line
from mutualist.domain.venture.naming import Names, unknown
from mutualist.domain.venture.problems import Problem
from mutualist.domain.venture.term_checks import check_options, check_terms
from mutualist.domain.venture.unit_check import ANY, Measure, said
from mutualist.domain.venture.units import MONEY


def check_description(description: Description, *, complete: bool) -> list[Problem]:
    """Return what does not fit together.

    Parameters
    ----------
    description
        As it was read, perhaps with problems.
    complete
        Whether every single value could be read; correlations are only judged then.
    """
    book = Names(description)
    found = [*_names_once(description), *book.problems]
    found += _lines(description, book)
    found += check_terms(description, book)
    found += check_options(description, book)
    found += _references(description)
    if complete and not found:
        found += _correlations(description)
    return found


def business_name(party: str) -> str:
    """Return the name under which a party's own business is drawn."""
    return f"business:{party}"


def _names_once(description: Description) -> Iterator[Problem]:
    """Yield names that mean two things."""
    owners: dict[str, str] = {}
    sections: list[tuple[str, Iterable[str]]] = [
        ("drivers", description.drivers),
        ("events", description.events),
        ("profiles", description.profiles),
        *((f"tables.{one.id}.columns", one.columns) for one in description.tables.values()),
        ("lines", description.lines),
    ]
    for section, entries in sections:
        for name in entries:
            if name in owners:
                yield Problem(f"{section}.{name}", "name_twice", {"other": owners[name]})
            owners.setdefault(name, section)
    for pool in description.pools:
        if pool in description.parties:
            yield Problem(f"pools.{pool}", "name_twice", {"other": "parties"})


def _lines(description: Description, book: Names) -> Iterator[Problem]:
    book.problems.clear()
    owners = (*description.parties, *description.pools)
    for line in description.lines.values():
        if line.party and line.party not in owners:
            yield unknown(f"lines.{line.id}.party", line.party, owners, "party")
        if line.party and book.units.get(line.id, ANY) not in {MONEY, ANY}:
            yield _not_money(line, book.units[line.id])


def _not_money(line: Line, unit: Measure) -> Problem:
    return Problem(f"lines.{line.id}.amount", "line_money", {"found": said(unit)})


def _references(description: Description) -> Iterator[Problem]:
    for driver in description.drivers.values():
        for name in driver.profiles:
            if name not in description.profiles:
                place = f"drivers.{driver.id}.profile"
                yield unknown(place, name, description.profiles, "profile")
    for event in description.events.values():
        for name in event.lines:
            if name not in description.lines:
                yield unknown(f"events.{event.id}.lines", name, description.lines, "line")
    yield from _contributions(description)


def _contributions(description: Description) -> Iterator[Problem]:
    for position, one in enumerate(description.contributions, 1):
        place = f"contributions[{position}]"
        if one.party not in description.parties:
            yield unknown(f"{place}.party", one.party, description.parties, "party")
        for name in one.lines:
            if name not in description.lines:
                yield unknown(f"{place}.lines", name, description.lines, "line")


def pairs(description: Description) -> dict[tuple[str, str], tuple[float, str]]:
    """Return rank correlation and place per pair, those of the parties' own business included."""
    found = {}
    for position, one in enumerate(description.correlations, 1):
        found[one.first, one.second] = one.rank, f"correlations[{position}]"
    for party in description.parties.values():
        if party.business is not None:
            for driver, rank in party.business.correlation.items():
                place = f"parties.{party.id}.business.correlation.{driver}"
                found[driver, business_name(party.id)] = rank, place
    return found


def _correlations(description: Description) -> Iterator[Problem]:
    known = [name for name, driver in description.drivers.items() if driver.family != "constant"]
    joined = pairs(description)
    seen: set[frozenset[str]] = set()
    broken = False
    for (first, second), (_rank, place) in joined.items():
        for name in (first, second):
            if name not in known and not name.startswith("business:"):
                broken = True
                yield unknown(place, name, known, "driver")
        if frozenset((first, second)) in seen:
            broken = True
            yield Problem(place, "pair_twice", {"first": first, "second": second})
        seen.add(frozenset((first, second)))
        problem = _later(description, first, second, place)
        if problem is not None:
            broken = True
            yield problem
    if not broken and joined:
        yield from _impossible(joined)


def _later(description: Description, first: str, second: str, place: str) -> Problem | None:
    """Refuse a pair of a business, which is drawn once, with a driver drawn in each period."""
    driver = description.drivers.get(first)
    if second.startswith("business:") and driver is not None and driver.each == "period":
        return Problem(place, "business_period", {"driver": first})
    return None


def _offered(places: list[tuple[int, int]], repaired: Any) -> list[float]:
    """Return the nearest ranks with two digits, drawn towards 0 until they are possible as they stand."""
    ranks = [rank_of_normal(float(repaired[i, j])) for i, j in places]
    names = [str(at) for at in range(len(repaired))]
    for percent in range(100, -1, -1):
        shrunk = [round(rank * percent / 100, 2) for rank in ranks]
        pairs_of = {(names[i], names[j]): r for (i, j), r in zip(places, shrunk, strict=True)}
        if is_possible(matrix_of(names, pairs_of)):
            return shrunk
    return [0.0] * len(ranks)


def _impossible(joined: Mapping[tuple[str, str], tuple[float, str]]) -> Iterator[Problem]:
    order = list(dict.fromkeys(name for pair in joined for name in pair))
    matrix = matrix_of(order, {pair: rank for pair, (rank, _place) in joined.items()})
    if is_possible(matrix):
        return
    i, j, repaired = worst_pair(matrix)
    order_of = {name: at for at, name in enumerate(order)}
    offer = _offered([(order_of[a], order_of[b]) for a, b in joined], repaired)
    pair = next((p for p in joined if set(p) == {order[i], order[j]}), None)
    offered = ", ".join(f"{a}–{b} {rank:.2f}" for (a, b), rank in zip(joined, offer, strict=True))
    values = {
        "first": order[i],
        "second": order[j],
        "rank": joined[pair][0] if pair else 0.0,
        "better": round(rank_of_normal(float(repaired[i, j])), 2),
        "matrix": offered,
    }
    yield Problem(joined[pair][1] if pair else "correlations", "not_semidefinite", values)
