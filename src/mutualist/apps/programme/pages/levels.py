"""The levels of the programme as the partner sees them, and the badge of the one it holds."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from mutualist.apps.core.clock import today
from mutualist.apps.programme.doors import for_partner, partner_paths, partner_url
from mutualist.apps.programme.presenters.levels import levels
from mutualist.apps.programme.queries.levels import outlook
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.standing import Standing


@require_safe
@for_partner
def own_levels(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show what each level asks for and brings, and which one the partner holds."""
    partner = relation_for(standing, str(standing.relation_uid))
    found = outlook(partner, today())
    language = (get_language() or "en")[:2]
    context = {
        "standing": standing,
        "badge": partner_url(standing, "programme:badge"),
        "levels": levels(found.scored, partner.level, language) if found else [],
    }
    return render(request, "programme/levels.html", context)


@require_safe
@for_partner
def badge(_request: HttpRequest, standing: Standing) -> HttpResponse:
    """Give the badge of the level that is held, as a drawing for the partner's own pages."""
    partner = relation_for(standing, str(standing.relation_uid))
    found = outlook(partner, today())
    language = (get_language() or "en")[:2]
    every = levels(found.scored, partner.level, language) if found else []
    held = next((one for one in every if one["held"]), None)
    if held is None or standing.state != "active":
        raise Http404
    context = {"level": held, "standing": standing, "since": partner.level_since}
    answer = HttpResponse(
        render_to_string("programme/badge.svg", context), content_type="image/svg+xml"
    )
    answer["Content-Disposition"] = 'attachment; filename="badge.svg"'
    return answer


urlpatterns = [
    *partner_paths("levels/", own_levels, "own_levels"),
    *partner_paths("levels/badge.svg", badge, "badge"),
]
