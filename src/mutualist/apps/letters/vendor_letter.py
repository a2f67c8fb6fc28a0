"""The weekly mail of a vendor's people: at most five lines of what waits for them, each with a button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutualist.apps.letters.queries import losses
from mutualist.apps.programme.public import Standing, counters, decisions_of

MOST = 5
AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Line:
    """What waits, how much of it, and where it is done."""

    text: str
    label: str
    path: str


def vendor_letter(standing: Standing, day: date) -> list[Line]:
    """Return what waits for the vendor, in the language that is active; nothing where nothing does."""
    found = [*_levels(standing, day), *_counted(standing)]
    # Two parts may count what is done on the same page: it stands in the mail once.
    by_page = {line.path: line for line in reversed(found)}
    return [line for line in found if by_page[line.path] is line][:MOST]


def _levels(standing: Standing, day: date) -> list[Line]:
    lines = []
    proposed, applied = decisions_of(standing)
    if proposed:
        text = ngettext("%(count)s level to decide", "%(count)s levels to decide", proposed)
        lines.append(
            Line(text % {"count": proposed}, _("Decide"), _page(standing, "programme:reviews"))
        )
    if applied:
        text = ngettext("%(count)s firm wants to join", "%(count)s firms want to join", applied)
        lines.append(
            Line(text % {"count": applied}, _("Answer"), _page(standing, "programme:applications"))
        )
    firms = losses(standing, day + AHEAD).order_by().values("relation").distinct().count()
    if firms:
        text = ngettext(
            "%(count)s partner loses a level within 90 days",
            "%(count)s partners lose a level within 90 days",
            firms,
        )
        lines.append(
            Line(text % {"count": firms}, _("See who"), _page(standing, "letters:calendar"))
        )
    return lines


def _counted(standing: Standing) -> list[Line]:
    return [
        Line(str(text), _("Open"), path)
        for count in counters
        for text, number, path in count(standing)
        if number
    ]


def _page(standing: Standing, name: str) -> str:
    return reverse(name, args=[standing.programme_uid])
