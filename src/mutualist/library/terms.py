"""From a fair split to terms, for whoever computes with Python."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mutualist.domain.venture.terms_proposal_ventures import TermsProposal
    from mutualist.library.ventures import Venture


def propose_terms(
    venture: Venture,
    target: str | Sequence[float] = "shapley",
    *,
    aim: str = "mean",
    bounds: Mapping[str, tuple[float, float]] | None = None,
    fixed: Collection[str] = (),
    most_changes: int | None = None,
    n: int = 4096,
    seed: int = 0,
) -> TermsProposal:
    """Return the terms that bring a venture closest to a target split.

    Parameters
    ----------
    venture : Venture
        The venture with today's terms.
    target : str or sequence of float
        A rule of `Split`, or what each party shall get in expectation; with ``aim="risk"`` its part of the joint risk.
    aim : {"mean", "risk"}
        What the target is about.
    bounds : mapping, optional
        Least and most per term.
    fixed : collection of str
        Terms that stay as they are.
    most_changes : int, optional
        How many terms may change.
    n, seed
        Scenarios, and the start of their random numbers.

    Returns
    -------
    TermsProposal
        Changes, and simulated figures today and as proposed.

    Raises
    ------
    SplitError
        When a term or rule is unknown, or the rule has no result for this venture.

    Examples
    --------
    >>> import mutualist as mu
    >>> venture = mu.Venture.from_template("revenue_share")
    >>> found = propose_terms(venture, [100.0, 100.0])
    >>> found.parties
    ('A', 'B')
    """
    import numpy as np

    from mutualist.domain.venture.split import SplitError
    from mutualist.domain.venture.terms_proposal_ventures import propose_terms as propose
    from mutualist.library.split import Split

    if isinstance(target, str):
        split = Split(target).fit(venture.simulate(n, seed))
        if split.shares_ is None:
            first = split.result_.warnings[0]
            raise SplitError(first.code, **first.values)
        wanted: Any = split.shares_
    else:
        wanted = target
    return propose(
        venture.description,
        np.asarray(wanted, dtype=np.float64),
        aim=aim,
        bounds=bounds,
        fixed=fixed,
        most_changes=most_changes,
        count=n,
        seed=seed,
    )


def document(found: TermsProposal) -> dict[str, Any]:
    """Return ``terms-proposal/1``; figures are simulated, parts of the risk null where there is none."""
    import math

    def listed(values: Any) -> list[float | None]:
        return [None if math.isnan(value) else float(value) for value in values]

    return {
        "schema": "terms-proposal/1",
        "parties": list(found.parties),
        "aim": found.aim,
        "target": listed(found.target),
        "possible": found.possible,
        "changes": [
            {
                "term": change.term,
                "today": change.today,
                "proposed": change.proposed,
                "effects": list(change.effects),
            }
            for change in found.changes
        ],
        "today": {"means": listed(found.means_today), "risk": listed(found.risk_today)},
        "achieved": {"means": listed(found.means), "risk": listed(found.risk)},
        "distance": {"today": found.proposal.distance_today, "achieved": found.proposal.distance},
    }
