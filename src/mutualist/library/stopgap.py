"""The stopgap option for whoever computes with Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mutualist.domain.venture.stopgap import Stopgap, income_at_risk, stopgap
from mutualist.library.words import language

if TYPE_CHECKING:
    from mutualist.domain.venture.stopgap_ventures import VentureExit
    from mutualist.library.ventures import Venture

__all__ = [
    "Stopgap",
    "document",
    "exits_document",
    "income_at_risk",
    "rational_exits",
    "stopgap",
]


def document(found: Stopgap, lang: str | None = None) -> dict[str, Any]:
    """Return ``stopgap/1``.

    Examples
    --------
    >>> round(document(stopgap(r=0.04, delta=0.04, sigma=0.2, cost=1, value=1))["kept"], 9)
    0.75
    """
    figures = asdict(found)
    codes = figures.pop("warnings")
    said = list(found.sentences(language(lang)))
    return {"schema": "stopgap/1", **figures, "warnings": said, "codes": list(codes)}


def rational_exits(venture: Venture, option: str, *, n: int = 8192, seed: int = 0) -> VentureExit:
    """Return when a party would rationally use its option to stop, and what that leaves of the others' income.

    Parameters
    ----------
    venture : Venture
        With an option of type ``stop``.
    option : str
        Id of the option.
    n, seed
        Scenarios, and the start of their random numbers.

    Raises
    ------
    VentureError
        When there is no such option.
    """
    from mutualist.domain.venture.stopgap_ventures import venture_exit

    return venture_exit(venture.description, option, count=n, seed=seed)


def exits_document(found: Iterable[VentureExit]) -> dict[str, Any]:
    """Return ``exits/1``: one entry per option, with what the other parties keep and what would make them whole."""
    return {
        "schema": "exits/1",
        "options": [
            {
                "option": one.option,
                "party": one.party,
                "probability": one.exits.probability,
                "value": one.exits.value,
                "error": one.exits.error,
                "others": [
                    {
                        "party": other,
                        "kept": clause.kept,
                        "income": clause.income,
                        "median_period": clause.median_period,
                        "break_fee": clause.break_fee,
                        "notice_periods": clause.notice_periods,
                        "minimum_volume": clause.minimum_volume,
                    }
                    for other, clause in one.clauses.items()
                ],
            }
            for one in found
        ],
    }
