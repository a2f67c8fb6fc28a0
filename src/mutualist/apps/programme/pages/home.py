"""What programmes have for the start page: the counters of the channel manager, the programmes of a partner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import today
from mutualist.apps.programme.beside import Figure, counters
from mutualist.apps.programme.pages.figures import figures_of
from mutualist.apps.programme.queries.level_order import level_names
from mutualist.apps.programme.queries.listing import first_at_risk
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.queries.programmes import (
    ProgrammeCard,
    has_any,
    programmes_of,
    relations_of,
)
from mutualist.apps.programme.queries.scores import scored
from mutualist.apps.programme.queries.week import decisions_of
from mutualist.apps.programme.standing import Standing, partner_standing, vendor_standing
from mutualist.apps.programme.upcoming import days
from mutualist.apps.programme.words import state_word
from mutualist.apps.rooms.beside import HomePart, Task
from mutualist.domain.programme.scoring.numbers import shown

#: So many programmes stand on the start page; all stand on their own page.
MOST = 6
AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OwnProgramme:
    """A programme one takes part in, in a line to be compared with the others."""

    uid: UUID
    programme: str
    vendor: str
    state: str
    level: str
    points: str
    day: date | None
    event: str


def part(actor: Actor) -> HomePart | None:
    """Return what programmes have for somebody: one question to the database for whoever has none."""
    if not has_any(actor):
        return None
    run, tasks = _run(actor)
    content = {"run": run, "part": own_programmes(actor)[:MOST]}
    return HomePart("programme/_home.html", content, tasks)


def _run(actor: Actor) -> tuple[list[tuple[ProgrammeCard, list[Figure]]], list[Task]]:
    """Return the four counters of each programme the actor's firm runs, and what is to be done."""
    found: list[tuple[ProgrammeCard, list[Figure]]] = []
    tasks: list[Task] = []
    for card in programmes_of(actor)[:MOST]:
        standing = vendor_standing(actor, card.uid)
        found.append((card, figures_of(standing)))
        if standing.writes:
            tasks += _tasks(standing)
    return found, tasks


def _tasks(standing: Standing) -> Iterator[Task]:
    """Return what waits for the vendor: customers first, then partners, then what is only in danger."""
    name = standing.programme_name
    for count in counters:
        for text, _count, url in count(standing):
            yield Task(1, str(text), name, url, _("Look"))
    levels, applications = decisions_of(standing)
    own = [standing.programme_uid]
    if applications:
        text = ngettext("%(count)s application", "%(count)s applications", applications)
        url = reverse("programme:applications", args=own)
        yield Task(2, text % {"count": applications}, name, url, _("Answer"))
    if levels:
        text = ngettext("%(count)s level is to fall", "%(count)s levels are to fall", levels)
        url = reverse("programme:reviews", args=own)
        yield Task(2, text % {"count": levels}, name, url, _("Decide"))
    for partner in first_at_risk(standing, today(), 1):
        detail = _("The level is in danger on {day}.").format(
            day=date_format(partner.falls_on or today(), "SHORT_DATE_FORMAT")
        )
        url = reverse("programme:partner", args=[*own, partner.uid])
        yield Task(3, f"{partner.name} · {name}", detail, url, _("Look"))


def own_programmes(actor: Actor) -> list[OwnProgramme]:
    """Return the programmes the actor's firms take part in, side by side: level, points, next date."""
    return [_own(actor, one.uid, one.programme, one.vendor) for one in relations_of(actor)]


def _own(actor: Actor, uid: UUID, programme: str, vendor: str) -> OwnProgramme:
    standing = partner_standing(actor, uid)
    partner = relation_for(standing, uid)
    language = (get_language() or "en")[:2]
    worth = scored(partner, today())
    points = ""
    if worth is not None and worth.rules.total.way != "none":
        points = shown(worth.score.total, language)
    words = level_names(standing.programme, today(), language)
    coming = _coming(standing, partner)
    return OwnProgramme(
        uid,
        programme,
        vendor,
        "" if partner.state == "active" else state_word(partner.state),
        words.get(partner.level, partner.level),
        points,
        coming[0] if coming else None,
        coming[1] if coming else "",
    )


def _coming(standing: Standing, partner: Any) -> tuple[date, str] | None:
    """Return the next day something happens, and what."""
    first = today()
    found = [
        (one.day, one.text) for source in days for one in source(standing, first, first + AHEAD)
    ]
    if partner.falls_on and partner.falls_on >= first:
        found.append((partner.falls_on, _("level in danger")))
    if partner.ends_on and partner.ends_on >= first:
        found.append((partner.ends_on, _("something runs out")))
    return min(found, default=None)
