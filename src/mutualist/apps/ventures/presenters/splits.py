"""Splits by several rules, one of them recommended, and what each means for the parties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.figures import percent as place
from mutualist.apps.ventures.words import language, money
from mutualist.domain.venture.split import SplitError
from mutualist.domain.venture.split.texts import texts
from mutualist.library.split import Comparison, compare_splits
from mutualist.library.venture_outcomes import Outcomes


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: what each party gets, as text and as a bar."""

    rule: str
    name: str
    reason: str
    amounts: Sequence[str]
    first: str
    is_best: bool
    below: bool
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Splits:
    """All rules, the recommended one first."""

    parties: Sequence[str]
    today: Sequence[str]
    best: Row | None
    because: str
    others: Sequence[Row]
    warnings: Sequence[str]


def splits(outcomes: Outcomes, own: Mapping[str, Any], mine: str | None) -> Splits | None:
    """Return the comparison; None where there is nothing to split."""
    try:
        found = compare_splits(outcomes)
    except SplitError:
        return None
    described = outcomes.run.description
    currency = described.currency
    keys = list(described.parties)
    alternative = own.get("best_alternative")
    at = keys.index(mine) if mine in keys else None
    limit = (at, alternative) if at is not None and alternative is not None else None
    shown = [_row(one, found, currency, limit) for one in found.splits if one.shares is not None]
    lang = language()
    common = _common(found)
    return Splits(
        parties=[party.name for party in described.parties.values()],
        today=[money(one.mean, currency) for one in outcomes.measures().values()],
        best=next((row for row in shown if row.is_best), None),
        because=found.recommended.because(lang),
        others=[row for row in shown if not row.is_best],
        warnings=common,
    )


def _common(found: Comparison) -> list[str]:
    """Return what has to be said whatever the rule."""
    said = [[one.message(language()) for one in split.warnings] for split in found.splits]
    return [text for text in said[0] if all(text in other for other in said)] if said else []


def _row(found: Any, comparison: Comparison, currency: str, limit: tuple[int, float] | None) -> Row:
    lang = language()
    shares = found.shares.tolist()
    common = _common(comparison)
    total = sum(max(0.0, share) for share in shares)
    return Row(
        rule=found.rule,
        name=texts().name(found.rule, lang),
        reason=texts().reason(found.rule, lang),
        amounts=[money(share, currency) for share in shares],
        first=place(shares[0], 0, total),
        is_best=found.rule == comparison.recommended.rule,
        below=limit is not None and shares[limit[0]] < limit[1],
        warnings=[text for one in found.warnings if (text := one.message(lang)) not in common],
    )


def together(
    outcomes: Outcomes, mine: str | None, correlation: float | None
) -> dict[str, Any] | None:
    """Return “Returns add. Risks don’t.” for the own business; None where none is described."""
    described = outcomes.run.description
    shown = mine if mine is not None else next(iter(outcomes.run.business), None)
    if shown not in outcomes.run.business:
        return None
    found = outcomes.diversification(correlation)[shown]
    currency, name = described.currency, described.parties[shown].name
    top = max(found.business, found.apart, found.together, 1e-9)
    rows = [
        (_("%(party)s alone") % {"party": name}, found.business, False),
        (_("%(party)s and its share, added up") % {"party": name}, found.apart, False),
        (_("%(party)s and its share, really") % {"party": name}, found.together, True),
    ]
    return {
        "rows": [
            {
                "label": label,
                "width": place(value, 0, top),
                "text": money(value, currency),
                "strong": strong,
            }
            for label, value, strong in rows
        ],
        "said": _saved(found, currency),
        "correlation": round(100 * found.correlation),
    }


def _saved(found: Any, currency: str) -> str:
    if found.saved_share is None:
        return _("Neither loses in its worst 5 of 100 futures: there is nothing to save.")
    if found.common_shock:
        return _(
            "Almost nothing is saved by sharing: what hits your business hits the venture too."
        )
    return _("%(saved)s are saved by sharing.") % {"saved": money(found.saved, currency)}


def moving(outcomes: Outcomes, called: Any) -> list[dict[str, Any]]:
    """Return what moves the joint result most, the strongest first."""
    rows = sorted(outcomes.sensitivity(), key=lambda row: -abs(row["strength"]))[:8]
    top = max((abs(row["strength"]) for row in rows), default=1.0) or 1.0
    return [
        {
            "label": called(row["name"]),
            "value": 100 * abs(row["strength"]) / top,
            "text": "+" if row["strength"] >= 0 else "−",
        }
        for row in rows
        if abs(row["strength"]) > 0.02 * top
    ]
