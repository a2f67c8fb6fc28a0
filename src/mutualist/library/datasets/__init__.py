"""Fictional rooms that come with the package.

>>> from mutualist import datasets
>>> datasets.load_pumpenpuls(round=1).parties
{'A': 'Nordwerk Pumpen AG', 'B': 'Tauwerk Sensorik GmbH'}
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mutualist.domain.assess import Room

ARCHETYPES: Final = (
    "true_partnership",
    "possible",
    "in_the_making",
    "supplier",
    "distributor",
    "logo",
    "still_open",
)


def load_pumpenpuls(round: int = 1) -> Room:  # noqa: A002
    """Return the worked example: a pump maker and a sensor firm, before and after their talk.

    Parameters
    ----------
    round : {1, 2}
        Round 1 is a supplier relationship, round 2 a true partnership.
    """
    if round not in {1, 2}:
        raise ValueError(f"round {round!r}: PumpenPuls has the rounds 1 and 2")
    return _load(f"pumpenpuls-{round}")


def load_archetype(kind: str) -> Room:
    """Return a room whose answers make exactly one kind.

    Parameters
    ----------
    kind : str
        One of ``ARCHETYPES``.
    """
    if kind not in ARCHETYPES:
        raise ValueError(f"kind {kind!r}: there are {', '.join(ARCHETYPES)}")
    return _load(kind)


def load_archetypes() -> dict[str, Room]:
    """Return one room per kind."""
    return {kind: load_archetype(kind) for kind in ARCHETYPES}


def _load(name: str) -> Room:
    from mutualist.domain.assess import Room
    from mutualist.library.files import load_yaml

    content = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return Room.from_dict(load_yaml(content, file=f"{name}.yaml"))
