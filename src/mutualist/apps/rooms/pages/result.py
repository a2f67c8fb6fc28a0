"""The result of a room and what follows from it: ladder, talk guide, pledges, second round, the end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.core.language import reading
from mutualist.apps.rooms import actions, beside, queries
from mutualist.apps.rooms.forms.frame import DeadlineForm
from mutualist.apps.rooms.pages.access import actor_of, known_person, round_asked
from mutualist.apps.rooms.presenters import aftermath, change, guide, result
from mutualist.apps.rooms.presenters.given import Given
from mutualist.apps.rooms.values import OpenedRoom, RoomStatus


@dataclass(frozen=True)
class Opened:
    """A round as the one who asks may see it."""

    actor: Actor
    room: Any
    opened: OpenedRoom
    given: Given

    @cached_property
    def status(self) -> RoomStatus:
        """Where the room stands; only the pages with a form ask for it."""
        return queries.room_status(self.actor, self.room)

    def context(self, page: str) -> dict[str, Any]:
        """Return what every page of a result needs."""
        tabs = _tabs(self.room, self.opened, page)
        name = next(tab["label"] for tab in tabs if tab["current"])
        return {"room": self.room, "opened": self.opened, "tabs": tabs, "page_name": name}


def _tabs(room: Any, opened: OpenedRoom, page: str) -> list[dict[str, Any]]:
    names = {
        "result": _("Result"),
        "guide": _("Talk guide"),
        "pledges": _("Pledges and clauses"),
        "next_round": _("Second round") if room.round == 1 else _("Another round"),
        "part": _("Part on good terms"),
    }
    chosen = f"?round={opened.round}" if opened.round != room.round else ""
    return [
        {
            "label": label,
            "url": reverse(f"rooms:{key}", args=[room.uid]) + chosen,
            "current": key == page,
        }
        for key, label in names.items()
    ]


def _load(request: HttpRequest, uid: UUID) -> Opened:
    """Load an opened round."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    opened = queries.opened(actor, room, round_asked(request))
    given = Given(
        verdict=opened.verdict,
        room=opened.domain_room,
        visible=opened.visible,
        changed=opened.changed,
        lang=reading(),
        name=room.name,
        round=opened.round,
        rounds=tuple(entry.round for entry in opened.rounds),
        before=opened.before,
        self_check=opened.self_check,
        key=f"{room.uid}:{opened.round}",
    )
    return Opened(actor, room, opened, given)


@require_safe
@known_person
def result_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the result: sentence first, then charts, tables, and what would have to change."""
    return _result(request, _load(request, uid), ())


@require_http_methods(["GET", "POST"])
@known_person
def compute(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Compute the result again with the ticked changes; nothing is stored."""
    leave_out(request)
    found = _load(request, uid)
    if request.method == "GET":
        # A page computed without script was loaded again, for example in the other language.
        return redirect(f"{reverse('rooms:result', args=[uid])}?round={found.opened.round}")
    ticked = tuple(request.POST.getlist("move"))
    if request.headers.get("HX-Request") == "true":
        what_if = change.what_if(found.given, ticked)
        return render(request, "rooms/result/_what_if.html", {"what_if": what_if})
    return _result(request, found, ticked)


def _result(request: HttpRequest, found: Opened, ticked: tuple[str, ...]) -> HttpResponse:
    context = found.context("result") | {
        "view": result.result_view(found.given),
        "beside": beside.sections(found.actor, found.room, found.opened),
        "ladder": change.ladder_view(found.given, ticked),
    }
    return render(request, "rooms/result/result.html", context)


@require_safe
@known_person
def guide_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the guide for the talk, made from the findings."""
    found = _load(request, uid)
    context = found.context("guide") | {"guide": guide.guide_view(found.given)}
    return render(request, "rooms/result/guide.html", context)


@require_http_methods(["GET", "POST"])
@known_person
def pledges_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show mutual pledges as clauses, and record what the parties choose about them."""
    found = _load(request, uid)
    problem = ""
    if request.method == "POST":
        problem = _record(request, found)
        if not problem:
            return redirect("rooms:pledges", uid)
    clauses = aftermath.clauses(found.given)
    if request.GET.get("format") == "txt":
        return _text(aftermath.clauses_as_text(found.given, clauses), f"{found.room.name}.txt")
    binding = found.status.binding
    typed = request.POST.get("text", "")
    context = found.context("pledges") | {
        "clauses": clauses,
        "binding": binding,
        "binding_text": typed
        or (binding.text if binding and binding.text else "")
        or aftermath.binding_text(found.given),
        "binding_error": problem,
        "may_bind": found.status.am_lead and not found.opened.self_check,
        "consent": found.status.outcome_consent,
    }
    return render(request, "rooms/result/pledges.html", context, status=422 if problem else 200)


def _record(request: HttpRequest, found: Opened) -> str:
    """Carry out what the form of the pledges page wants; return the problem, if there is one."""
    intent = request.POST.get("intent", "")
    actor, room = found.actor, found.room
    try:
        if intent == "bind":
            if request.POST.get("sure") != "yes":
                return _("Please confirm that you may decide this for your firm.")
            actions.agree_binding(actor=actor, room=room, text=request.POST.get("text", ""))
            messages.success(request, _("Recorded for your side."))
        elif intent == "withdraw":
            actions.withdraw_binding(actor=actor, room=room)
            messages.success(request, _("Your confirmation is withdrawn."))
        elif intent in {"consent-yes", "consent-no"}:
            actions.set_outcome_consent(actor=actor, room=room, consent=intent == "consent-yes")
            messages.success(request, _("Saved."))
        else:
            return _("Please choose what to record.")
    except ActionError as error:
        return str(error.message)
    return ""


def _text(content: str, name: str) -> HttpResponse:
    from django.utils.http import content_disposition_header

    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


@require_http_methods(["GET", "POST"])
@known_person
def part_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Offer a polite letter, and close the room on good terms."""
    found = _load(request, uid)
    if request.method == "POST":
        try:
            actions.part_on_good_terms(actor=found.actor, room=found.room)
        except ActionError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("The room is closed. You have parted on good terms."))
        return redirect("rooms:part", uid)
    context = found.context("part") | {
        "letter": aftermath.letter(found.given, sender=found.opened.viewer),
        "may_part": found.status.am_lead and found.room.state != "closed",
    }
    return render(request, "rooms/result/part.html", context)


@require_http_methods(["GET", "POST"])
@known_person
def next_round(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Explain a second round, and open it."""
    found = _load(request, uid)
    form = DeadlineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.start_round(
                actor=found.actor, room=found.room, deadline=form.cleaned_data["deadline"]
            )
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("A new round is open; everybody gets a mail."))
            return redirect("rooms:room", uid)
    context = found.context("next_round") | {
        "form": form,
        "may_start": found.status.may_start_round,
    }
    return render(
        request, "rooms/result/next_round.html", context, status=422 if form.errors else 200
    )


urlpatterns = [
    path("rooms/<uuid:uid>/result/", result_page, name="result"),
    path("rooms/<uuid:uid>/result/compute/", compute, name="compute"),
    path("rooms/<uuid:uid>/result/guide/", guide_page, name="guide"),
    path("rooms/<uuid:uid>/result/pledges/", pledges_page, name="pledges"),
    path("rooms/<uuid:uid>/result/part/", part_page, name="part"),
    path("rooms/<uuid:uid>/result/round/", next_round, name="next_round"),
]
