"""Outcomes of a simulated venture: arrays, figures, fifty futures, files."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mutualist.domain.venture.measures import (
    Measures,
    Shares,
    balance,
    joint_values,
    measure_values,
    share_all,
)
from mutualist.domain.venture.problems import refuse
from mutualist.library.tables import Table

if TYPE_CHECKING:
    import numpy as np

    from mutualist.domain.venture.simulation import Simulated

SCHEMA: Final = "simulation/1"
JOINT: Final = "joint"


class Outcomes:
    """What many futures of a venture bring to each party.

    Parameters
    ----------
    run : Simulated
        From :meth:`Venture.simulate`.

    Attributes
    ----------
    parties : tuple of str
        Ids in the order of the rows.
    n, seed, method
        How it was simulated.
    """

    def __init__(self, run: Simulated) -> None:
        self.run = run
        self.parties = tuple(run.description.parties)
        self.n, self.seed, self.method = run.count, run.seed, run.method

    @property
    def present_values(self) -> np.ndarray[Any, Any]:
        """Present value, shape (parties, scenarios), float32."""
        return self.run.values

    @property
    def peak_exposure(self) -> np.ndarray[Any, Any]:
        """Deepest cumulative outlay, shape (parties, scenarios), float32."""
        return self.run.outlay

    @property
    def flows(self) -> np.ndarray[Any, Any]:
        """Cash flow, shape (parties, scenarios, periods).

        Raises
        ------
        VentureError
            When the run did not keep them.
        """
        if self.run.flows is None:
            raise refuse("", "no_flows")
        return self.run.flows

    @cached_property
    def joint(self) -> np.ndarray[Any, Any]:
        """Present value of all together, shape (scenarios,), float64."""
        return joint_values(self.run)

    @cached_property
    def _measured(self) -> tuple[dict[str, Measures], Measures]:
        run = self.run
        last = run.description.periods.count
        each = {
            party: measure_values(run.values[row], run.outlay[row], run.payback[row], last)
            for row, party in enumerate(self.parties)
        }
        return each, measure_values(self.joint, run.joint_outlay, run.joint_payback, last)

    def measures(self) -> dict[str, Measures]:
        """Return the figures of each party."""
        return self._measured[0]

    @property
    def joint_measures(self) -> Measures:
        """Figures of all parties together."""
        return self._measured[1]

    @cached_property
    def _shared(self) -> tuple[tuple[Shares, ...], float]:
        return share_all(self.run.values, self.joint)

    def shares(self) -> dict[str, Shares]:
        """Return exposure, risk share and return share of each party."""
        return dict(zip(self.parties, self._shared[0], strict=True))

    @property
    def balance(self) -> float | None:
        """1 - half the sum of |risk share - return share|."""
        return balance(self._shared[0])

    def summary(self) -> Table:
        """Return the figures as a table, a row per party and one for all together."""
        rows: list[dict[str, Any]] = []
        shares = self.shares()
        for party, measures in (*self.measures().items(), (JOINT, self.joint_measures)):
            row = {"party": party, **measures.to_dict()}
            own = shares.get(party)
            row["exposure"] = own.exposure if own else None
            row["risk_share"] = own.risk if own else None
            row["return_share"] = own.return_ if own else None
            rows.append(row)
        return Table(list(rows[0]), rows)

    def dots(self, count: int = 50) -> Table:
        """Return equally likely futures per party, the worst first.

        Parameters
        ----------
        count : int
            How many; each stands for the same number of scenarios and shows the one in their middle.

        Returns
        -------
        Table
            Columns party, dot (from 1), value, loss.
        """
        import numpy as np

        rows = []
        for row, party in enumerate(self.parties):
            ordered = np.sort(self.run.values[row])
            places = ((np.arange(count) + 0.5) * self.n / count).astype(int)
            for dot, value in enumerate(ordered[places], 1):
                found = float(value)
                rows.append({"party": party, "dot": dot, "value": found, "loss": found < 0})
        return Table(["party", "dot", "value", "loss"], rows)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the arrays, ``simulation/1``."""
        described = self.run.description
        shares = self.shares()
        return {
            "schema": SCHEMA,
            "venture": described.name,
            "currency": described.currency,
            "scenarios": self.n,
            "seed": self.seed,
            "method": self.method,
            "parties": [
                {
                    "id": party,
                    "name": described.parties[party].name,
                    **measures.to_dict(),
                    "exposure": shares[party].exposure,
                    "risk_share": shares[party].risk,
                    "return_share": shares[party].return_,
                    "es_contribution": shares[party].es_contribution,
                }
                for party, measures in self.measures().items()
            ],
            "joint": self.joint_measures.to_dict(),
            "balance": self.balance,
        }

    def __repr__(self) -> str:
        """Return one line."""
        name = self.run.description.name or "?"
        return f"<Outcomes of {name}: {len(self.parties)} parties, {self.n:,} scenarios>"
