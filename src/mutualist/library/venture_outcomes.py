"""Outcomes of a simulated venture: arrays, figures, fifty futures, files."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mutualist.domain.venture.diversification import (
    Pooled,
    Together,
    compare_together,
    pool_risks,
)
from mutualist.domain.venture.measures import (
    Measures,
    Shares,
    balance,
    joint_values,
    measure_all,
    share_all,
)
from mutualist.domain.venture.nature import Nature, compare_witnesses, judge
from mutualist.domain.venture.problems import refuse
from mutualist.domain.venture.sensitivity import tornado
from mutualist.library.tables import FrameKind, Table

if TYPE_CHECKING:
    import numpy as np

    from mutualist.domain.venture.simulation import Simulated
    from mutualist.library.verdict import Verdict

SCHEMA: Final = "simulation/1"
JOINT: Final = "joint"


class Outcomes:
    """What many futures of a venture bring to each party.

    Parameters
    ----------
    run : Simulated
        From :meth:`Venture.simulate`.
    workers : int
        Threads for the figures; they change none.

    Attributes
    ----------
    parties : tuple of str
        Ids in the order of the rows.
    n, seed, method
        How it was simulated.

    Examples
    --------
    >>> from mutualist import Venture
    >>> outcomes = Venture.from_template("supplier_contract").simulate(n=10_000, seed=42)
    >>> outcomes.nature().kind
    'supplier'
    >>> outcomes.present_values.shape
    (2, 10000)
    """

    def __init__(self, run: Simulated, workers: int = 1) -> None:
        self.run = run
        self.workers = workers
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
    def payback(self) -> np.ndarray[Any, Any]:
        """Period of payback, shape (parties, scenarios); one more than the last when there is none."""
        return self.run.payback

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
        *each, joint = measure_all(self.run, self.joint, self.workers)
        return dict(zip(self.parties, each, strict=True)), joint

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

    def nature(self) -> Nature:
        """Return what the flows make of the relationship, with kind and reason per party."""
        return judge(self.run, joint=self.joint, shared=self._shared)

    def compare(self, verdict: Verdict, lang: str = "en") -> str:
        """Return one sentence when a room's result and the flows disagree, else an empty text."""
        from mutualist.library import rules

        words = rules.builtin().kinds[verdict.kind].words
        score = max(verdict.scores.values())
        both = {"de": words["de"], "en": words["en"]}
        said = compare_witnesses(self.nature(), verdict.kind, both, score)
        return said[lang] if said else ""

    def diversification(self, correlation: float | None = None) -> dict[str, Together]:
        """Return, per party with a business of its own, what business and venture risk apart and together.

        Parameters
        ----------
        correlation : float, optional
            Of business and venture; as described if left out.
        """
        if correlation is not None and not -1 <= correlation <= 1:
            raise refuse("correlation", "out_of_range", value=correlation, low=-1, high=1)
        return {
            party: compare_together(self.run, party, correlation) for party in self.run.business
        }

    def pooled(self) -> Pooled:
        """Return what carrying the venture together saves against carrying the parts apart."""
        each, joint = self._measured
        return pool_risks([one.es95 for one in each.values()], joint.es95)

    def sensitivity(self, party: str = "", method: str = "rank") -> Table:
        """Return which uncertain quantity moves a present value most.

        Parameters
        ----------
        party : str
            Whose; empty for the joint one.
        method : {"rank", "variance"}
            Standardised rank regression, or part of the variance explained alone.
        """
        if party and party not in self.parties:
            raise refuse("party", "unknown_party", name=party, known=self.parties)
        columns = ["name", "strength", "low", "high"]
        found = tornado(self.run, party, method)
        return Table(columns, [{name: getattr(one, name) for name in columns} for one in found])

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

    def losses_of(self, count: int = 50) -> dict[str, int]:
        """Return in how many of so many futures each party loses money."""
        lost = dict.fromkeys(self.parties, 0)
        for row in self.dots(count):
            lost[row["party"]] += row["loss"]
        return lost

    def columns(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return one column per party and figure, a value a scenario."""
        found: dict[str, np.ndarray[Any, Any]] = {}
        for row, party in enumerate(self.parties):
            found[f"value_{party}"] = self.run.values[row]
            found[f"outlay_{party}"] = self.run.outlay[row]
            found[f"payback_{party}"] = self.run.payback[row]
        found["value_joint"] = self.joint
        found["outlay_joint"] = self.run.joint_outlay
        return found

    def frame(self, kind: FrameKind = "pyarrow") -> Any:
        """Return all scenarios as a data frame of pandas, polars or pyarrow.

        Columns are ``value_<party>``, ``outlay_<party>``, ``payback_<party>``, ``value_joint`` and ``outlay_joint``.
        """
        import narwhals as nw

        return nw.from_dict(self.columns(), backend=kind).to_native()

    def write(self, target: str | Path) -> None:
        """Write all scenarios to a Parquet file; it appears when it is whole, or not at all."""
        from mutualist.library.venture_files import write_parquet

        about = {key: self.to_dict()[key] for key in ("schema", "venture", "currency", "seed")}
        write_parquet(Path(target), self.columns(), json.dumps(about))

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the arrays, ``simulation/1``."""
        described = self.run.description
        return {
            "schema": SCHEMA,
            "venture": described.name,
            "currency": described.currency,
            "periods": {"unit": described.periods.unit, "count": described.periods.count},
            "scenarios": self.n,
            "seed": self.seed,
            "method": self.method,
            "parties": self._party_dicts(),
            "joint": self.joint_measures.to_dict(),
            "balance": self.balance,
            "nature": self.nature().to_dict(),
            "pooled": {
                "apart": (pooled := self.pooled()).apart,
                "together": pooled.together,
                "gain": pooled.gain,
            },
            "sensitivity": self.sensitivity().to_list(),
        }

    def _party_dicts(self) -> list[dict[str, Any]]:
        together, lost, shares = self.diversification(), self.losses_of(50), self.shares()
        return [
            {
                "id": party,
                "name": self.run.description.parties[party].name,
                **measures.to_dict(),
                "losses_of_50": lost[party],
                "exposure": shares[party].exposure,
                "risk_share": shares[party].risk,
                "return_share": shares[party].return_,
                "es_contribution": shares[party].es_contribution,
                "diversification": together[party].to_dict() if party in together else None,
            }
            for party, measures in self.measures().items()
        ]

    def to_json(self) -> str:
        """Return ``to_dict()`` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def __repr__(self) -> str:
        """Return one line."""
        name = self.run.description.name or "?"
        return f"<Outcomes of {name}: {len(self.parties)} parties, {self.n:,} scenarios>"

    def _repr_html_(self) -> str:
        """Return the summary for notebooks."""
        return self.summary()._repr_html_()
