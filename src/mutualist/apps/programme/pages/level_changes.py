"""Why a level changed: the same page for the vendor and the partner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from mutualist.apps.programme.doors import (
    for_partner,
    for_vendor,
    partner_paths,
    partner_url,
    vendor_context,
)
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.presenters.changes import change_told
from mutualist.apps.programme.queries.changes import explained
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.standing import Standing


def _page(request: HttpRequest, standing: Standing, partner: Relation, change: int) -> HttpResponse:
    found = explained(partner, change)
    context: dict[str, Any] = {
        "partner": partner,
        "told": change_told(found, (get_language() or "en")[:2]) if found else None,
    }
    if standing.side == "vendor":
        home = reverse("programme:partner", args=[standing.programme_uid, partner.uid])
        context = {**vendor_context(standing, "partners", home=home, **context)}
    else:
        context |= {"standing": standing, "home": partner_url(standing, "programme:own")}
    context["frame"] = f"programme/{'partner_' if standing.side == 'partner' else ''}base.html"
    return render(request, "programme/level_change.html", context)


@require_safe
@for_vendor
def level_change(
    request: HttpRequest, standing: Standing, relation: UUID, change: int
) -> HttpResponse:
    """Say why a partner's level changed."""
    return _page(request, standing, relation_for(standing, relation), change)


@require_safe
@for_partner
def own_level_change(request: HttpRequest, standing: Standing, change: int) -> HttpResponse:
    """Say why the own level changed."""
    partner = relation_for(standing, str(standing.relation_uid))
    return _page(request, standing, partner, change)


urlpatterns = [
    path(
        "programmes/<uuid:programme>/partners/<uuid:relation>/levels/<int:change>/",
        level_change,
        name="level_change",
    ),
    *partner_paths("levels/<int:change>/", own_level_change, "own_level_change"),
]
