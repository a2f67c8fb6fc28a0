"""Three ways into a room: alone, with the other side, or convened for others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.identity.queries import organisations_of
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.forms.frame import FrameForm, party_forms
from mutualist.apps.rooms.pages.access import actor_of, with_account
from mutualist.apps.rooms.values import PartySpec

MODES = {
    "two_sided": (
        gettext_lazy("With the other side"),
        gettext_lazy("Each party answers sealed; all open at once. Two to eight parties."),
    ),
    "alone": (
        gettext_lazy("Alone, as a self-check"),
        gettext_lazy("You answer for yourself and guess for the other side. Result at once."),
    ),
    "convened": (
        gettext_lazy("For others, as a neutral host"),
        gettext_lazy("You invite the parties and see who has sealed, never an answer."),
    ),
}


def _parties(mode: str, organisation: Any, named: list[PartySpec]) -> list[PartySpec]:
    own = [] if mode == "convened" else [PartySpec(name=organisation.name)]
    return own + named


@require_http_methods(["GET", "POST"])
@with_account
def new(request: HttpRequest) -> HttpResponse:
    """Choose the way in, fill the frame, name the parties."""
    actor = actor_of(request)
    organisations = list(
        organisations_of(actor).filter(pk__in=actor.organisations("owner", "member"))
    )
    if not organisations:
        messages.info(request, _("A room belongs to an organisation. Create yours first."))
        return redirect("identity:organisation")
    mode = request.POST.get("mode") or request.GET.get("mode", "")
    if mode not in MODES:
        return render(request, "rooms/lifecycle/new.html", {"modes": MODES})
    least = 2 if mode == "convened" else 1
    language = translation.get_language() or "en"
    posted = request.POST if request.method == "POST" else None
    form = FrameForm(posted)
    parties = party_forms(least=least, data=posted) if posted else _blank(least, language)
    host = _chosen(organisations, request.POST.get("organisation"))
    if posted and request.POST.get("more"):
        leave_out(request)
        parties = _one_more(parties)
    elif posted and form.is_valid() and parties.is_valid():
        named = parties.parties()
        error = _missing(mode, named, least)
        if error:
            form.add_error(None, error)
        else:
            try:
                made = actions.create_room(
                    actor=actor,
                    mode=mode,
                    frame=form.frame(),
                    parties=_parties(mode, host, named),
                    host=host,
                    opens=form.cleaned_data["opens"],
                    deadline=form.cleaned_data["deadline"],
                    my_name=actor.name,
                    language=language,
                )
            except ActionError as problem:
                form.add_error(None, problem.message)
            else:
                return redirect("rooms:room", made.uid)
    context = {
        "mode": mode,
        "title": MODES[mode][0],
        "lead": MODES[mode][1],
        "form": form,
        "parties": parties,
        "organisations": organisations,
        "host": host,
    }
    failed = posted is not None and not request.POST.get("more")
    return render(request, "rooms/lifecycle/frame.html", context, status=422 if failed else 200)


def _blank(least: int, language: str) -> Any:
    return party_forms(least=least, initial=[{"language": language}] * least)


def _one_more(parties: Any) -> Any:
    """Show one more empty party and keep everything typed."""
    data = parties.data.copy()
    counted = parties.management_form
    total = counted.cleaned_data["TOTAL_FORMS"] if counted.is_valid() else 0
    data["party-TOTAL_FORMS"] = str(min(max(total, 0) + 1, parties.max_num))
    data["party-INITIAL_FORMS"] = "0"
    return party_forms(least=1, data=data)


def _missing(mode: str, named: list[PartySpec], least: int) -> str:
    if len(named) < least:
        return (
            _("Name at least %(least)s other parties.") % {"least": least}
            if least > 1
            else _("Name at least one other party.")
        )
    if mode != "alone" and any(not party.email for party in named):
        return _("Each invited party needs a mail address; the link goes there.")
    return ""


def _chosen(organisations: list[Any], uid: str | None) -> Any:
    return next((o for o in organisations if str(o.uid) == uid), organisations[0])


urlpatterns = [path("rooms/new/", new, name="new")]
