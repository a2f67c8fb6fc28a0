"""Reviews: which levels are to fall, and what the vendor says to each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.actions.levels import decide, decide_all, review
from mutualist.apps.programme.doors import for_vendor, vendor_context
from mutualist.apps.programme.pages.cards import level_word
from mutualist.apps.programme.queries.level_order import level_names
from mutualist.apps.programme.queries.levels import open_proposals
from mutualist.apps.programme.standing import Standing

PER_PAGE = 25
LONGEST = 80


@require_http_methods(["GET", "POST"])
@for_vendor
def reviews(request: HttpRequest, standing: Standing) -> HttpResponse:
    """List what is to be decided; a post looks at all partners now."""
    if request.method == "POST":
        count = review(standing=standing)
        said = ngettext(
            "{count} level changed or is to fall.", "{count} levels changed or are to fall.", count
        )
        messages.success(request, said.format(count=count))
        return redirect("programme:reviews", standing.programme_uid)
    return _page(request, standing)


@require_POST
@for_vendor
def decision(request: HttpRequest, standing: Standing, proposal: int) -> HttpResponse:
    """Let a level fall, or keep it with a reason."""
    try:
        decide(
            standing=standing,
            proposal=proposal,
            keep=request.POST.get("decision") == "keep",
            reason=request.POST.get("reason", ""),
        )
    except ActionError as error:
        return _page(request, standing, error.message, error.status, proposal)
    messages.success(request, _("Decided; the partner is told."))
    return _back(request, standing)


def _asked(given: Mapping[str, Any]) -> dict[str, str]:
    """Return which proposals are asked for."""
    text = " ".join(str(given.get("q", "")).replace("\x00", "").split())[:LONGEST]
    return {"text": text, "level": str(given.get("level", "")).replace("\x00", "")[:LONGEST]}


def _query(request: HttpRequest) -> str:
    """Return what an address says to ask for the same proposals; after a decision it came with the form."""
    asked = _asked(request.POST if request.method == "POST" else request.GET)
    known = {"q": asked["text"], "level": asked["level"]}
    return urlencode({name: value for name, value in known.items() if value})


def _back(request: HttpRequest, standing: Standing) -> HttpResponse:
    query = _query(request)
    address = reverse("programme:reviews", args=[standing.programme_uid])
    return redirect(f"{address}?{query}" if query else address)


@require_POST
@for_vendor
def decisions(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Let all levels fall that are to fall, or keep them all with one reason."""
    asked = _asked(request.POST)
    try:
        count, left = decide_all(
            standing=standing,
            keep=request.POST.get("decision") == "keep",
            reason=request.POST.get("reason", ""),
            text=asked["text"],
            level=asked["level"],
        )
    except ActionError as error:
        return _page(request, standing, error.message, error.status)
    if not count:
        messages.info(request, _("Nothing is left to decide here: all of it is decided already."))
        return _back(request, standing)
    said = ngettext(
        "{count} partner is decided and told.", "{count} partners are decided and told.", count
    ).format(count=count)
    if left:
        more = ngettext(
            "{count} partner still waits: do the same again.",
            "{count} partners still wait: do the same again.",
            left,
        )
        said = f"{said} {more.format(count=left)}"
    messages.success(request, said)
    return _back(request, standing)


def _page(
    request: HttpRequest,
    standing: Standing,
    problem: str = "",
    status: int = 200,
    decided: int | None = None,
) -> HttpResponse:
    word, typed = level_word(standing.programme), request.POST.get("reason", "")
    given = request.POST if request.method == "POST" else request.GET
    asked = _asked(given)
    page = Paginator(open_proposals(standing, **asked), PER_PAGE).get_page(given.get("page"))
    query = _query(request)
    proposals = [
        {
            "pk": one.pk,
            "relation": one.relation,
            "day": one.day,
            "before": word(one.before),
            "after": word(one.after),
            "typed": typed if one.pk == decided else "",
        }
        for one in page
    ]
    language = (get_language() or "en")[:2]
    context = vendor_context(
        standing,
        "reviews",
        proposals=proposals,
        page=page,
        pages=f"{query}&page" if query else "page",
        asked=asked,
        levels=level_names(standing.programme, today(), language),
        problem=problem,
        typed="" if decided else typed,
    )
    return render(request, "programme/reviews.html", context, status=status)


urlpatterns = [
    path("programmes/<uuid:programme>/reviews/", reviews, name="reviews"),
    path("programmes/<uuid:programme>/reviews/all/", decisions, name="decisions"),
    path("programmes/<uuid:programme>/reviews/<int:proposal>/", decision, name="decision"),
]
