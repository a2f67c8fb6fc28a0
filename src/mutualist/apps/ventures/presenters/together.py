"""“Returns add. Risks don’t.”: what is carried apart, added up, and really."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.figures import percent as place
from mutualist.apps.core.figures import width
from mutualist.apps.ventures.words import money, percent
from mutualist.domain.venture.diversification import Together, sharing_floor
from mutualist.library.venture_outcomes import Outcomes

#: Below this part of what is carried apart a saving is called almost nothing.
HARDLY = 0.05


def together(
    outcomes: Outcomes, mine: str | None, correlation: float | None
) -> dict[str, Any] | None:
    """Return what sharing saves for the own business; None where none is described."""
    described = outcomes.run.description
    shown = mine if mine is not None else next(iter(outcomes.run.business), None)
    if shown not in outcomes.run.business:
        return None
    found = outcomes.diversification(correlation)[shown]
    currency, name = described.currency, described.parties[shown].name
    rows = [
        (_("%(party)s alone") % {"party": name}, found.business, False),
        (_("%(party)s and its share, added up") % {"party": name}, found.apart, False),
        (_("%(party)s and its share, really") % {"party": name}, found.together, True),
    ]
    # A sample of independent numbers is never quite uncorrelated.
    rho = found.correlation if correlation is not None else round(found.correlation, 1)
    return {
        "rows": _bars(rows, currency),
        "said": _saved(found, currency),
        "floor": _floor(rho),
        "correlation": round(100 * rho),
        "correlation_said": percent(rho),
    }


def pooled(outcomes: Outcomes) -> dict[str, Any]:
    """Return what carrying the venture together saves against every party’s bad end added up."""
    names = {key: party.name for key, party in outcomes.run.description.parties.items()}
    currency = outcomes.run.description.currency
    found = outcomes.pooled()
    rows = [
        (name, loss, False) for name, loss in zip(names.values(), found.stand_alone, strict=True)
    ]
    if len(names) > 1:
        rows += [(_("Added up"), found.apart, False), (_("Together, really"), found.together, True)]
    return {"rows": _bars(rows, currency), "said": _pooled(found, len(names), currency)}


def _pooled(found: Any, parties: int, currency: str) -> str:
    if parties == 1:
        return _("There is one party only: nothing is shared.")
    if found.gain is None:
        return _("Added up, even everybody’s worst 5 of 100 futures bring a gain.")
    saved = found.apart - found.together
    if found.gain < HARDLY:
        if sum(loss > 0 for loss in found.stand_alone) > 1:
            return _(
                "The parties lose in the same futures: sharing the venture saves almost nothing."
            )
        return _("Only one party has a loss to carry: it is not shared.")
    return _("%(saved)s less: the parties do not lose in the same futures.") % {
        "saved": money(saved, currency)
    }


def _bars(rows: Iterable[tuple[str, float, bool]], currency: str) -> list[Mapping[str, Any]]:
    """Place bars on an axis with a zero: to the left of it even the bad end is a gain."""
    listed = list(rows)
    values = [value for _label, value, _strong in listed]
    low, high = min(0.0, *values), max(0.0, *values)
    return [
        {
            "label": label,
            "start": place(min(0.0, value), low, high),
            "width": width(value, low, high),
            "zero": place(0.0, low, high),
            "text": money(value, currency),
            "strong": strong,
        }
        for label, value, strong in listed
    ]


def _saved(found: Together, currency: str) -> str:
    if found.saved_share is None:
        return _("Nothing is uncertain here: there is nothing to save.")
    if found.common_shock:
        return _(
            "Almost nothing is saved by sharing: what hits your business hits the venture too."
        )
    return _("%(saved)s are saved by sharing.") % {"saved": money(found.saved, currency)}


def _floor(correlation: float) -> str:
    """Say how far any number of partners could bring the risk down."""
    if correlation <= 0:
        return _("As long as the two do not move together, more partners always lower the risk.")
    return _(
        "If all risks move together by %(rho)s, no number of partners brings them below %(floor)s of what they were (the square root of it)."
    ) % {"rho": percent(correlation), "floor": percent(sharing_floor(correlation))}
