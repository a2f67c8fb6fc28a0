"""The vendor's board: three columns, one state page by page, and all open enquiries handed out at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.enquiries import actions, queries
from mutualist.apps.enquiries.forms import BoardForm
from mutualist.apps.enquiries.pages import telling
from mutualist.apps.enquiries.planning import Plan, plan_for
from mutualist.apps.enquiries.words import STATES
from mutualist.apps.programme.doors import for_vendor, vendor_context
from mutualist.apps.programme.public import (
    Standing,
    abilities_in_use,
    names_for_reader,
    partner_names,
)
from mutualist.domain.programme.routing.lifecycle import STATES as STATE_OF
from mutualist.library.routing import candidate_text, nobody_text

#: So many stand in a column, and on a page of one state.
SHOWN, PAGE = 20, 50


@require_safe
@for_vendor
def board(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show enquiries in three columns, or one state page by page; a search leaves those that fit."""
    holding = queries.holders(standing)
    partners = [
        (str(card.uid), card.name)
        for card in partner_names(standing, active=True).values()
        if card.id in holding or str(card.uid) == request.GET.get("partner")
    ]
    names = names_for_reader(standing.programme)
    abilities = telling.abilities_offered(abilities_in_use(standing), names)
    form = BoardForm(partners, abilities, request.GET)
    wanted = dict(form.cleaned_data) if form.is_valid() else {}
    state = wanted.pop("state", "")
    found = queries.board(standing, **wanted)
    counted = queries.counts(found)
    columns = []
    for name, label in STATES.items():
        if state and name != state:
            continue
        which = [status for status, belongs in STATE_OF.items() if belongs == name]
        rows = Paginator(found.filter(status__in=which), PAGE if state else SHOWN)
        page = rows.get_page(request.GET.get("page") if state else 1)
        count = sum(counted.get(status, 0) for status in which)
        shown = [(one, telling.status_of(one)) for one in page]
        columns.append({"key": name, "label": label, "count": count, "cards": shown, "page": page})
    searched = any(wanted.values())
    context = vendor_context(
        standing,
        "enquiries",
        columns=columns,
        nothing=not counted and not searched,
        form=form,
        state=state,
        query=_without(request.GET, "page"),
        kept=_without(request.GET, "page", "state"),
        searched=searched,
        waiting=queries.board(standing).filter(status="received").count(),
    )
    return render(request, "enquiries/board.html", context)


def _without(sent: QueryDict, *names: str) -> str:
    left = sent.copy()
    for name in names:
        left.pop(name, None)
    return left.urlencode()


@require_http_methods(["GET", "POST"])
@for_vendor
def assigning(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show who would get which open enquiry, and how even that is; hand all of them out."""
    if not standing.writes:
        raise NotAllowed
    problem, status = "", 200
    if request.method == "POST":
        try:
            count = actions.hand_out_all(standing=standing, mark=request.POST.get("mark", ""))
        except ActionError as error:
            problem, status = error.message, error.status
        else:
            said = ngettext("{count} enquiry handed out.", "{count} enquiries handed out.", count)
            messages.success(request, said.format(count=count))
            return redirect("enquiries:board", standing.programme_uid)
    plan = plan_for(standing)
    context = vendor_context(
        standing,
        "enquiries",
        plan=plan,
        rows=_told(plan),
        spread=plan.routing.spread,
        problem=problem,
    )
    return render(request, "enquiries/assign.html", context, status=status)


def _told(plan: Plan) -> list[dict[str, Any]]:
    lang = (get_language() or "en")[:2]
    told = []
    for at, (row, chosen) in enumerate(plan.pairs):
        able = plan.routing.assignment.able[at]
        reason = candidate_text(chosen, lang) if chosen else ""
        if chosen is None and not able:
            reason = nobody_text(plan.failed(at), lang)
        told.append({"row": row, "chosen": chosen, "reason": reason, "able": able})
    return told


_HOME = "programmes/<uuid:programme>/enquiries/"
urlpatterns = [
    path(_HOME, board, name="board"),
    path(f"{_HOME}assign/", assigning, name="assign"),
]
