"""What moves the joint result most: from the low to the high end of each uncertain quantity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mutualist.apps.core.figures import percent as place
from mutualist.apps.core.figures import width
from mutualist.apps.ventures.words import money
from mutualist.library.venture_outcomes import Outcomes

#: More than so many nobody compares.
MOST = 8


def tornado(outcomes: Outcomes, called: Callable[[str], str]) -> dict[str, Any] | None:
    """Return a bar per quantity, the strongest first; None where nothing is uncertain."""
    rows = sorted(outcomes.sensitivity(), key=lambda row: -abs(row["strength"]))
    top = max((abs(row["strength"]) for row in rows), default=0.0)
    chosen = [row for row in rows if abs(row["strength"]) > 0.02 * top][:MOST]
    if not chosen:
        return None
    mean, currency = outcomes.joint_measures.mean, outcomes.run.description.currency
    ends = [end for row in chosen for end in (row["low"], row["high"], mean)]
    low, high = min(ends), max(ends)
    return {
        "middle": place(mean, low, high),
        "mean": money(mean, currency),
        "rows": [
            {
                "label": called(row["name"]),
                "low": money(row["low"], currency),
                "high": money(row["high"], currency),
                "parts": [
                    {
                        "x": place(min(row[end], mean), low, high),
                        "width": width(row[end] - mean, low, high),
                        "low": end == "low",
                    }
                    for end in ("low", "high")
                ],
            }
            for row in chosen
        ],
    }
