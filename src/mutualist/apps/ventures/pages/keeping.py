"""What is kept of a venture: private figures, a state of the sliders, versions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mutualist.apps.core.asking import actor_of, known_person
from mutualist.apps.core.errors import ActionError
from mutualist.apps.ventures import actions, queries
from mutualist.apps.ventures.described import template
from mutualist.apps.ventures.forms.private import PrivateForm
from mutualist.apps.ventures.levers import levers, moved
from mutualist.apps.ventures.pages.checking import seen_in
from mutualist.apps.ventures.words import language


@require_http_methods(["GET", "POST"])
@known_person
def private(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Ask for what a party keeps to itself, and say what results can give away of it."""
    place = queries.get_venture(actor_of(request), venture)
    if not place.keeps_figures:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    kept, number = queries.own_figures_as_kept(place)
    seen = seen_in(request, number, digits=18) if posted is not None else number
    form = PrivateForm.of(kept, posted)
    if posted is not None and form.is_valid():
        figures = form.figures()
        moves = kept.get("business", {}).get("correlation")
        if moves and "business" in figures:
            # The page does not ask for it; a program has said it.
            figures["business"]["correlation"] = moves
        try:
            actions.keep_figures(actor=place.actor, venture=venture, figures=figures, seen=seen)
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved for your party alone."))
            return redirect("ventures:venture", venture)
    context = {"shown": place.venture, "place": place, "form": form, "seen": seen}
    status = 422 if posted is not None else 200
    return render(request, "ventures/private.html", context, status=status)


@require_POST
@known_person
def keep(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Save the venture as the sliders stand, as a new version."""
    place = queries.get_venture(actor_of(request), venture)
    last = queries.latest(place)
    seen = seen_in(request, last.number)
    saved = queries.version_of(place, seen)
    known = levers(saved.description, template(place.venture.template), language())
    changed, _places = moved(saved.description, known, request.POST)
    try:
        made = actions.save_version(
            actor=place.actor,
            venture=venture,
            description=changed,
            seen=seen,
            note=request.POST.get("note", ""),
        )
    except ActionError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Saved as version %(number)s.") % {"number": made.number})
    return redirect("ventures:venture", venture)


urlpatterns = [
    path("ventures/<uuid:venture>/private/", private, name="private"),
    path("ventures/<uuid:venture>/keep/", keep, name="keep"),
]
