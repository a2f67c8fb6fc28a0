"""Ways to the next level, and the plan made of one: the same for the vendor and the partner."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.actions.plans import begin_plan, change_step, end_plan
from mutualist.apps.programme.beside import Section
from mutualist.apps.programme.doors import (
    for_partner,
    for_vendor,
    partner_paths,
    partner_url,
    vendor_context,
)
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.presenters.ways import counts_of, plan_told, ways_told
from mutualist.apps.programme.queries.partners import contacts_of, relation_for, relation_named
from mutualist.apps.programme.queries.plans import open_plan, steps_of_plan, ways_of
from mutualist.apps.programme.standing import Standing

#: What an hour is worth until somebody says otherwise, in the currency of the rules.
HOUR, MOST = 60, 10_000


def _language() -> str:
    return (get_language() or "en")[:2]


def _hour(request: HttpRequest) -> int:
    asked = request.GET.get("hour", "").strip()
    return min(int(asked), MOST) if asked.isdecimal() and len(asked) < 6 else HOUR


def _addresses(standing: Standing, partner: Relation) -> dict[str, str]:
    """Return where the pages of a plan are, in the way this reader came."""
    if standing.side == "partner":
        pages = ("own", "own_ways", "own_plan")
        home, ways, plan = (partner_url(standing, f"programme:{name}") for name in pages)
    else:
        args = [standing.programme_uid, partner.uid]
        home, ways, plan = (
            reverse(f"programme:{name}", args=args) for name in ("partner", "ways", "plan")
        )
    return {"home": home, "ways_url": ways, "plan_url": plan}


def _ways(request: HttpRequest, standing: Standing, partner: Relation) -> HttpResponse:
    """Show the ways; a part of them where the scorecard asks for it."""
    hour = _hour(request)
    found = ways_of(partner, today(), Fraction(hour))
    context: dict[str, Any] = {
        "partner": partner,
        "told": ways_told(found, _language()) if found else None,
        "hour": hour,
        **_addresses(standing, partner),
    }
    if request.GET.get("part") == "shortest":
        return render(request, "programme/_shortest.html", {**context, "standing": standing})
    if standing.side == "vendor":
        context = {**vendor_context(standing, "partners", **context)}
    else:
        context["standing"] = standing
    context["frame"] = f"programme/{'partner_' if standing.side == 'partner' else ''}base.html"
    return render(request, "programme/ways.html", context)


def _plan(request: HttpRequest, standing: Standing, partner: Relation) -> HttpResponse:
    """Make a plan, change a step, or give the plan up."""
    form = request.POST
    match form.get("do", ""):
        case "begin":
            begin_plan(
                standing=standing,
                relation=partner,
                level=form.get("level", ""),
                counts=counts_of(form.get("way", "")),
            )
        case "end":
            end_plan(standing=standing, relation=partner)
        case _:
            contact, number = form.get("contact", ""), form.get("number", "")
            change_step(
                standing=standing,
                relation=partner,
                number=int(number) if number.isdecimal() and len(number) < 6 else 0,
                done=form.get("done") == "yes",
                due=_day(form.get("due", "")),
                contact=int(contact) if contact.isdecimal() and len(contact) < 18 else None,
            )
    return redirect(_addresses(standing, partner)["home"] + "#plan")


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ActionError(
            "plan_day", _("{day} is no day. Write it as 2026-12-31."), day=text[:40]
        ) from None


def plan_section(standing: Standing, relation: int) -> Section | None:
    """Return the plan of a partner, for the pages of both sides; nothing where there is none."""
    plan = open_plan(relation)
    if plan is None:
        return None
    partner = relation_named(standing, relation)
    return Section(
        "plan",
        "programme/_plan.html",
        {
            **plan_told(plan, steps_of_plan(plan), _language()),
            "people": contacts_of(relation),
            "writes": standing.writes,
            **_addresses(standing, partner),
        },
    )


@require_safe
@for_vendor
def ways(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Show the vendor the ways of a partner."""
    return _ways(request, standing, relation_for(standing, relation))


@require_safe
@for_partner
def own_ways(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show a partner its ways."""
    return _ways(request, standing, relation_for(standing, str(standing.relation_uid)))


@require_POST
@for_vendor
def plan(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Let the vendor make or change a plan."""
    return _plan(request, standing, relation_for(standing, relation))


@require_POST
@for_partner
def own_plan(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Let a partner make or change its plan."""
    return _plan(request, standing, relation_for(standing, str(standing.relation_uid)))


_PARTNER = "programmes/<uuid:programme>/partners/<uuid:relation>"
urlpatterns = [
    path(f"{_PARTNER}/ways/", ways, name="ways"),
    path(f"{_PARTNER}/plan/", plan, name="plan"),
    *partner_paths("ways/", own_ways, "own_ways"),
    *partner_paths("plan/", own_plan, "own_plan"),
]
