"""Saved versions, two of them side by side, and the terms that would produce a split."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutualist.apps.core.asking import actor_of, known_person
from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import PDF, XLSX, download, file_name
from mutualist.apps.core.errors import ActionError
from mutualist.apps.ventures import queries
from mutualist.apps.ventures.described import template
from mutualist.apps.ventures.presenters.compared import changes, effects
from mutualist.apps.ventures.presenters.paper import paper_data, workbook
from mutualist.apps.ventures.presenters.proposal import proposal_view
from mutualist.apps.ventures.presenters.simulator import FUTURES, SEED, view
from mutualist.apps.ventures.words import language
from mutualist.domain.venture import VentureError
from mutualist.domain.venture.split import SplitError
from mutualist.domain.venture.split.texts import texts
from mutualist.library.split import compare_splits
from mutualist.library.terms import propose_terms
from mutualist.library.ventures import Venture

#: Futures of what is saved as a paper.
REPORTED = 100_000


@require_safe
@known_person
def versions(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Show all versions, and two of them side by side."""
    place = queries.get_venture(actor_of(request), venture)
    found = queries.versions_of(place)
    context: dict[str, Any] = {"shown": place.venture, "place": place, "versions": found}
    by_number = {one.number: one for one in found}
    before = by_number.get(_number(request, "before"))
    after = by_number.get(_number(request, "after"))
    if before is not None and after is not None:
        context |= {
            "before": before,
            "after": after,
            "changes": changes(before.description, after.description),
            "effects": _effects(before.description, after.description),
        }
    elif len(found) > 1:
        context |= {"before": found[1], "after": found[0]}
    return render(request, "ventures/versions.html", context)


def _effects(before: Any, after: Any) -> list[Any]:
    try:
        one, two = (Venture.from_dict(v).simulate(n=FUTURES, seed=SEED) for v in (before, after))
    except VentureError:
        return []
    return effects(one, two)


def _number(request: HttpRequest, name: str) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


@require_safe
@known_person
def file(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Download a version as the file the library and the command line read."""
    place = queries.get_venture(actor_of(request), venture)
    number = _number(request, "version")
    saved = queries.version_of(place, number) if number else queries.latest(place)
    content = json.dumps(saved.description, ensure_ascii=False, indent=2)
    name = file_name(place.venture.name, f"v{saved.number}", today(), "json")
    return download(content, "application/json", name)


def _for_all(request: HttpRequest, venture: UUID) -> tuple[Any, Any, Any]:
    """Return a version and its futures without anybody's private figures: a paper is passed on."""
    place = queries.get_venture(actor_of(request), venture)
    number = _number(request, "version")
    saved = queries.version_of(place, number) if number else queries.latest(place)
    try:
        outcomes = Venture.from_dict(saved.description).simulate(n=REPORTED, seed=SEED)
    except VentureError as error:
        raise ActionError("venture", "{problems}", problems=error.message(language())) from error
    return place, saved, outcomes


@require_safe
@known_person
def paper(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Download the paper of a version."""
    from mutualist.reports.venture import venture_pdf

    place, saved, outcomes = _for_all(request, venture)
    contract = template(place.venture.template)
    names = {key: one.get("name", key) for key, one in saved.description["parties"].items()}
    shown = view(
        outcomes, None, own={}, called=lambda name: contract.called(name, language(), names)
    )
    said = _("Version %(number)s") % {"number": saved.number}
    data = paper_data(
        shown,
        title=place.venture.name,
        subline=f"{place.owner} · {said} · {date_format(localtime(saved.saved_at), 'SHORT_DATE_FORMAT')}",
        saved_at=saved.saved_at,
    )
    name = file_name(place.venture.name, f"v{saved.number}", today(), "pdf")
    return download(venture_pdf(data), PDF, name)


@require_safe
@known_person
def sheet(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Download figures, dots and description of a version as a workbook."""
    place, saved, outcomes = _for_all(request, venture)
    name = file_name(place.venture.name, f"v{saved.number}", today(), "xlsx")
    return download(workbook(outcomes, saved.description), XLSX, name)


@require_safe
@known_person
def terms(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Show which terms would bring the venture closest to a split."""
    place = queries.get_venture(actor_of(request), venture)
    saved = queries.latest(place)
    contract = template(place.venture.template)
    names = {key: one.get("name", key) for key, one in saved.description["parties"].items()}
    context: dict[str, Any] = {"shown": place.venture, "place": place}
    try:
        found = Venture.from_dict(queries.computed_from(place, saved.description))
        compared = compare_splits(found.simulate(n=FUTURES, seed=SEED))
        rules = [one.rule for one in compared.splits if one.shares is not None]
        asked = request.GET.get("rule", "")
        rule = asked if asked in rules else compared.recommended.rule
        context |= {
            "rules": [(one, texts().name(one, language())) for one in rules],
            "rule": rule,
            "rule_name": texts().name(rule, language()),
            "reason": texts().reason(rule, language()),
        }
        proposal = propose_terms(found, rule, seed=SEED)
    except (SplitError, VentureError) as error:
        context["problem"] = error.message(language())
    else:
        context["proposal"] = proposal_view(
            proposal,
            saved.description,
            lambda name: contract.called(name, language(), names),
            found.description.currency,
        )
    return render(request, "ventures/terms.html", context)


urlpatterns = [
    path("ventures/<uuid:venture>/versions/", versions, name="versions"),
    path("ventures/<uuid:venture>/file/", file, name="file"),
    path("ventures/<uuid:venture>/paper.pdf", paper, name="paper"),
    path("ventures/<uuid:venture>/figures.xlsx", sheet, name="workbook"),
    path("ventures/<uuid:venture>/terms/", terms, name="terms"),
]
