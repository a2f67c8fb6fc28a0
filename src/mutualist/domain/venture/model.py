"""A venture as it is described: frozen values, checked, and nothing computed yet.

:mod:`.reading` makes them of a mapping; :mod:`.plan` turns them into steps for the simulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

#: How many periods make a year.
PER_YEAR: Final[Mapping[str, int]] = MappingProxyType({"month": 12, "quarter": 4, "year": 1})
#: Kinds of a line: does money come in, and is it the party's own work rather than buying and reselling.
LINE_KINDS: Final[Mapping[str, tuple[int, bool]]] = MappingProxyType(
    {
        "revenue": (1, True),
        "resale": (1, False),
        "saving": (1, True),
        "cost": (-1, True),
        "investment": (-1, True),
        "purchase": (-1, False),
        "selling": (-1, False),
    }
)
TERM_TYPES: Final = (
    "fixed",
    "per_unit",
    "hourly",
    "share",
    "reimbursement",
    "milestone",
    "equity",
)
OPTION_TYPES: Final = ("stop", "buy_out", "step_in")
FAMILIES: Final = ("pert", "triangular", "normal", "lognormal", "uniform", "constant")


@dataclass(frozen=True, slots=True)
class Periods:
    """The time grid: ``count`` periods of a unit; period 0 is the start itself."""

    unit: str
    count: int
    start: str = ""

    @property
    def per_year(self) -> int:
        """Return how many periods make a year."""
        return PER_YEAR[self.unit]


@dataclass(frozen=True, slots=True)
class Business:
    """What a party earns without the venture: result of a year, and how it moves with the drivers."""

    mean: float
    sd: float
    correlation: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Party:
    """One party; money in the venture's currency, ``discount`` as a yearly rate."""

    id: str
    name: str
    discount: float
    size: float | None = None
    revenue: float | None = None
    risk_tolerance: float | None = None
    best_alternative: float | None = None
    pain_limit: float | None = None
    business: Business | None = None


@dataclass(frozen=True, slots=True)
class Driver:
    """An uncertain quantity.

    ``points`` are three values in the meaning of ``given``: ``quantiles`` (P10, P50, P90), ``range``
    (least, most likely, most), ``moments`` (mean, standard deviation) or ``value`` (one constant).
    """

    id: str
    unit: str
    family: str
    given: str
    points: tuple[float, ...]
    profiles: tuple[str, ...] = ()
    each: str = "once"
    persistence: float = 0.0
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens or not, at a date drawn evenly from ``first`` to ``last``.

    With ``delay`` the lines named come that many periods later when it happens.
    """

    id: str
    probability: float
    first: int
    last: int
    delay: int = 0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Scenarios with their likelihoods; each column is a quantity with a unit."""

    id: str
    columns: Mapping[str, str]
    probabilities: tuple[float, ...]
    rows: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Money from or to the outside world, or, without a party, a named quantity others refer to."""

    id: str
    amount: str
    party: str = ""
    kind: str = "revenue"
    unit: str = ""
    first: int = 1
    last: int = 0
    at: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tier:
    """A rate for the part of the base up to ``up_to``; the last tier has no end."""

    rate: float
    up_to: float | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A transfer between parties; see docs for what each type pays."""

    id: str
    type: str
    payer: str = ""
    payee: str = ""
    rate: float | str = 1.0
    base: str = ""
    minimum: float | None = None
    cap: float | None = None
    over: str = "period"
    tiers: tuple[Tier, ...] = ()
    first: int = 1
    last: int = 0
    at: tuple[int, ...] = ()
    condition: str = ""
    stakes: Mapping[str, float] = field(default_factory=dict)

    @property
    def linear(self) -> bool:
        """Tell whether what is paid is proportional to a rate that is a plain number."""
        plain = isinstance(self.rate, float) and not self.tiers
        return plain and self.minimum is None and self.cap is None and self.type != "equity"


@dataclass(frozen=True, slots=True)
class Option:
    """A right of a party to change course from period ``first`` on, at a cost.

    The simulation uses it in the first period in which ``condition`` holds; without a condition it is kept
    and only valued.
    """

    id: str
    type: str
    party: str
    first: int
    cost: str
    to: str = ""
    ends: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    condition: str = ""
    notice: int = 0


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a party brings, which lines need it, and how hard it is to replace."""

    party: str
    what: str
    lines: tuple[str, ...]
    buy: float | None = None
    delay: int | None = None
    irreplaceable: bool = False


@dataclass(frozen=True, slots=True)
class Correlation:
    """Rank correlation (Spearman) of two drivers."""

    first: str
    second: str
    rank: float


@dataclass(frozen=True)
class Description:
    """A whole venture, checked. ``source`` is what it was read from."""

    name: str
    currency: str
    periods: Periods
    parties: Mapping[str, Party]
    pools: tuple[str, ...] = ()
    drivers: Mapping[str, Driver] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    profiles: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    correlations: tuple[Correlation, ...] = ()
    lines: Mapping[str, Line] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    options: Mapping[str, Option] = field(default_factory=dict)
    contributions: tuple[Contribution, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
