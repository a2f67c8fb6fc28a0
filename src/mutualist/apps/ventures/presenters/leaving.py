"""When a party would rationally leave, what that leaves to the others, and who is tied more than the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutualist.apps.ventures.words import language, money, percent, plain
from mutualist.domain.shared.errors import MutualistError
from mutualist.domain.venture.accounts import account
from mutualist.domain.venture.holdup import Tied, holdups
from mutualist.domain.venture.stopgap_exit import Clauses
from mutualist.library.stopgap import rational_exits
from mutualist.library.venture_outcomes import Outcomes
from mutualist.library.ventures import Venture

#: Futures of the regression behind an exit; more options than these nobody compares.
FUTURES, MOST = 4096, 4
#: All single payments of these futures are kept; fewer futures where there are many of them.
CELLS, FEWEST = 4_000_000, 256
STEPS = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the two kinds of sliders of this part stand.

    Attributes
    ----------
    tied
        Part of each party’s outlay that is worth nothing elsewhere; all of it where nobody says otherwise.
    fee
        A break fee that is agreed.
    """

    tied: Mapping[str, float]
    fee: float

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Asked:
        """Read the sliders of an address; what is no number stays where it was."""
        tied = {
            key.removeprefix("tied-"): _number(given[key], 100) / 100
            for key in given
            if key.startswith("tied-")
        }
        return cls(tied, _number(given.get("fee"), 0, most=1e12))


def _number(given: Any, otherwise: float, most: float = 100) -> float:
    try:
        value = float(given)
    except (TypeError, ValueError):
        return otherwise
    return min(most, max(0.0, value)) if math.isfinite(value) else otherwise


def leaving(
    venture: Venture,
    outcomes: Outcomes,
    called: Callable[[str], str],
    asked: Asked,
    *,
    futures: int = FUTURES,
) -> dict[str, Any]:
    """Return what the part on leaving early shows.

    Parameters
    ----------
    venture, outcomes
        The venture and its futures as the sliders stand.
    called
        Names options.
    asked
        Where the sliders of this part stand.
    futures
        Futures behind each exit, at most.
    """
    described = venture.description
    size = len(described.parties) * (described.periods.count + 1)
    count = max(FEWEST, min(futures, CELLS // size))
    stops = [one for one in described.options.values() if one.type == "stop"][:MOST]
    found: list[dict[str, Any]] = []
    fees = [0.0]
    for option in stops:
        shown: dict[str, Any] = {
            "name": called(option.id),
            "party": described.parties[option.party].name,
            "others": [],
        }
        try:
            exits = rational_exits(venture, option.id, n=count, seed=outcomes.seed)
        except MutualistError as error:
            shown["problem"] = _message(error)
        else:
            shown["others"] = [
                {
                    "name": described.parties[party].name,
                    "sentence": exits.sentence(party, language()),
                    "clauses": clauses,
                    "figures": _figures(clauses, described),
                    "covered": _covered(clauses, asked.fee, described.currency),
                }
                for party, clauses in exits.clauses.items()
            ]
            fees += [clauses.break_fee for clauses in exits.clauses.values()]
        found.append(shown)
    bound = _bound(outcomes, {one.party for one in stops}, asked)
    return {
        "options": found,
        "futures": plain(count),
        **bound,
        "fee": _slider(asked.fee, max(fees) or max(bound["outlays"])),
    }


def _message(error: MutualistError) -> str:
    said: Any = getattr(error, "message", None)
    return str(said(language())) if callable(said) else str(error)


def _figures(found: Clauses, described: Any) -> list[tuple[str, str]]:
    currency, periods = described.currency, described.periods
    return [
        (_("By then half of all futures have ended"), _when(found.median_period, periods)),
        (_("Notice that makes it whole"), _notice(found, periods)),
        (_("Minimum volume that makes it whole"), percent(found.minimum_volume)),
        (_("Break fee that makes it whole"), money(found.break_fee, currency)),
    ]


def _when(period: int | None, periods: Any) -> str:
    """Say a period with the years that have gone by."""
    if period is None:
        return _("never: fewer than half end early")
    years = plain(period / periods.per_year, 1)
    return _("period %(period)s, after %(years)s years") % {"period": period, "years": years}


def _notice(found: Clauses, periods: Any) -> str:
    if found.notice_periods is None:
        return _("none is long enough")
    months = round(found.notice_periods * 12 / periods.per_year)
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def _covered(found: Clauses, fee: float, currency: str) -> str:
    if fee <= 0 or found.break_fee <= 0:
        return ""
    values = {"fee": money(fee, currency), "part": percent(min(1.0, fee / found.break_fee))}
    return _("A break fee of %(fee)s covers %(part)s of what is missing.") % values


def _bound(outcomes: Outcomes, leavers: set[str], asked: Asked) -> dict[str, Any]:
    """Return how far each party has tied itself, and who is exposed to whom."""
    described = outcomes.run.description
    currency = described.currency
    tied = []
    for key, party in described.parties.items():
        # Who may leave is not the one whom a break fee protects.
        protections = 0.0 if key in leavers else asked.fee
        outlay = account(outcomes.run, key).invested
        part = asked.tied.get(key, 1.0)
        tied.append(Tied(party.name, outlay, part, protections, key in leavers))
    return {
        "outlays": [one.outlay for one in tied],
        "tied": [
            {
                "key": f"tied-{key}",
                "name": one.name,
                "outlay": money(one.outlay, currency),
                "exposure": money(one.exposure, currency),
                "value": round(100 * one.specificity),
                "text": percent(one.specificity),
            }
            for key, one in zip(described.parties, tied, strict=True)
        ],
        "flags": [_flag(one) for one in holdups(tied)],
    }


def _flag(found: Any) -> str:
    if found.ratio is None:
        return _(
            "%(exposed)s is tied and %(other)s is not, and %(other)s can leave or build it itself."
        ) % {"exposed": found.exposed, "other": found.other}
    return str(found.sentence(language()))


def _slider(value: float, needed: float) -> dict[str, Any] | None:
    """Return a slider for the break fee with round steps, up to twice what would be needed."""
    if not math.isfinite(needed) or needed <= 0:
        return None
    size = 2 * needed / STEPS
    power = 10.0 ** math.floor(math.log10(size))
    step = power * next((factor for factor in (1, 2, 5) if size <= factor * power), 10)
    high = step * math.ceil(2 * needed / step)
    return {
        "value": f"{min(value, high):.10g}",
        "step": f"{step:.10g}",
        "high": f"{high:.10g}",
        "text": plain(min(value, high)),
    }
