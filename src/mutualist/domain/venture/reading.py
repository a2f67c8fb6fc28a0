"""From a mapping to a checked description: parties, periods and everything uncertain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mutualist.domain.venture import profiles
from mutualist.domain.venture.cross_checks import check_description
from mutualist.domain.venture.families import FitError, fit
from mutualist.domain.venture.fields import MAX_NUMBER, Fields, odd_characters
from mutualist.domain.venture.model import (
    FAMILIES,
    PER_YEAR,
    Business,
    Correlation,
    Description,
    Driver,
    Event,
    Party,
    Periods,
    Table,
)
from mutualist.domain.venture.problems import Problem, VentureError
from mutualist.domain.venture.reading_flows import (
    read_contributions,
    read_lines,
    read_options,
    read_terms,
)

SCHEMA: Final = "venture/1"
MAX_PERIODS: Final = 600
MAX_PARTIES: Final = 24
_TOP: Final = (
    "schema", "name", "currency", "periods", "parties", "pools", "drivers", "events", "tables",
    "profiles", "correlations", "lines", "terms", "options", "contributions",
)  # fmt: skip
_PARTY: Final = (
    "name", "size", "revenue", "discount", "risk_tolerance", "best_alternative", "pain_limit", "business",
)  # fmt: skip
_DRIVER: Final = (
    "unit", "family", "low", "likely", "high", "min", "mode", "max", "mean", "sd", "value", "profile",
    "each", "persistence", "at_least", "at_most",
)  # fmt: skip
_ODD_KEY: Final = re.compile(r"[^\w.\[\] -]")
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
#: The tolerance for likelihoods that have to add up to 1.
CLOSE: Final = 1e-6


def read_description(source: Any) -> Description:
    """Check a venture and return it as frozen values.

    Parameters
    ----------
    source
        The mapping of a venture file.

    Returns
    -------
    Description
        Every name, unit and likelihood in it is one that can be computed with.

    Raises
    ------
    VentureError
        With everything that is wrong, each with its place and a remedy.

    Examples
    --------
    >>> venture = read_description({
    ...     "periods": {"unit": "year", "count": 3},
    ...     "parties": {"A": {"name": "Nordwerk", "discount": 0.2}},
    ...     "lines": {"sales": {"party": "A", "amount": 400}},
    ... })
    >>> venture.lines["sales"].last
    3
    """
    found = [
        Problem(_ODD_KEY.sub("?", place), "odd_character", {"value": sign})
        for place, sign in odd_characters(source)
    ]
    if found:
        raise VentureError(found)
    top = Fields(source, "", found, _TOP)
    if "schema" in top and top.values["schema"] != SCHEMA:
        top.note("schema", "wrong_schema", value=top.values["schema"], allowed=SCHEMA)
    periods = _periods(top)
    description = Description(
        name=top.text("name"),
        currency=_currency(top),
        periods=periods,
        parties=_parties(top),
        pools=tuple(name for name, _value in top.entries("pools")),
        drivers={name: _driver(name, value, top) for name, value in top.entries("drivers")},
        events={name: _event(name, value, top, periods) for name, value in top.entries("events")},
        tables={name: _table(name, value, top) for name, value in top.entries("tables")},
        profiles={n: _profile(n, value, top, periods) for n, value in top.entries("profiles")},
        correlations=_correlations(top),
        lines=read_lines(top, periods),
        terms=read_terms(top, periods),
        options=read_options(top, periods),
        contributions=read_contributions(top, periods),
        source=source if isinstance(source, Mapping) else {},
    )
    found += check_description(description, complete=not found)
    if found:
        raise VentureError(found)
    return description


def _currency(top: Fields) -> str:
    currency = top.text("currency", "EUR")
    if not re.fullmatch("[A-Z]{3}", currency):
        top.note("currency", "not_currency", value=currency)
    return currency


def _periods(top: Fields) -> Periods:
    fields = top.sub("periods", ("unit", "count", "start"), required=True)
    if fields is None:
        return Periods("quarter", 1)
    unit = fields.choice("unit", tuple(PER_YEAR))
    count = fields.number("count", required=True)
    if count is not None and (count != int(count) or not 1 <= count <= MAX_PERIODS):
        fields.note("count", "bad_horizon", value=count, allowed=MAX_PERIODS)
        count = None
    start = fields.text("start")
    if start and not _MONTH.fullmatch(start):
        fields.note("start", "not_month", value=start)
    return Periods(unit, int(count or 1), start)


def _parties(top: Fields) -> Mapping[str, Party]:
    parties = {
        name: _party(name, value, top) for name, value in top.entries("parties", required=True)
    }
    if not 1 <= len(parties) <= MAX_PARTIES and "parties" in top:
        top.note("parties", "party_count", value=len(parties), allowed=MAX_PARTIES)
    return parties


def _party(name: str, value: Any, top: Fields) -> Party:
    fields = Fields(value, f"parties.{name}", top.found, _PARTY)
    discount = fields.number("discount", low=-0.5, high=10, required=True)
    return Party(
        id=name,
        name=fields.text("name", name),
        discount=discount if discount is not None else 0.0,
        size=fields.number("size", low=0),
        revenue=fields.number("revenue", low=0),
        risk_tolerance=fields.number("risk_tolerance", low=0),
        best_alternative=fields.number("best_alternative"),
        pain_limit=fields.number("pain_limit", low=0),
        business=_business(fields),
    )


def _business(party: Fields) -> Business | None:
    fields = party.sub("business", ("mean", "sd", "correlation"))
    if fields is None:
        return None
    mean, sd = fields.number("mean", required=True), fields.number("sd", low=0, required=True)
    correlation = {}
    for name, value in fields.entries("correlation"):
        inner = Fields({"rank": value}, fields.at(f"correlation.{name}"), party.found, ("rank",))
        rank = inner.number("rank", low=-1, high=1)
        correlation[name] = rank or 0.0
    return Business(mean or 0.0, sd or 0.0, correlation)


def _driver(name: str, value: Any, top: Fields) -> Driver:
    if isinstance(value, int | float):
        value = {"value": value}
    fields = Fields(value, f"drivers.{name}", top.found, _DRIVER)
    given, points = _points(fields)
    family = fields.choice("family", FAMILIES, "constant" if given == "value" else "pert")
    driver = Driver(
        id=name,
        unit=fields.text("unit"),
        family=family,
        given=given,
        points=points,
        profiles=fields.words("profile"),
        each=fields.choice("each", ("once", "period"), "once"),
        persistence=fields.number("persistence", low=-0.999, high=0.999) or 0.0,
        at_least=fields.number("at_least"),
        at_most=fields.number("at_most"),
    )
    least, most = driver.at_least, driver.at_most
    if least is not None and most is not None and least > most:
        fields.note("at_least", "low_above_high", low=least, high=most)
    try:
        fit(family, given, points)
    except FitError as error:
        fields.note("", error.code, **error.values)
    return driver


_WAYS: Final = (
    ("quantiles", ("low", "likely", "high")),
    ("range", ("min", "mode", "max")),
    ("moments", ("mean", "sd")),
    ("value", ("value",)),
)


def _points(fields: Fields) -> tuple[str, tuple[float, ...]]:
    ways = [(given, keys) for given, keys in _WAYS if any(key in fields.values for key in keys)]
    if len(ways) != 1:
        fields.note("", "driver_points", found=tuple(keys[0] for _given, keys in ways))
        return "value", (0.0,)
    given, keys = ways[0]
    if given == "range" and fields.values.get("family") == "uniform":
        fields.values.setdefault("mode", fields.values.get("min"))
    values = [fields.number(key, required=True) for key in keys]
    if None in values:
        return "value", (0.0,)
    return given, tuple(value for value in values if value is not None)


def _event(name: str, value: Any, top: Fields, periods: Periods) -> Event:
    known = ("probability", "from", "to", "delay", "lines")
    fields = Fields(value, f"events.{name}", top.found, known)
    probability = fields.share("probability", required=True, code="likelihood_above")
    first = fields.whole("from", 0, high=periods.count)
    last = fields.whole("to", first, high=periods.count)
    if last < first:
        fields.note("", "ends_before", first=first, last=last)
    delay = fields.whole("delay", 0, high=periods.count)
    lines = fields.words("lines", required=delay > 0)
    return Event(name, probability or 0.0, first, last, delay, lines)


def _table(name: str, value: Any, top: Fields) -> Table:
    fields = Fields(value, f"tables.{name}", top.found, ("columns", "rows"))
    columns = {}
    for column, unit in fields.entries("columns", required=True):
        shown = Fields({column: unit}, fields.at("columns"), top.found, (column,))
        columns[column] = shown.text(column)
    if "rows" in fields and not fields.values["rows"]:
        fields.note("rows", "states_empty")
    fields.raw("rows", required=True)
    probabilities, rows = [], []
    for place, entry in fields.listed("rows"):
        row = Fields(entry, place, top.found, ("name", "probability", *columns))
        probability = row.share("probability", required=True, code="likelihood_above")
        probabilities.append(probability or 0.0)
        rows.append(tuple(row.number(column, required=True) or 0.0 for column in columns))
    total = sum(probabilities)
    if rows and abs(total - 1) > CLOSE:
        fields.note("rows", "likelihoods_sum", total=total)
    return Table(name, columns, tuple(probabilities), tuple(rows))


def _profile(name: str, value: Any, top: Fields, periods: Periods) -> tuple[float, ...]:
    known = ("kind", "from", "to", "periods", "rate", "factors")
    fields = Fields(value, f"profiles.{name}", top.found, known)
    kind = fields.choice("kind", ("ramp", "growth", "seasons", "values"))
    if kind == "ramp":
        start, end = fields.number("from"), fields.number("to")
        length = fields.whole("periods", 1, low=1, high=MAX_PERIODS, required=True)
        return profiles.ramp(start or 0.0, 1.0 if end is None else end, length, periods.count)
    if kind == "growth":
        rate = fields.number("rate", low=-0.99, high=100, required=True)
        factors = profiles.growth(rate or 0.0, periods.per_year, periods.count)
        if max(factors) > MAX_NUMBER:
            fields.note("rate", "grows_too_large", value=rate, largest=max(factors))
        return factors
    factors = fields.numbers("factors", required=True)
    if "factors" in fields and fields.values["factors"] == []:
        fields.note("factors", "states_empty")
    if not factors:
        return (1.0,) * (periods.count + 1)
    make = profiles.seasons if kind == "seasons" else profiles.steps
    return make(factors, periods.count)


def _correlations(top: Fields) -> tuple[Correlation, ...]:
    found = []
    for place, entry in top.listed("correlations"):
        fields = Fields(entry, place, top.found, ("between", "rank"))
        pair = fields.words("between", required=True)
        rank = fields.number("rank", low=-1, high=1, required=True)
        if len(pair) != 2 or pair[0] == pair[1]:
            fields.note("between", "not_a_pair", value=list(pair))
        elif rank is not None:
            found.append(Correlation(pair[0], pair[1], rank))
    return tuple(found)


def places_of(description: Description) -> Sequence[str]:
    """Return every name an expression may use."""
    columns = [column for table in description.tables.values() for column in table.columns]
    return [
        *description.drivers,
        *description.events,
        *columns,
        *description.profiles,
        *description.lines,
    ]
