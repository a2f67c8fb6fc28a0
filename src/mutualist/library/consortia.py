"""How near simple splits come to who got what in real joint projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from mutualist.library.errors import FileError
from mutualist.library.packed import origin
from mutualist.library.packed import rows as read_rows
from mutualist.library.words import N_

RULES: Final = ("equal", "by_size", "coordinator")
#: Consortia by how many parties got money: from, to.
SIZES: Final = ((2, 2), (3, 5), (6, 10), (11, 20), (21, 10_000))
_PROJECTS: Final = ("rcn", "start_date")
_PARTS: Final = ("rcn", "pic", "role", "ec_contribution")


@dataclass(frozen=True, slots=True)
class Consortium:
    """A project: its start, who got how much, and which of them coordinates."""

    start: str
    parties: tuple[str, ...]
    amounts: tuple[float, ...]
    coordinator: int


@dataclass(frozen=True, slots=True)
class Errors:
    """Mean absolute error of each rule for consortia of some size, as parts of the whole."""

    least: int
    most: int
    consortia: int
    by_rule: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the comparison gives.

    Attributes
    ----------
    rows
        One per size of consortium; the last is all of them.
    weight
        How often the coordinator counts; from the earlier projects.
    fitted_before
        First day of the projects that are compared; the weight is from those before.
    left_out
        Projects that could not be used.
    origin
        Where the data come from, as their folder says; empty if it does not.
    """

    rows: tuple[Errors, ...]
    weight: float
    fitted_before: str
    left_out: int
    origin: str

    def to_dict(self) -> dict[str, Any]:
        """Return ``split-evaluation/1``."""
        return {
            "schema": "split-evaluation/1",
            "origin": self.origin,
            "coordinator_weight": self.weight,
            "projects_from": self.fitted_before,
            "left_out": self.left_out,
            "rows": [
                {
                    "from": row.least,
                    "to": row.most,
                    "consortia": row.consortia,
                    "mean_absolute_error": dict(row.by_rule),
                }
                for row in self.rows
            ],
        }


def evaluate_splits(folder: str | Path) -> Evaluation:
    """Return how far equal, by-size and coordinator-weighted splits are from real shares.

    A party is whoever got money; a project counts with two parties or more and one coordinator among them. Size of a party
    is what it got in all other projects of the data; whoever got nothing elsewhere counts as the median party. The
    coordinator counts as many times as others as it did at the median in the earlier half of the projects; the errors are
    those of the later half, the mean over a project's parties, then over projects.

    Parameters
    ----------
    folder : path
        With ``projects.csv`` and ``participations.csv``, each perhaps with ``.gz``; fields as ``rcn``, ``start_date`` and
        ``rcn``, ``pic``, ``role``, ``ec_contribution``. The first paragraph of a ``README.md`` names the origin.

    Raises
    ------
    FileError
        When a file or a field is missing, or nothing can be compared.
    """
    home = Path(folder)
    consortia, left_out = _consortia(home)
    if len(consortia) < 2:
        raise FileError(N_("No projects with shares of two parties or more."), file=str(folder))
    consortia.sort(key=lambda one: one.start)
    later = consortia[len(consortia) // 2].start
    earlier = [one for one in consortia if one.start < later] or consortia
    weight = median(_times(one) for one in earlier)
    totals: dict[str, float] = defaultdict(float)
    for one in consortia:
        for party, amount in zip(one.parties, one.amounts, strict=True):
            totals[party] += amount
    usual = median(totals.values())
    errors = [
        (len(one.parties), _errors(one, weight, totals, usual))
        for one in consortia
        if one.start >= later
    ]
    rows = [_row(errors, least, most) for least, most in (*SIZES, (2, SIZES[-1][1]))]
    kept = tuple(row for row in rows if row.consortia)
    return Evaluation(kept, weight, later, left_out, origin(home))


def _times(one: Consortium) -> float:
    """Return how many times the mean of the others a coordinator got."""
    own = one.amounts[one.coordinator]
    return own / ((sum(one.amounts) - own) / (len(one.amounts) - 1))


def _errors(
    one: Consortium, weight: float, totals: Mapping[str, float], usual: float
) -> tuple[float, ...]:
    """Return the mean absolute error of each rule for one project."""
    count = len(one.parties)
    elsewhere = [totals[p] - a for p, a in zip(one.parties, one.amounts, strict=True)]
    # Sums in another order may leave a trace of a cent.
    sizes = [size if size > 0.01 else usual for size in elsewhere]
    weights = [weight if i == one.coordinator else 1.0 for i in range(count)]
    whole = sum(one.amounts)
    real = [amount / whole for amount in one.amounts]
    return tuple(
        sum(abs(r - p / sum(parts)) for r, p in zip(real, parts, strict=True)) / count
        for parts in ([1.0] * count, sizes, weights)
    )


def _row(errors: Sequence[tuple[int, tuple[float, ...]]], least: int, most: int) -> Errors:
    chosen = [each for count, each in errors if least <= count <= most]
    means = [sum(each[k] for each in chosen) / max(len(chosen), 1) for k in range(len(RULES))]
    return Errors(least, most, len(chosen), dict(zip(RULES, means, strict=True)))


def _consortia(home: Path) -> tuple[list[Consortium], int]:
    """Read the projects that can be used, and count the others."""
    starts = {row["rcn"]: row["start_date"] for row in read_rows(home, "projects.csv", _PROJECTS)}
    parts: dict[str, list[tuple[str, float, bool]]] = defaultdict(list)
    for row in read_rows(home, "participations.csv", _PARTS):
        amount = _amount(row["ec_contribution"])
        if amount > 0:
            parts[row["rcn"]].append((row["pic"], amount, row["role"] == "coordinator"))
    found = []
    for project, rows in parts.items():
        leaders = [i for i, row in enumerate(rows) if row[2]]
        if len(rows) >= 2 and len(leaders) == 1 and project in starts:
            parties, amounts, _ = zip(*rows, strict=True)
            found.append(Consortium(starts[project], parties, amounts, leaders[0]))
    return found, len(starts) - len(found)


def _amount(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0
