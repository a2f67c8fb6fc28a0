"""Saved versions, two of them side by side, and an earlier one once more."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mutualist.apps.core.asking import actor_of, known_person
from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import download, file_name
from mutualist.apps.core.errors import ActionError
from mutualist.apps.ventures import actions, queries
from mutualist.apps.ventures.described import template
from mutualist.apps.ventures.pages.checking import seen_in
from mutualist.apps.ventures.presenters.compared import changes, effects
from mutualist.apps.ventures.presenters.simulator import FUTURES, SEED
from mutualist.domain.venture import VentureError
from mutualist.library.ventures import Venture


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
            "changes": changes(
                before.description, after.description, template(place.venture.template)
            ),
            "effects": _effects(before.description, after.description),
        }
    elif len(found) > 1:
        context |= {"before": found[1], "after": found[0]}
    return render(request, "ventures/versions.html", context)


@require_POST
@known_person
def restore(request: HttpRequest, venture: UUID, number: int) -> HttpResponse:
    """Save an earlier version once more, as the newest; the ones between stay."""
    place = queries.get_venture(actor_of(request), venture)
    if not place.writes:
        raise Http404
    saved = queries.version_of(place, number)
    try:
        made = actions.save_version(
            actor=place.actor,
            venture=venture,
            description=saved.description,
            seen=seen_in(request, queries.latest(place).number),
            note=_("Version %(number)s again") % {"number": number},
        )
    except ActionError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            _("Version %(before)s was saved again as version %(number)s.")
            % {"before": number, "number": made.number},
        )
    return redirect("ventures:versions", venture)


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


urlpatterns = [
    path("ventures/<uuid:venture>/versions/", versions, name="versions"),
    path("ventures/<uuid:venture>/versions/<int:number>/restore/", restore, name="restore"),
    path("ventures/<uuid:venture>/file/", file, name="file"),
]
