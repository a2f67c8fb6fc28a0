"""Two versions of a venture side by side: what was changed, and what that does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.ventures.described import Template
from mutualist.apps.ventures.entries.boxes import SEVERAL, Box, shown
from mutualist.apps.ventures.entries.parts import PARTS, PRIVATE
from mutualist.apps.ventures.entries.whole import Entry, WholeForm
from mutualist.apps.ventures.presenters.dots import COUNT
from mutualist.apps.ventures.words import language, money, percent, plain
from mutualist.library.venture_outcomes import Outcomes

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in both versions; `of` is the entry, or the party, it belongs to."""

    of: str
    name: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether it is not the same."""
        return self.before != self.after


def changes(before: Mapping[str, Any], after: Mapping[str, Any], template: Template) -> list[Line]:
    """Return every place of the description that differs, by the words of the form."""
    old, new = (dict(_places(one, template)) for one in (before, after))
    # A name that is only in one of them stands there with all its values.
    order = dict.fromkeys((*new, *old))
    lines = (Line(*place, old.get(place, NOTHING), new.get(place, NOTHING)) for place in order)
    return [line for line in lines if line.differs]


def _places(
    venture: Mapping[str, Any], template: Template
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what each entry and box of the whole form is called, and what stands in it."""
    form = WholeForm(venture, own=True)
    parties = {e.name: str(e.typed.get("name") or e.name) for e in form.of("parties")}

    def called(name: str) -> str:
        return parties.get(name) or template.called(name, language(), parties)

    for entry in form.entries:
        title = _title(entry, called)
        part = str(PARTS[entry.part].title)
        of = f"{part}: {title}" if title else part
        boxes = (*PARTS[entry.part].boxes(entry.typed), *PRIVATE)
        for box in boxes:
            if said := _said(box, entry.typed.get(box.key), called):
                label = called(str(box.label)) if box.key.startswith("stakes.") else box.label
                yield (of, str(label)), said
        if not any(entry.typed.get(box.key) for box in boxes):
            yield (of, ""), _("there")
    yield from _beyond(venture)


def _title(entry: Entry, called: Any) -> str:
    typed = entry.typed
    if entry.part == "frame":
        return ""
    if entry.part == "parties":
        return str(typed.get("name") or entry.name)
    if entry.part == "contributions":
        return str(typed.get("what"))
    if entry.part == "correlations":
        return f"{called(str(typed.get('first')))} – {called(str(typed.get('second')))}"
    return str(called(entry.name))


def _said(box: Box, typed: Any, called: Any) -> str:
    """Return what stands in a box, in words; nothing where it is empty."""
    if not typed:
        return ""
    if box.kind in SEVERAL:
        return ", ".join(called(name) for name in typed)
    if box.kind in {"party", "driver", "pool"}:
        return str(called(typed))
    if box.kind == "choice":
        return str(dict(box.choices).get(typed, typed))
    if box.kind == "yes":
        return _("yes")
    return f"{typed} %" if box.kind == "percent" else str(typed)


def _beyond(venture: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what no box of the form shows: how the own business hangs together with a driver."""
    for key, party in venture.get("parties", {}).items():
        business = party.get("business") if isinstance(party, Mapping) else None
        found = business.get("correlation") if isinstance(business, Mapping) else None
        for driver, rank in (found or {}).items():
            place = (str(party.get("name", key)), str(driver))
            yield place, str(shown("number", rank))


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
        pairs: Sequence[tuple[str, str, str]] = (
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
        found += [Line(party.name, name, old, new) for name, old, new in pairs]
    return found
