"""Pages: which mails go, what a weekly mail would say today, the calendar and its addresses, stopping a mail."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.idempotency import keep_instead
from mutualist.apps.core.language import reading
from mutualist.apps.core.mail import absolute
from mutualist.apps.letters import actions, queries
from mutualist.apps.letters.calendars import calendar_of, days_of
from mutualist.apps.letters.partner_letter import partner_letter
from mutualist.apps.letters.sending import stop_of
from mutualist.apps.letters.vendor_letter import vendor_letter
from mutualist.apps.programme.doors import (
    for_partner,
    for_vendor,
    partner_paths,
    vendor_context,
)
from mutualist.apps.programme.public import (
    Standing,
    contacts_of,
    first_partners,
    partner_letter_standing,
    relation_for,
    week_of,
)

#: A calendar page shows so many days.
SHOWN = 40
AHEAD = timedelta(days=180)
#: So many partners are offered for a look at their mail.
OFFERED = 200


@require_http_methods(["GET", "POST"])
@for_vendor
def letters(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Choose which mails go, and see what one would say today."""
    if request.method == "POST":
        if request.POST.get("own"):
            actions.choose_weekly(standing=standing, wanted=request.POST["own"] == "order")
        else:
            actions.save_post(
                standing=standing,
                partners=request.POST.get("partners") == "on",
                vendor=request.POST.get("vendor") == "on",
            )
        messages.success(request, _("Saved."))
        return redirect("letters:letters", standing.programme_uid)
    context = vendor_context(
        standing,
        "letters",
        post=queries.post_of(standing.programme),
        sent=queries.sent_lately(standing, now() - timedelta(days=7)),
        own=vendor_letter(standing, today()),
        quiet=queries.is_quiet(standing),
        partners=first_partners(standing, OFFERED),
        **_preview(request, standing),
    )
    return render(request, "letters/letters.html", context)


def _preview(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    """Return the weekly mail of a partner as it would be today; its links lead nowhere: they are the partner's."""
    wanted = request.GET.get("partner", "")
    if not wanted:
        return {}
    relation = relation_for(standing, wanted)
    contact = next(iter(contacts_of(relation.pk)), None)
    before = queries.last_figures(contact.pk) if contact else {}
    looked_at = partner_letter_standing(standing, relation)
    letter = partner_letter(looked_at, week_of(relation, today()), before, today(), reading())
    return {"looked_at": relation, "contact": contact, "letter": letter}


def _calendar(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    """Return what a calendar's page shows; a post makes an address or revokes one."""
    content: dict[str, Any] = {}
    if request.method == "POST":
        if request.POST.get("revoke"):
            actions.revoke_feed(standing=standing, feed=_uid(request.POST["revoke"]))
            messages.success(request, _("Revoked: the address answers no more."))
        elif request.POST.get("weekly"):
            actions.choose_weekly(standing=standing, wanted=request.POST["weekly"] == "order")
            messages.success(request, _("Saved."))
        else:
            try:
                token = actions.make_feed(standing=standing)
            except ActionError as error:
                content["problem"] = error.message
            else:
                # Only its digest is kept: a form sent twice makes one address and shows it once.
                keep_instead(request, redirect(request.path))
                content["address"] = absolute(reverse("letters:feed", args=[token]))
    found = days_of(standing, today(), today() + AHEAD, reading())
    return {
        **content,
        "days": found[:SHOWN],
        "more": max(0, len(found) - SHOWN),
        "feeds": queries.feeds_of(standing),
        "quiet": queries.is_quiet(standing),
    }


def _uid(text: str) -> Any:
    from uuid import UUID

    try:
        return UUID(text)
    except ValueError:
        raise NotAllowed from None


@require_http_methods(["GET", "POST"])
@for_vendor
def calendar(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show the vendor's days, and the addresses by which a calendar reads them."""
    content = _calendar(request, standing)
    status = 422 if "problem" in content else 200
    context = vendor_context(standing, "calendar", **content)
    return render(request, "letters/calendar.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_partner
def own(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show a partner its days, and the addresses by which a calendar reads them."""
    content = _calendar(request, standing)
    status = 422 if "problem" in content else 200
    values = {"standing": standing, "by_link": bool(standing.token), **content}
    return render(request, "letters/own.html", values, status=status)


@wraps(own)
def _careful(request: HttpRequest, **named: Any) -> HttpResponse:
    response = own(request, **named)
    if "token" in named:
        # The token stands in the address: it must not be told to another site.
        response["Referrer-Policy"] = "same-origin"
    return response


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - the shape of pages
    """Answer a calendar program; whoever has the address may read."""
    response = HttpResponse(calendar_of(token), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


# A mail program posts without having been here before (RFC 8058): the signed address says who asks, and
# all it can do is to stop a mail.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """Stop the weekly mail: asked by a person, or at once by a mail program."""
    if stop_of(signed) is None:
        raise NotAllowed
    if request.method == "POST":
        actions.stop_by_address(signed=signed)
        return render(request, "letters/stopped.html")
    return render(request, "letters/stop.html")


urlpatterns = [
    path("programmes/<uuid:programme>/mails/", letters, name="letters"),
    path("programmes/<uuid:programme>/calendar/", calendar, name="calendar"),
    path("calendars/<str:token>.ics", feed, name="feed"),
    path("mails/stop/<str:signed>/", stop, name="stop"),
    *partner_paths("calendar/", _careful, "own"),
]
