"""From a fair split to terms: today's, the proposal, and what each change does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mutualist.apps.ventures.words import money, per_cent_sign, percent, plain
from mutualist.library.terms import document


def proposal_view(
    found: Any, described: Mapping[str, Any], called: Callable[[str], str], currency: str
) -> dict[str, Any]:
    """Return what the page shows of a proposal; figures are simulated, not aimed at."""
    said = document(found)
    names = [described["parties"][key].get("name", key) for key in said["parties"]]
    rows = [
        {
            "name": called(change["term"]),
            "today": _rate(change["today"], described["terms"][change["term"]]),
            "proposed": _rate(change["proposed"], described["terms"][change["term"]]),
            "effects": [_more(one, currency) for one in change["effects"]],
        }
        for change in said["changes"]
    ]
    return {
        "parties": names,
        "changes": rows,
        "possible": said["possible"],
        "table": [
            {
                "name": name,
                "target": _amount(said["target"][at], currency),
                "today": _amount(said["today"]["means"][at], currency),
                "reached": _amount(said["achieved"]["means"][at], currency),
                "risk_today": percent(said["today"]["risk"][at]),
                "risk": percent(said["achieved"]["risk"][at]),
            }
            for at, name in enumerate(names)
        ],
    }


def _amount(value: float | None, currency: str) -> str:
    return "–" if value is None else money(value, currency)


def _more(value: float, currency: str) -> str:
    """Write a change with its sign."""
    text = money(value, currency)
    return f"+{text}" if value > 0 and text != money(0, currency) else text


def _rate(value: float, term: Mapping[str, Any]) -> str:
    """Write a rate as its kind of term counts it: a share as per cent, else an amount."""
    if term.get("type") in {"share", "reimbursement"}:
        return f"{plain(100 * value, 1)}{per_cent_sign()}"
    return plain(value, 2)
