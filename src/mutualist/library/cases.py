"""Rooms of known alliances that carry a label, and how the rules agree with them.

A label says what an alliance was *called* by those who wrote about it, often years later; the
room holds what was knowable when it was announced. Agreement therefore measures how far the
rules see what observers saw, not how good either is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mutualist.domain.assess import Room
from mutualist.domain.assess import assess as judge
from mutualist.library.errors import FileError
from mutualist.library.files import read_case
from mutualist.library.words import N_

# Which kinds agree fully and which nearly with a label. Complementors earn apart from each other
# and "unverified" is no judgement; the six questions have no kind for either.
AGREES: Final[Mapping[str, frozenset[str]]] = {
    "true_partnership": frozenset({"true_partnership"}),
    "supplier": frozenset({"supplier"}),
    "distributor": frozenset({"distributor"}),
    "logo_only": frozenset({"logo"}),
}
NEARLY: Final[Mapping[str, frozenset[str]]] = {
    "true_partnership": frozenset({"possible", "in_the_making"}),
}
NOT_COMPARABLE: Final = frozenset({"complementors", "unverified"})


@dataclass(frozen=True)
class Case:
    """A room with what is known about it from outside.

    Attributes
    ----------
    file : str
        Where it was read.
    room : Room
        The answers, as far as they were knowable when the alliance was announced.
    label : str
        What observers call it.
    contested : bool
        Whether they disagree.
    notes : Mapping
        ``id``, ``announced``, ``note`` and ``provenance`` as they stand in the file.
    """

    file: str
    room: Room
    label: str
    contested: bool
    notes: Mapping[str, Any]

    @classmethod
    def from_notes(cls, file: str, room: Room, notes: Mapping[str, Any]) -> Case:
        """Make a case of a room and the keys that stand beside it in its file."""
        label = notes.get("label")
        known = {*AGREES, *NOT_COMPARABLE}
        if label not in known:
            raise FileError(
                N_("label is {label}. Known are {known}."),
                file=file,
                label=repr(label),
                known=", ".join(sorted(known)),
            )
        return cls(file, room, str(label), bool(notes.get("label_contested", False)), notes)

    @property
    def name(self) -> str:
        """The case's id, else the name of its file."""
        return str(self.notes.get("id") or Path(self.file).stem)


@dataclass(frozen=True)
class Comparison:
    """One line of an evaluation.

    Attributes
    ----------
    agreement : {"yes", "near", "no", "n/a"}
        ``near`` where a true partnership is seen as possible or in the making.
    """

    case: Case
    kind: str
    distance: float | None
    agreement: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values with stable keys."""
        return {
            "id": self.case.name,
            "file": Path(self.case.file).name,
            "label": self.case.label,
            "label_contested": self.case.contested,
            "kind": self.kind,
            "distance": self.distance,
            "agreement": self.agreement,
        }


def agreement(label: str, kind: str) -> str:
    """Compare a label with a kind.

    Examples
    --------
    >>> agreement("logo_only", "logo"), agreement("true_partnership", "possible")
    ('yes', 'near')
    """
    if label in NOT_COMPARABLE:
        return "n/a"
    if kind in AGREES[label]:
        return "yes"
    return "near" if kind in NEARLY.get(label, frozenset()) else "no"


def compare(case: Case) -> Comparison:
    """Judge a case and compare the kind with its label."""
    verdict = judge(case.room)
    return Comparison(case, verdict.kind, verdict.distance, agreement(case.label, verdict.kind))


def read_cases(folder: str | Path) -> list[Case]:
    """Read all room files of a folder that carry a label, sorted by file name."""
    path = Path(folder)
    if not path.is_dir():
        raise FileError(N_("There is no such folder."), file=str(folder))
    files = sorted(p for p in path.iterdir() if p.suffix in {".yaml", ".yml", ".json"})
    if not files:
        raise FileError(N_("The folder holds no room files (.yaml, .json)."), file=str(folder))
    return [read_case(file) for file in files]


def count(comparisons: Iterable[Comparison]) -> dict[str, int]:
    """Count the agreements of an evaluation."""
    counts = {"yes": 0, "near": 0, "no": 0, "n/a": 0}
    for comparison in comparisons:
        counts[comparison.agreement] += 1
    return counts
