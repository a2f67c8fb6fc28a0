"""The list of ventures, and the way to a new one: pick a contract, answer its short form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.asking import actor_of, known_person, with_account
from mutualist.apps.core.errors import ActionError, Conflict, NotAllowed
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.identity.queries import organisations_of
from mutualist.apps.rooms.public import OpenedPlace, opened_place
from mutualist.apps.ventures import actions, queries
from mutualist.apps.ventures.described import Template, template, templates
from mutualist.apps.ventures.forms.short import OwnForm, RoomForm, ShortForm
from mutualist.apps.ventures.pages.checking import is_checking, meanwhile, seen_in, slots_of
from mutualist.apps.ventures.words import language


@require_safe
@with_account
def list_page(request: HttpRequest) -> HttpResponse:
    """Show the ventures somebody may know of."""
    actor = actor_of(request)
    context = {
        "cards": [(card, _contract(card.template)) for card in queries.ventures_of(actor)],
        "may_begin": bool(actor.organisations("owner", "member")),
    }
    return render(request, "ventures/list.html", context)


def _contract(key: str) -> str:
    """Return what the contract is called that a venture began with; nothing if it is none of ours any more."""
    found = templates().get(key)
    return found.title(language()) if found else ""


def _words(found: Template) -> dict[str, str]:
    return {"id": found.id, "title": found.title(language()), "about": found.about(language())}


def _room(request: HttpRequest) -> OpenedPlace | None:
    """Return the room a new venture is for, if the address names one."""
    wanted = request.POST.get("room") or request.GET.get("room", "")
    if not wanted:
        return None
    place = opened_place(actor_of(request), wanted)
    if not place.writes or len(place.seats) < 2:
        raise NotAllowed
    return place


@require_http_methods(["GET", "POST"])
@known_person
def new(request: HttpRequest) -> HttpResponse:
    """Pick one of six contracts, then answer its short form."""
    actor = actor_of(request)
    place = _room(request)
    organisations = list(
        organisations_of(actor).filter(pk__in=actor.organisations("owner", "member"))
    )
    if place is None and actor.user_id is None:
        raise Http404
    if place is None and not organisations:
        messages.info(request, _("A venture belongs to an organisation. Create yours first."))
        return redirect("identity:organisation")
    chosen = templates().get(request.POST.get("template") or request.GET.get("template", ""))
    context: dict[str, Any] = {"place": place}
    if chosen is None:
        context["templates"] = [_words(one) for one in templates().values()]
        return render(request, "ventures/new.html", context)
    posted = request.POST if request.method == "POST" else None
    owner: Any = None if place else _chosen(organisations, request.POST.get("organisation"))
    form: ShortForm = (
        RoomForm(chosen, place.parties, place.currency, posted)
        if place
        else OwnForm(chosen, owner.name, posted)
    )
    if is_checking(request):
        return _checked(request, form)
    if posted is not None and form.is_valid():
        try:
            made = _describe(actor, chosen, form, place, owner)
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            return redirect("ventures:venture", made.uid)
    context |= {
        "template": _words(chosen),
        "form": form,
        "organisations": organisations,
        "owner": owner,
    }
    status = 422 if posted is not None else 200
    return render(request, "ventures/short.html", context, status=status)


def _checked(request: HttpRequest, form: ShortForm) -> HttpResponse:
    """Answer a check while typing; nothing is stored."""
    leave_out(request)
    form.is_valid()
    told = form.told()
    known = {question.key for question in form.questions}
    slots = slots_of(request, [(at, said) for at, _where, said in told if at], known)
    context = {"problems": told} | slots
    return render(request, "ventures/_live.html", context)


def _describe(
    actor: Any, chosen: Template, form: ShortForm, place: OpenedPlace | None, owner: Any
) -> Any:
    if place is not None:
        return actions.describe_for_room(
            actor=actor, room=place.uid, template=chosen.id, description=form.description
        )
    return actions.describe_for_organisation(
        actor=actor, organisation=owner.uid, template=chosen.id, description=form.description
    )


def _chosen(organisations: list[Any], uid: str | None) -> Any:
    return next((one for one in organisations if str(one.uid) == uid), organisations[0])


@require_http_methods(["GET", "POST"])
@known_person
def edit(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Answer the short form again; what is saved is a new version."""
    place = queries.get_venture(actor_of(request), venture)
    if not place.writes:
        raise Http404
    last = queries.version_of(place)
    contract = template(place.venture.template)
    posted = request.POST if request.method == "POST" else None
    form = ShortForm(contract, last.description, posted)
    seen, elsewhere = seen_in(request, last.number), None
    if is_checking(request):
        return _checked(request, form)
    if posted is not None and form.is_valid():
        try:
            actions.save_version(
                actor=place.actor,
                venture=venture,
                description=form.description,
                seen=seen_in(request, seen, "over"),
                note=request.POST.get("note", ""),
            )
        except ActionError as error:
            form.add_error(None, error.message)
            elsewhere = meanwhile(place, seen, error) if isinstance(error, Conflict) else None
        else:
            messages.success(request, _("Saved as a new version."))
            return redirect("ventures:venture", venture)
    context = {
        "shown": place.venture,
        "form": form,
        "seen": seen,
        "elsewhere": elsewhere,
        "template": _words(contract),
    }
    return render(request, "ventures/edit.html", context, status=422 if posted is not None else 200)


urlpatterns = [
    path("ventures/", list_page, name="list"),
    path("ventures/new/", new, name="new"),
    path("ventures/<uuid:venture>/edit/", edit, name="edit"),
]
