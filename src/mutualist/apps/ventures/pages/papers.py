"""What leaves the house: the paper and the workbook of a version, with what every party may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutualist.apps.core.asking import actor_of, known_person
from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import PDF, XLSX, download, file_name
from mutualist.apps.ventures import computing, queries
from mutualist.apps.ventures.described import template
from mutualist.apps.ventures.pages.futures import asked_number
from mutualist.apps.ventures.presenters.leaving import Asked, leaving
from mutualist.apps.ventures.presenters.paper import paper_data
from mutualist.apps.ventures.presenters.sheets import workbook
from mutualist.apps.ventures.presenters.simulator import View, view
from mutualist.apps.ventures.words import language, per_cent_sign, plain
from mutualist.library.venture_outcomes import Outcomes
from mutualist.library.ventures import Venture

#: Futures behind the exits in a paper.
EXITS = 8192


@dataclass(frozen=True, slots=True)
class Reported:
    """A version and its futures without anybody’s private figures: a paper is passed on."""

    place: queries.Place
    saved: queries.Saved
    outcomes: Outcomes
    view: View
    leaving: dict[str, Any]
    called: Any


def _reported(request: HttpRequest, venture: UUID) -> Reported:
    place = queries.get_venture(actor_of(request), venture)
    saved = queries.version_of(place, asked_number(request))
    contract = template(place.venture.template)
    names = {key: one.get("name", key) for key, one in saved.description["parties"].items()}

    def called(name: str) -> str:
        return contract.called(name, language(), names)

    outcomes = computing.simulated(saved.description, computing.REPORTED)
    described = Venture(outcomes.run.description)
    shown = view(outcomes, None, own={}, called=called)
    left = leaving(described, outcomes, called, Asked({}, 0), futures=EXITS)
    return Reported(place, saved, outcomes, shown, left, called)


def _given(found: Reported) -> list[tuple[str, str]]:
    """Return the figures a contract asks for, as they were answered."""
    contract = template(found.place.venture.template)
    described = found.saved.description
    names = {key: one.get("name", key) for key, one in described["parties"].items()}
    listed = []
    for question in contract.asked(described):
        value = question.read(described)
        unit = per_cent_sign() if question.ask in {"percent", "stake"} else ""
        parts = value if isinstance(value, tuple) else (value,)
        said = " … ".join(f"{plain(one, 2)}{unit}" for one in parts)
        listed.append((question.label(language(), names), said))
    return listed


def _name(found: Reported, kind: str) -> str:
    return file_name(found.place.venture.name, f"v{found.saved.number}", today(), kind)


@require_safe
@known_person
def paper(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Download the paper of a version."""
    from mutualist.reports.venture import venture_pdf

    found = _reported(request, venture)
    saved = found.saved
    said = _("Version %(number)s") % {"number": saved.number}
    day = date_format(localtime(saved.saved_at), "SHORT_DATE_FORMAT")
    data = paper_data(
        found.view,
        found.leaving,
        _given(found),
        title=found.place.venture.name,
        subline=f"{found.place.owner} · {said} · {day}",
        saved_at=saved.saved_at,
    )
    return download(venture_pdf(data), PDF, _name(found, "pdf"))


@require_safe
@known_person
def sheet(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Download figures, dots, splits and description of a version as a workbook."""
    found = _reported(request, venture)
    content = workbook(
        found.outcomes, found.view, found.leaving, found.saved.description, found.called
    )
    return download(content, XLSX, _name(found, "xlsx"))


urlpatterns = [
    path("ventures/<uuid:venture>/paper.pdf", paper, name="paper"),
    path("ventures/<uuid:venture>/figures.xlsx", sheet, name="workbook"),
]
