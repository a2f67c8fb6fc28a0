"""A planned venture: read it, simulate it, and get its outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mutualist.domain.venture import Description, read_description
from mutualist.library.files import Source
from mutualist.library.venture_files import read_mapping

if TYPE_CHECKING:
    import numpy as np

    from mutualist.domain.assess import Room
    from mutualist.library.venture_outcomes import Outcomes

Progress = Callable[[int, int], None]
_UNITS = 4


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
        """Read a venture file (YAML or JSON); ``"-"`` is standard input.

        Raises
        ------
        FileError
            When the file can't be read.
        VentureError
            With everything in it that is wrong.
        """
        return cls.from_dict(read_mapping(source))

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Venture:
        """Check a mapping of the venture format.

        Raises
        ------
        VentureError
            With everything in it that is wrong.
        """
        return cls(read_description(source))

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
        return Outcomes(run)

    def __repr__(self) -> str:
        """Return one line."""
        periods = self.description.periods
        horizon = f"{periods.count} {periods.unit}s"
        return f"<Venture {self.name or '?'}: {', '.join(self.parties.values())}, {horizon}>"
