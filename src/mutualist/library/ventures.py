"""A planned venture: read it, simulate it, and get its outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mutualist.domain.venture import Description, read_description
from mutualist.domain.venture.templates import TEMPLATES, template, with_parties
from mutualist.library.files import Source
from mutualist.library.venture_files import dump_venture, read_venture

if TYPE_CHECKING:
    import numpy as np

    from mutualist.domain.assess import Room
    from mutualist.library.venture_outcomes import Outcomes

Progress = Callable[[int, int], None]


@dataclass(frozen=True, repr=False)
class Venture:
    """A venture as it is described: parties, what is uncertain, lines, terms and options.

    Parameters
    ----------
    description : Description
        Checked values; make them with :meth:`from_file`, :meth:`from_dict`, :meth:`from_template` or
        :meth:`from_room`.

    Examples
    --------
    >>> venture = Venture.from_template("revenue_share")
    >>> outcomes = venture.simulate(n=10_000, seed=42)
    >>> outcomes.parties
    ('A', 'B')
    """

    description: Description

    @classmethod
    def from_file(cls, source: Source) -> Venture:
        """Read a venture file (YAML, JSON or workbook); ``"-"`` is standard input.

        Raises
        ------
        FileError
            When the file can't be read; of a workbook ``WorkbookError``, with one problem per cell.
        VentureError
            With everything in it that is wrong.
        """
        return cls(read_venture(source))

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Venture:
        """Check a mapping of the venture format.

        Raises
        ------
        VentureError
            With everything in it that is wrong.
        """
        return cls(read_description(source))

    @classmethod
    def from_template(cls, name: str, parties: Mapping[str, str] | None = None) -> Venture:
        """Take one of the six templates, with parties of your own where they are given.

        Parameters
        ----------
        name : str
            One of :func:`venture_templates`.
        parties : mapping, optional
            Id to name, in the order of the template's parties.
        """
        source = template(name)["venture"]
        return cls.from_dict(with_parties(source, parties) if parties else source)

    @classmethod
    def from_room(
        cls, room: Room, template: str | None = None, *, discount: float = 0.08
    ) -> Venture:
        """Begin a venture with the parties and the frame of a room.

        Parameters
        ----------
        room : Room
            Gives parties, name, currency and horizon.
        template : str, optional
            A template to fill in with the parties; without it no flows are described yet.
        discount : float
            Yearly rate of every party where there is no template.
        """
        source = _of_template(room, template) if template else _of_frame(room, discount)
        return cls.from_dict(source)

    @property
    def name(self) -> str:
        """Name of the venture."""
        return self.description.name

    @property
    def parties(self) -> dict[str, str]:
        """Party id to name."""
        return {party.id: party.name for party in self.description.parties.values()}

    def to_dict(self) -> dict[str, Any]:
        """Return the mapping it was read from."""
        return dict(self.description.source)

    def write(self, target: str | Path, lang: str = "en") -> None:
        """Write the venture as YAML, JSON or workbook, by the ending; ``lang`` is that of a workbook's headings."""
        path = Path(target)
        path.write_bytes(dump_venture(self.to_dict(), path.suffix.lower(), lang))

    def simulate(
        self,
        n: int = 10_000,
        seed: int | np.random.Generator = 0,
        workers: int = 1,
        *,
        method: str = "philox",
        flows: bool = False,
        progress: Progress | None = None,
    ) -> Outcomes:
        """Simulate many futures.

        Parameters
        ----------
        n : int
            Number of scenarios.
        seed : int or numpy.random.Generator
            The same whole number gives the same bits; a generator gives one.
        workers : int
            Threads; they change no bit.
        method : {"philox", "sobol"}
            Pseudo-random, or quasi-random for a power of two up to 65,536 scenarios.
        flows : bool
            Keep every cash flow.
        progress : callable, optional
            Called with scenarios done and in all; may raise to stop.

        Returns
        -------
        Outcomes
            Arrays and figures per party.
        """
        from mutualist.domain.venture.simulation import simulate
        from mutualist.library.venture_outcomes import Outcomes

        number = seed if not hasattr(seed, "integers") else int(seed.integers(2**63))
        run = simulate(
            self.description,
            n,
            number,
            workers=workers,
            method=method,
            flows=flows,
            progress=progress,
        )
        return Outcomes(run, workers)

    def __repr__(self) -> str:
        """Return one line."""
        periods = self.description.periods
        horizon = f"{periods.count} {periods.unit}s"
        return f"<Venture {self.name or '?'}: {', '.join(self.parties.values())}, {horizon}>"


def venture_templates() -> dict[str, dict[str, str]]:
    """Return the templates: name to German and English title.

    Examples
    --------
    >>> venture_templates()["resale"]["en"]
    'Resale with margin'
    """
    found = {name: template(name) for name in TEMPLATES}
    return {
        name: {lang: one[lang]["title"] for lang in ("de", "en")} for name, one in found.items()
    }


def _of_template(room: Room, name: str) -> dict[str, Any]:
    source = with_parties(template(name)["venture"], room.parties)
    frame = room.frame
    return {
        **source,
        "name": frame.get("name") or source["name"],
        "currency": frame.get("currency") or source["currency"],
    }


def _of_frame(room: Room, discount: float) -> dict[str, Any]:
    frame = room.frame
    return {
        "name": frame.get("name") or "",
        "currency": frame.get("currency") or "EUR",
        "periods": {"unit": "quarter", "count": round(4 * float(frame.get("horizon") or 5))},
        "parties": {
            party: {"name": name, "discount": discount} for party, name in room.parties.items()
        },
    }
