"""A rule set as values: what a programme looks at, how it counts, and which levels it knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from mutualist.domain.programme.rules.trees import Formula, Kind, Value
from mutualist.domain.programme.rules.windows import Span, Window

FieldKind = Literal["number", "text", "date", "flag", "money"]
NOTHING: Mapping[str, Value] = MappingProxyType({})
#: How long the key of an ability may be; partners and enquiries name abilities by it.
LONGEST_ABILITY = 80


@dataclass(frozen=True, slots=True)
class Words:
    """A text in German and English."""

    de: str
    en: str

    def of(self, language: str) -> str:
        """Return the text in a language; English where it is neither."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table of facts or of the partners.

    Attributes
    ----------
    decimals
        How many decimals a number may have; more are refused, never rounded.
    """

    name: str
    kind: FieldKind
    decimals: int = 0

    @property
    def value_kind(self) -> Kind:
        """What formulas see: money is a number in the currency of the rules."""
        return "number" if self.kind == "money" else self.kind


@dataclass(frozen=True, slots=True)
class FactTable:
    """A kind of facts: one CSV file, one row a fact.

    Attributes
    ----------
    date, until
        Names of the columns with the day of the fact (the first day it holds) and, where facts hold for a time,
        the last day. Both are among ``fields``.
    """

    name: str
    words: Words
    date: str
    until: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class ListItem:
    """An entry of a list: its name, when it counts, further columns."""

    item: str
    words: Words
    since: dt.date | None = None
    counts_until: dt.date | None = None
    values: Mapping[str, Value] = field(default_factory=lambda: NOTHING, hash=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of constants, with the kinds of its columns."""

    name: str
    items: Mapping[str, ListItem]
    columns: Mapping[str, Kind]

    def counting(self, day: dt.date) -> frozenset[str]:
        """Return the items that count on a day."""
        return frozenset(
            one.item
            for one in self.items.values()
            if (one.since is None or one.since <= day)
            and (one.counts_until is None or day <= one.counts_until)
        )

    def latest(self, day: dt.date, count: int) -> frozenset[str]:
        """Return the items that came out last by a day; later ones of the same day come later in the file."""
        out = [one for one in self.items.values() if one.since is not None and one.since <= day]
        out.sort(key=lambda one: one.since or dt.date.min)
        return frozenset(one.item for one in out[-count:])


Take = Literal["count", "count_distinct", "sum", "max", "min", "average", "latest", "any"]


@dataclass(frozen=True, slots=True)
class Taking:
    """What is made of the rows: ``sum(amount)``.

    ``args`` are formulas over a row: none for ``count`` and ``any``, several for ``count_distinct``, else one.
    """

    take: Take
    args: tuple[Formula, ...]
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Which rows are looked at: of a table or a group, by condition and time."""

    name: str
    is_group: bool
    where: Formula | None
    window: Window


@dataclass(frozen=True, slots=True)
class Group:
    """Rows gathered by keys: a table with the keys and a ``value``."""

    name: str
    source: Source
    by: tuple[str, ...]
    key_kinds: tuple[Kind, ...]
    taking: Taking

    @property
    def kind(self) -> Kind:
        """What ``group[key]`` gives."""
        return self.taking.kind


@dataclass(frozen=True, slots=True)
class Measure:
    """One value per partner, read from the facts.

    Attributes
    ----------
    out_of
        Name of a list: what is missing of it is told by name. The first argument of the ``count(distinct ...)`` is
        what its items are compared with.
    """

    name: str
    words: Words
    source: Source
    taking: Taking
    out_of: str = ""

    @property
    def kind(self) -> Kind:
        """What comes out."""
        return self.taking.kind


@dataclass(frozen=True, slots=True)
class Metric:
    """What a partner is told about: a value, its threshold, and the points for it."""

    name: str
    words: Words
    value: Formula
    points: Formula | None
    threshold: Formula | None
    most: Formula | None
    applies: Formula | None
    unit: Words | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """One of several ways to count, with the metrics that belong to it."""

    name: str
    words: Words
    metrics: tuple[str, ...]
    when: Formula | None


@dataclass(frozen=True, slots=True)
class Total:
    """How the total comes about; ``weights`` are for ``weighted``, ``formula`` for ``formula``."""

    way: Literal["sum", "best", "weighted", "formula", "none"]
    weights: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    formula: Formula | None = None
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition of a level."""

    words: Words | None
    condition: Formula


@dataclass(frozen=True, slots=True)
class Level:
    """A level, with what it needs and what it brings."""

    name: str
    words: Words
    requires: tuple[Requirement, ...]
    benefits: tuple[Words, ...] = ()
    #: Whether all levels below have to be met as well.
    cumulative: bool = True
    #: Colour of the badge partners of this level may show, as ``#rrggbb``; empty: that of the programme.
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Relative:
    """A rule about the best of all partners: those with fewer than ``share`` of the others before them.

    Of the n partners that have a value (of the same ``within``, a field of the partner), the k = ⌈n · share⌉ best
    hold, and everybody who ties with the last of them.
    """

    name: str
    of: str
    share: Fraction
    within: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """How a level is held over time; :mod:`..status` gives it its meaning."""

    rise: Literal["at once", "monthly", "quarterly", "yearly", "at review"] = "at once"
    fall: Literal["at once", "monthly", "quarterly", "yearly", "at review"] = "at review"
    review_months: tuple[int, ...] = (1,)
    review_day: int = 1
    any_day_in: int = 0
    grace: Span | None = None
    held: Span | None = None
    renewal_before: Span | None = None
    renewal_after: Span | None = None
    frozen: bool = False
    grandfathered: Formula | None = None


@dataclass(frozen=True, slots=True)
class Adds:
    """A fact an action leaves behind.

    Attributes
    ----------
    row
        Values by field. Of a field of texts ``"new"`` is a person, customer … nobody had yet, the same in all
        facts of one action; of a date a :class:`.windows.Span` is so long before the day. Without a date, it is
        the day itself.
    """

    table: str
    row: Mapping[str, Value | Span]


@dataclass(frozen=True, slots=True)
class Step:
    """What a partner can do to get on, what it costs and how long it takes."""

    name: str
    words: Words
    adds: tuple[Adds, ...]
    money: Fraction
    hours: Fraction
    at_most: int
    days: int


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in the currency of the rules, from a day on."""

    currency: str
    since: dt.date
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Origin:
    """Where published rules were read, and when."""

    title: str
    read_on: dt.date | None
    note: Words | None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of a programme in one version.

    Attributes
    ----------
    since, until
        The days it is in force, both inclusive; an empty end is open.
    groups
        In an order in which each knows only earlier ones; likewise measures and metrics.
    regions
        Field of facts; the whole is computed for each of its values and the best counts. Empty: not.
    qualified
        Whether a partner qualifies at all; where it is not said, by reaching any level.
    abilities
        What the abilities of partners are called, by the key that partners and enquiries name them by. No formula
        looks at them.
    """

    id: str
    version: str
    words: Words
    about: Words | None
    since: dt.date
    until: dt.date | None
    origin: Origin | None
    currency: str
    exchange: tuple[Rate, ...]
    fiscal_start: int
    partner: Mapping[str, Field]
    tables: Mapping[str, FactTable]
    lists: Mapping[str, Listing]
    numbers: Mapping[str, Fraction]
    groups: Mapping[str, Group]
    measures: Mapping[str, Measure]
    metrics: Mapping[str, Metric]
    tracks: Mapping[str, Track]
    total: Total
    levels: tuple[Level, ...]
    regions: str
    relative: Mapping[str, Relative]
    status: Status
    steps: Mapping[str, Step]
    categories: Mapping[str, Words]
    qualified: Formula | None = None
    abilities: Mapping[str, Words] = field(default_factory=lambda: MappingProxyType({}))

    def ability_words(self, language: str) -> dict[str, str]:
        """Return what the abilities are called in a language, by their keys, in the order of the file."""
        return {key: words.of(language) for key, words in self.abilities.items()}

    def ability(self, said: str) -> str:
        """Return the key of what somebody calls an ability, by key or by name in either language.

        What the rules do not know is returned as it was said: an ability needs no name to be one.
        """
        plain = " ".join(said.split())
        if plain in self.abilities:
            return plain
        sought = plain.casefold()
        for key, words in self.abilities.items():
            if sought in {key.casefold(), words.de.casefold(), words.en.casefold()}:
                return key
        return plain

    def rate(self, currency: str | None, day: dt.date) -> Fraction | None:
        """Return what a unit of a currency was worth on a day; None where the rules do not say."""
        if not currency or currency == self.currency:
            return Fraction(1)
        fitting = [one for one in self.exchange if one.currency == currency and one.since <= day]
        return max(fitting, key=lambda one: one.since).rate if fitting else None
