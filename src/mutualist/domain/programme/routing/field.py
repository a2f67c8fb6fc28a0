"""All partners as arrays: conditions are looked up and distances computed for all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.programme.routing.model import Enquiry, Partner, Place
from mutualist.domain.programme.routing.weights import PARTS, Weights, weights

EARTH_KM = 6371.0088
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]
#: Places of partners in the field.
Places = NDArray[np.intp]
#: Conditions in the order in which the first one that fails is told.
CONDITIONS = (
    *("inactive", "declined", "ability", "certificate", "language", "level", "area", "capacity"),
)


def on_sphere(places: Sequence[Place | None]) -> Numbers:
    """Return points as unit vectors, shape (n, 3); of unknown places they are not a number."""
    degrees = np.array([(p.lat, p.lon) if p else (np.nan, np.nan) for p in places], dtype=float)
    lat, lon = np.radians(degrees.reshape(-1, 2)).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def kilometres(a: Numbers, b: Numbers) -> Numbers:
    """Return distances between unit vectors along the surface, for n × 3 and 3 (or m × 3) values.

    The chord is taken, not the dot product, whose arc cosine is coarse for points close by.
    """
    if b.ndim == 1:
        chord = np.sqrt(np.maximum(0.0, ((a - b) ** 2).sum(axis=1)))
    else:
        chord = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * (a @ b.T)))
    km: Numbers = 2.0 * EARTH_KM * np.arcsin(np.minimum(1.0, chord / 2.0))
    return km


class Field:
    """The partners of a programme, ready to be searched.

    Parameters
    ----------
    partners
        In any order; ids are unique.
    rates
        The weights; those that come with the product if none are named.

    Raises
    ------
    ValueError
        If an id occurs twice.
    """

    def __init__(self, partners: Iterable[Partner], rates: Weights | None = None) -> None:
        # Ties fall by id: order them once, and the first of equals is the right one.
        self.partners = sorted(partners, key=lambda one: one.id)
        self.weights = rates or weights()
        ids = [one.id for one in self.partners]
        twice = [one for one, count in Counter(ids).items() if count > 1]
        if twice:
            raise ValueError(f"partners occur twice: {', '.join(twice[:5])}")
        self.index = {one: at for at, one in enumerate(ids)}
        self._flags: dict[tuple[str, str], Flags] = {}

    def __len__(self) -> int:
        return len(self.partners)

    @cached_property
    def points(self) -> Numbers:
        """Where partners are, shape (n, 3)."""
        return on_sphere([one.place for one in self.partners])

    @cached_property
    def _inactive(self) -> Flags:
        return np.array([not one.active for one in self.partners], dtype=bool)

    @cached_property
    def _levels(self) -> NDArray[np.int64]:
        return np.array([one.level for one in self.partners], dtype=np.int64)

    @cached_property
    def loads(self) -> NDArray[np.int64]:
        """Open enquiries of each partner."""
        return np.array([one.load for one in self.partners], dtype=np.int64)

    @cached_property
    def room(self) -> NDArray[np.int64]:
        """How many more each partner can take; without a stated capacity, as many as come."""
        most = np.iinfo(np.int64).max
        stated = [most if one.capacity is None else one.capacity for one in self.partners]
        free: NDArray[np.int64] = np.maximum(0, np.array(stated, dtype=np.int64) - self.loads)
        return free

    @cached_property
    def _full(self) -> Flags:
        return self.room <= 0

    def _has(self, what: str, name: str) -> Flags:
        """Return who has an ability, speaks a language, serves a country; remembered by name."""
        key = (what, name)
        if key not in self._flags:
            if what == "serves":
                held = [not one.serves or name in one.serves for one in self.partners]
            else:
                held = [name in getattr(one, what) for one in self.partners]
            self._flags[key] = np.array(held, dtype=bool)
        return self._flags[key]

    def _certified(self, enquiry: Enquiry) -> Flags:
        held = self._has("certificates", enquiry.certificate)
        if enquiry.day is None:
            return held
        found = held.copy()
        for at in np.flatnonzero(held):
            until = self.partners[at].certificates[enquiry.certificate]
            found[at] = until is None or until >= enquiry.day
        return found

    def conditions(self, enquiry: Enquiry) -> dict[str, Flags]:
        """Return who fails each condition that an enquiry makes, in the order they are told."""
        failed: dict[str, Flags] = {"inactive": self._inactive}
        if enquiry.declined:
            gone = np.zeros(len(self), dtype=bool)
            gone[[self.index[one] for one in enquiry.declined if one in self.index]] = True
            failed["declined"] = gone
        if enquiry.abilities:
            lacks = [~self._has("abilities", name) for name in sorted(enquiry.abilities)]
            failed["ability"] = np.logical_or.reduce(lacks)
        if enquiry.certificate:
            failed["certificate"] = ~self._certified(enquiry)
        if enquiry.language:
            failed["language"] = ~self._has("languages", enquiry.language)
        if enquiry.level:
            failed["level"] = self._levels < enquiry.level
        if enquiry.country:
            failed["area"] = ~self._has("serves", enquiry.country)
        failed["capacity"] = self._full
        return failed

    @cached_property
    def standing(self) -> Numbers:
        """Points of the parts that no enquiry changes: shape (n, parts), with nearness left at zero."""
        rates, count = self.weights, len(self)
        found = np.zeros((count, len(PARTS)))
        capacity = np.array(
            [np.nan if one.capacity is None else max(1, one.capacity) for one in self.partners]
        )
        mean = self.loads.mean() if count else 0.0
        usual = max(1.0, rates.most_times_mean * mean)
        full = self.loads / np.where(np.isnan(capacity), usual, capacity)
        recent = np.array([one.recent for one in self.partners], dtype=float)
        average = max(1.0, recent.mean()) if count else 1.0
        unknown = rates.response_unknown
        answered = [unknown if one.answered is None else one.answered for one in self.partners]
        best = max(1, int(self._levels.max(initial=0)))
        values: dict[str, Any] = {
            "free": np.clip(1.0 - full, 0.0, 1.0),
            "fairness": 1.0 / (1.0 + recent / average),
            "response": np.array(answered, dtype=float),
            "level": self._levels / best,
        }
        for at, part in enumerate(PARTS):
            if part in values:
                found[:, at] = 100.0 * rates.shares[part] * values[part]
        return found

    @cached_property
    def steady(self) -> Numbers:
        """Sum of those points, by partner."""
        found: Numbers = self.standing.sum(axis=1)
        return found

    def nearness(self, km: Numbers) -> Numbers:
        """Return the points for distances; none for an unknown one."""
        near = 1.0 / (1.0 + km / self.weights.half_km)
        return 100.0 * self.weights.shares["nearness"] * np.nan_to_num(near)
