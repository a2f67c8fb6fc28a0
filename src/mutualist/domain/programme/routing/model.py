"""Partners, enquiries, and what comes of bringing them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

NEVER: Mapping[str, date | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner who may be handed an enquiry.

    Attributes
    ----------
    certificates
        Last day each is valid; None: without end.
    serves
        Countries served; empty: all.
    level
        Rank, 0 for none.
    capacity
        Open enquiries at most; None: not stated.
    load
        Enquiries open at present.
    recent
        Enquiries handed over lately, open or not, for a fair share.
    answered
        Share of the enquiries offered lately that were answered in time; None: never asked.
    """

    id: str
    name: str
    place: Place | None
    abilities: frozenset[str] = frozenset()
    certificates: Mapping[str, date | None] = field(default_factory=lambda: NEVER, hash=False)
    languages: frozenset[str] = frozenset()
    serves: frozenset[str] = frozenset()
    level: int = 0
    capacity: int | None = None
    load: int = 0
    recent: int = 0
    answered: float | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What a customer asks for.

    Attributes
    ----------
    place
        Where the customer is; None where nobody knows: then nearness counts for nobody.
    abilities, certificate, language, level
        What a partner must have; empty and 0: nothing.
    declined
        Partners that declined it or did not answer in time.
    """

    id: str
    place: Place | None
    country: str = ""
    abilities: frozenset[str] = frozenset()
    certificate: str = ""
    language: str = ""
    level: int = 0
    day: date | None = None
    declined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner who could serve an enquiry.

    Attributes
    ----------
    score
        0 to 100: the sum of the parts.
    parts
        Points by part: weight times how well it is met.
    km
        As the crow flies; None where a place is unknown.
    """

    partner: str
    name: str
    score: float
    parts: Mapping[str, float] = field(hash=False)
    km: float | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a partner was not taken: a code of the weights file and what its sentence quotes."""

    partner: str
    name: str
    code: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True)
class Route:
    """What came of one enquiry.

    Attributes
    ----------
    candidates
        Who could serve it, best first; only as many as were asked for.
    able
        How many could.
    failed
        How many partners fail each condition first.
    """

    enquiry: str
    candidates: tuple[Candidate, ...]
    able: int
    failed: Mapping[str, int] = field(hash=False)

    @property
    def best(self) -> Candidate | None:
        """The partner to be asked first; None where nobody can serve it."""
        return self.candidates[0] if self.candidates else None
