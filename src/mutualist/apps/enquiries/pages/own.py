"""The partner's side: its enquiries, and the answer to one, with an account or by a mailed link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.enquiries import actions, queries
from mutualist.apps.enquiries.forms import REASONS, ReasonForm
from mutualist.apps.enquiries.models import Offer
from mutualist.apps.enquiries.pages import telling
from mutualist.apps.programme.doors import for_partner, partner_paths, partner_url
from mutualist.apps.programme.public import Standing, names_for_reader

DONE = {
    "accept": lambda: _("Accepted. Below you see who asks; please write to them soon."),
    "decline": lambda: _("Declined. The next partner is asked; thank you for saying so."),
    "give_back": lambda: _("Given back. The next partner is asked."),
    "win": lambda: _("Noted as won. Congratulations."),
    "lose": lambda: _("Noted as lost, with the reason."),
}


@require_safe
@for_partner
def own(request: HttpRequest, standing: Standing) -> HttpResponse:
    """List the partner's enquiries."""
    rows = [
        (telling.offer_told(one), partner_url(standing, "enquiries:offer", offer=one.uid))
        for one in queries.offers(standing)
    ]
    names = names_for_reader(standing.programme)
    context = {"standing": standing, "rows": rows, "ability_names": names}
    return render(request, "enquiries/own.html", context)


def _possible(standing: Standing, held: Offer) -> tuple[str, ...]:
    if not standing.writes:
        return ()
    if held.state == "open" and held.due_at > now():
        return ("accept", "decline")
    if held.state == "accepted" and held.enquiry.status == "accepted":
        return ("win", "lose", "give_back")
    return ()


@require_http_methods(["GET", "POST"])
@for_partner
def offer(request: HttpRequest, standing: Standing, offer: UUID) -> HttpResponse:
    """Show an offer and take the answer; after the limit, say what became of it."""
    held = queries.offer_for(standing, offer)
    possible = _possible(standing, held)
    move = request.POST.get("move", "")
    sent = request.POST if request.method == "POST" else None
    forms = {
        name: ReasonForm(REASONS[name], sent if name == move else None)
        for name in possible
        if name in REASONS
    }
    problem, status = "", 200
    if request.method == "POST":
        if not standing.writes or move not in DONE:
            raise NotAllowed
        status = 422
        form: Any = forms.get(move)
        try:
            # What came too late for the form is told by the action: it knows why.
            if form is None or form.is_valid():
                data = form.cleaned_data if form else _unread(move, request)
                getattr(actions, move)(standing=standing, offer=offer, **data)
                messages.success(request, DONE[move]())
                return redirect(partner_url(standing, "enquiries:offer", offer=offer))
        except ActionError as error:
            problem, status = error.message, error.status
    return _page(request, standing, held, forms, possible, problem, status)


def _unread(move: str, request: HttpRequest) -> dict[str, str]:
    if move not in REASONS:
        return {}
    return {"reason": request.POST.get("reason", ""), "words": request.POST.get("words", "")}


def _page(
    request: HttpRequest,
    standing: Standing,
    held: Offer,
    forms: dict[str, Any],
    possible: tuple[str, ...],
    problem: str,
    status: int,
) -> HttpResponse:
    context = {
        "standing": standing,
        "told": telling.offer_told(held),
        "offer": held,
        "row": held.enquiry,
        "about": telling.about(held.enquiry),
        "status": telling.status_of(held.enquiry) if held.state == "accepted" else None,
        "known": queries.sees_person(held),
        "late": held.state == "lapsed" or (held.state == "open" and held.due_at <= now()),
        "forms": forms,
        "possible": possible,
        "problem": problem,
        "list": partner_url(standing, "enquiries:own"),
    }
    return render(request, "enquiries/offer.html", context, status=status)


urlpatterns = [
    *partner_paths("enquiries/", own, "own"),
    *partner_paths("enquiries/<uuid:offer>/", offer, "offer"),
]
