"""A whole venture: every line and term in a form, or the file as text; checked while it is typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutualist.apps.core.asking import actor_of, known_person
from mutualist.apps.core.errors import ActionError, Conflict
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.ventures import actions, queries
from mutualist.apps.ventures.described import template
from mutualist.apps.ventures.entries.choices import UNITS
from mutualist.apps.ventures.entries.parts import PARTS
from mutualist.apps.ventures.entries.whole import Entry, WholeForm
from mutualist.apps.ventures.forms.text import TextForm, text_of
from mutualist.apps.ventures.pages.checking import (
    is_checking,
    is_rebuilding,
    meanwhile,
    seen_in,
    slots_of,
    wanted,
)
from mutualist.apps.ventures.presenters.parts import Shown

#: More controls than this a browser may not send at once; the file as text has no such limit.
MOST_CONTROLS = 900


def _place(request: HttpRequest, venture: UUID) -> queries.Place:
    place = queries.get_venture(actor_of(request), venture)
    if not place.writes:
        raise Http404
    return place


@require_http_methods(["GET", "POST"])
@known_person
def whole(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Change every line and term; what is saved is a new version."""
    place = _place(request, venture)
    seen = seen_in(request, queries.latest(place).number)
    saved = queries.version_of(place, seen)
    posted = request.POST if request.method == "POST" else None
    form = WholeForm(saved.description, posted, own=place.room is None)
    do = wanted(request)
    if do != "save":
        leave_out(request)
    if do.startswith("remove:"):
        form.remove(do.removeprefix("remove:"))
    is_valid = posted is None or form.is_valid(blank=do == "save")
    # What was only just added is empty, and nothing is wrong with it yet.
    added = _added(do, request, form, place)
    elsewhere = None
    if do == "save" and is_valid:
        try:
            _save(request, place, form.description, seen)
        except ActionError as error:
            form.problems.append(error.message)
            elsewhere = meanwhile(place, seen, error) if isinstance(error, Conflict) else None
        else:
            return redirect("ventures:venture", venture)
    shown = Shown(
        form,
        template(place.venture.template),
        opened=request.POST.getlist("open"),
        seats=list(place.room.parties.items()) if place.room else None,
    )
    context: dict[str, Any] = {"shown": place.venture, "seen": seen, "asked": do, "units": UNITS}
    context["elsewhere"] = elsewhere
    context["problems"] = list(shown.problems()) if posted is not None else []
    if is_checking(request):
        return _checked(request, shown, context)
    context["flagged"] = " ".join(at for at, _where, _said in context["problems"] if at)
    context |= {"parts": shown.parts(), "added": added.id if added else ""}
    context["removed_from"] = do.removeprefix("remove:").partition("-")[0]
    context["names"] = _names(form, shown)
    context["too_large"] = _controls(context["parts"]) > MOST_CONTROLS
    if is_rebuilding(request):
        return render(request, "ventures/_rebuilt.html", context)
    status = 422 if do == "save" else 200
    return render(request, "ventures/parts.html", context, status=status)


def _added(do: str, request: HttpRequest, form: WholeForm, place: queries.Place) -> Entry | None:
    """Add an entry, if that is what was asked."""
    what, _colon, which = do.partition(":")
    if what != "add" or which not in PARTS or which == "frame":
        return None
    choice = request.POST.get(f"add-{which}", "")
    if which != "parties":
        known = dict(PARTS[which].choices)
        return form.add(which, choice if choice in known else next(iter(known), ""))
    if place.room is None:
        return form.add(which, name=_("New party"))
    free = {key: name for key, name in place.room.parties.items() if key not in form.names(which)}
    if not free:
        return None
    key = choice if choice in free else next(iter(free))
    entry = form.add(which, name=free[key])
    entry.name = key
    return entry


def _save(request: HttpRequest, place: queries.Place, description: Any, seen: int) -> None:
    made = actions.save_version(
        actor=place.actor,
        venture=place.venture.uid,
        description=description,
        # Whoever has read what was saved meanwhile may save over it.
        seen=seen_in(request, seen, "over"),
        note=request.POST.get("note", ""),
    )
    messages.success(request, _("Saved as version %(number)s.") % {"number": made.number})


def _names(form: WholeForm, shown: Shown) -> list[tuple[str, str]]:
    """Return every name a formula may use, with what it is called."""
    found = [
        (name, shown.called(name))
        for part in ("drivers", "events", "lines", "profiles")
        for name in form.names(part)
    ]
    columns = [
        str(line).partition(";")[0].strip()
        for entry in form.of("tables")
        for line in str(entry.typed.get("columns", "")).splitlines()
    ]
    return [*found, *((name, shown.called(name)) for name in columns if name)]


def _controls(parts: Any) -> int:
    entries = [entry for one in parts for entry in one.entries]
    boxes = [box for entry in entries for box in (*entry.boxes, *entry.more)]
    return 3 * len(entries) + sum(
        max(1, len(box.options)) if box.widget == "checks" else 1 for box in boxes
    )


def _checked(request: HttpRequest, shown: Shown, context: dict[str, Any]) -> HttpResponse:
    """Answer a check while typing: the summary, and the messages of the boxes that have one or had one."""
    told = [(at, said) for at, _where, said in context["problems"] if at]
    context |= slots_of(request, told, shown.places())
    return render(request, "ventures/_live.html", context)


@require_http_methods(["GET", "POST"])
@known_person
def text(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Change the file itself, as YAML."""
    place = _place(request, venture)
    seen = seen_in(request, queries.latest(place).number)
    saved = queries.version_of(place, seen)
    posted = request.POST if request.method == "POST" else None
    initial = {"text": text_of(saved.description)}
    form = TextForm(posted, initial=initial, shared=place.room is not None)
    do = wanted(request)
    if do != "save":
        leave_out(request)
    is_valid = posted is None or form.is_valid()
    elsewhere = None
    if do == "save" and is_valid:
        try:
            _save(request, place, form.description, seen)
        except ActionError as error:
            form.problems.append(error.message)
            elsewhere = meanwhile(place, seen, error) if isinstance(error, Conflict) else None
        else:
            return redirect("ventures:venture", venture)
    context = {
        "shown": place.venture,
        "seen": seen,
        "form": form,
        "asked": do,
        "elsewhere": elsewhere,
    }
    context["problems"] = [("", "", said) for said in form.problems] if posted is not None else []
    if is_checking(request):
        return render(request, "ventures/_live.html", context)
    status = 422 if do == "save" else 200
    return render(request, "ventures/text.html", context, status=status)


urlpatterns = [
    path("ventures/<uuid:venture>/lines/", whole, name="whole"),
    path("ventures/<uuid:venture>/text/", text, name="text"),
]
