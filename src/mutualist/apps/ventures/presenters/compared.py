"""Two versions of a venture side by side: what was changed, and what that does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.ventures.presenters.dots import COUNT
from mutualist.apps.ventures.words import money, percent, plain
from mutualist.library.venture_outcomes import Outcomes


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in both versions."""

    name: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether it is not the same."""
        return self.before != self.after


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """Return every place of the description that differs."""
    old, new = dict(_places(before)), dict(_places(after))
    order = dict.fromkeys((*new, *old))
    lines = (Line(place, _said(old.get(place)), _said(new.get(place))) for place in order)
    return [line for line in lines if line.differs]


def _places(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _places(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _places(inner, f"{place}[{number}]")
    else:
        yield place, value


def _said(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    return plain(value, 4) if isinstance(value, int | float) else str(value)


def effects(before: Outcomes, after: Outcomes) -> list[Line]:
    """Return the figures of each party in both versions."""
    found = []
    described = after.run.description
    lost = before.losses_of(COUNT), after.losses_of(COUNT)
    shares = before.shares(), after.shares()
    for key, party in described.parties.items():
        if key not in before.parties:
            continue
        one, two = before.measures()[key], after.measures()[key]
        pairs = (
            (
                _("on average"),
                money(one.mean, described.currency),
                money(two.mean, described.currency),
            ),
            (_("of 50 futures end in a loss"), plain(lost[0][key]), plain(lost[1][key])),
            (
                _("worst 5 of 100, on average"),
                money(-one.es95, described.currency),
                money(-two.es95, described.currency),
            ),
            (_("share of the risk"), percent(shares[0][key].risk), percent(shares[1][key].risk)),
            (
                _("share of the return"),
                percent(shares[0][key].return_),
                percent(shares[1][key].return_),
            ),
        )
        found += [Line(f"{party.name}: {name}", old, new) for name, old, new in pairs]
    return found
