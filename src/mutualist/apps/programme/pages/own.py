"""The partner's own page: everything on one page, with an account or by a mailed link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.links import renew_link
from mutualist.apps.programme.beside import sections_of
from mutualist.apps.programme.doors import for_partner, partner_paths, partner_url
from mutualist.apps.programme.pages.cards import card_of, held_by
from mutualist.apps.programme.queries.ability_names import names_for_reader
from mutualist.apps.programme.queries.joining import steps_of
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.standing import Standing, mailed_link
from mutualist.apps.programme.upcoming import waiting_for

_PAGES = {
    "agreement": "programme:agreement",
    "profile": "programme:profile",
    "contact": "programme:people_own",
}


@require_safe
@for_partner
def own(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show a partner its level, what comes next, and what other parts have for it."""
    assert standing.relation is not None
    partner = relation_for(standing, str(standing.relation_uid))
    home = partner_url(standing, "programme:own")
    context = {
        "standing": standing,
        "partner": partner,
        "ability_names": names_for_reader(standing.programme),
        "card": card_of(partner),
        **held_by(partner),
        "steps": [
            {"task": step.task, "done": step.done, "url": partner_url(standing, _PAGES[step.task])}
            for step in (steps_of(partner) if partner.state == "onboarding" else ())
            if not step.by
        ],
        "waiting": [(line, f"{home}{line.to}") for line in waiting_for(standing, today())],
        "sections": sections_of(standing, standing.relation),
    }
    return render(request, "programme/own.html", context)


@require_http_methods(["GET", "POST"])
def link_again(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a new link to whoever comes with one that has run out."""
    if request.method == "POST":
        renew_link(token=token, language=get_language() or "en")
        return redirect(request.path)
    mailed_link(token)
    return render(request, "programme/link_run_out.html", {"sent": True})


urlpatterns = [
    *partner_paths("", own, "own"),
    path("p/<str:token>/again/", link_again, name="link_again"),
]
