"""Splits by several rules, one of them recommended, and what each means for the parties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.figures import MARKS
from mutualist.apps.core.figures import percent as place
from mutualist.apps.ventures.presenters.scatter import scatter
from mutualist.apps.ventures.words import language, money
from mutualist.domain.venture.split import SplitError
from mutualist.domain.venture.split.texts import texts
from mutualist.library.split import Comparison, compare_splits
from mutualist.library.venture_outcomes import Outcomes


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: what each party gets, as text and as a stacked bar."""

    rule: str
    name: str
    reason: str
    amounts: Sequence[str]
    shares: Sequence[float]
    parts: Sequence[Mapping[str, Any]]
    is_best: bool
    below: bool
    warnings: Sequence[str]

    @property
    def negative(self) -> bool:
        """Whether somebody pays in."""
        return any(share < 0 for share in self.shares)


@dataclass(frozen=True, slots=True)
class Splits:
    """All rules, the recommended one first; or why there is nothing to split."""

    parties: Sequence[str] = ()
    today: Sequence[str] = ()
    best: Row | None = None
    because: str = ""
    others: Sequence[Row] = ()
    warnings: Sequence[str] = ()
    missing: Sequence[tuple[str, str]] = ()
    scatter: Mapping[str, Any] | None = None
    problem: str = ""


def splits(outcomes: Outcomes, own: Mapping[str, Any], mine: str | None) -> Splits:
    """Return the comparison, or why there is none."""
    lang = language()
    try:
        found = compare_splits(outcomes)
    except SplitError as error:
        return Splits(problem=error.message(lang))
    described = outcomes.run.description
    currency = described.currency
    keys, names = list(described.parties), [one.name for one in described.parties.values()]
    alternative = own.get("best_alternative")
    at = keys.index(mine) if mine in keys else None
    limit = (at, alternative) if at is not None and alternative is not None else None
    shown = [_row(one, found, currency, limit) for one in found.splits if one.shares is not None]
    best = next((row for row in shown if row.is_best), None)
    today = [one.mean for one in outcomes.measures().values()]
    return Splits(
        parties=names,
        today=[money(value, currency) for value in today],
        best=best,
        because=found.recommended.because(lang),
        others=[row for row in shown if not row.is_best],
        warnings=_common(found),
        missing=[
            (texts().name(one.rule, lang), one.warnings[0].message(lang))
            for one in found.splits
            if one.shares is None and one.warnings
        ],
        scatter=scatter(
            _points(shown, today),
            names,
            currency,
            best=best.name if best else "",
            limit=limit,
        ),
    )


def _points(rows: Sequence[Row], today: Sequence[float]) -> list[tuple[str, float, float]]:
    """Return the splits of two parties, with today’s and half for each."""
    if len(today) != 2 or not rows:
        return []
    half = sum(rows[0].shares) / 2
    named = [(row.name, row.shares[0], row.shares[1]) for row in rows]
    return [*named, (_("Half for each"), half, half), (_("Today"), today[0], today[1])]


def _common(found: Comparison) -> list[str]:
    """Return what has to be said whatever the rule."""
    said = [[one.message(language()) for one in split.warnings] for split in found.splits]
    return [text for text in said[0] if all(text in other for other in said)] if said else []


def _row(found: Any, comparison: Comparison, currency: str, limit: tuple[int, float] | None) -> Row:
    lang = language()
    shares = found.shares.tolist()
    common = _common(comparison)
    return Row(
        rule=found.rule,
        name=texts().name(found.rule, lang),
        reason=texts().reason(found.rule, lang),
        amounts=[money(share, currency) for share in shares],
        shares=shares,
        parts=_parts(shares),
        is_best=found.rule == comparison.recommended.rule,
        below=limit is not None and shares[limit[0]] < limit[1],
        warnings=[text for one in found.warnings if (text := one.message(lang)) not in common],
    )


def _parts(shares: Sequence[float]) -> list[Mapping[str, Any]]:
    """Return the pieces of a stacked bar; whoever pays has none."""
    sizes = [max(0.0, share) for share in shares]
    total = sum(sizes)
    starts = accumulate(sizes, initial=0.0)
    return [
        {"x": place(start, 0, total), "width": place(size, 0, total), "mark": row % MARKS}
        for row, (start, size) in enumerate(zip(starts, sizes, strict=False))
        if size > 0
    ]
