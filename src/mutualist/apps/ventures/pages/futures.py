"""The simulator: ten thousand futures on the server while a slider moves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from mutualist.apps.core.asking import actor_of, known_person
from mutualist.apps.ventures import queries
from mutualist.apps.ventures.described import template
from mutualist.apps.ventures.levers import Lever, levers, moved
from mutualist.apps.ventures.presenters.simulator import FUTURES, SEED, view
from mutualist.apps.ventures.words import language, plain
from mutualist.domain.venture import VentureError
from mutualist.library.ventures import Venture


def _looked_at(request: HttpRequest, venture: UUID) -> dict[str, Any]:
    """Load a version, move what the address moves, and compute its futures."""
    place = queries.get_venture(actor_of(request), venture)
    saved = queries.version_of(place, _number(request))
    contract = template(place.venture.template)
    found = levers(saved.description, contract, language())
    parties = {key: one.get("name", key) for key, one in saved.description["parties"].items()}
    changed, places = moved(saved.description, found, request.GET)
    context: dict[str, Any] = {
        "place": place,
        "shown": place.venture,
        "saved": saved,
        "levers": [_slider(lever, places[lever.key]) for lever in found],
        "is_moved": any(places[lever.key] != lever.value for lever in found),
    }
    try:
        described = queries.computed_from(place, changed)
        outcomes = Venture.from_dict(described).simulate(n=FUTURES, seed=SEED)
    except VentureError as error:
        context["problem"] = error.message(language())
    else:
        context["view"] = view(
            outcomes,
            place.mine,
            own=queries.own_figures(place),
            called=lambda name: contract.called(name, language(), parties),
            correlation=_correlation(request),
        )
    return context


def _number(request: HttpRequest) -> int | None:
    asked = request.GET.get("version", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None


def _correlation(request: HttpRequest) -> float | None:
    """Return where the slider of own business and venture stands; nothing unless it was moved."""
    asked = request.GET.get("correlation", "")
    try:
        value = int(asked) / 100
    except ValueError:
        return None
    return min(1.0, max(-1.0, value))


def _slider(lever: Lever, value: float) -> dict[str, Any]:
    digits = 0 if value == int(value) else 2
    said = f"{plain(value, digits)} %" if lever.is_percent else plain(value, digits)
    return {"lever": lever, "value": value, "said": said}


@require_safe
@known_person
def venture_page(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Show a venture's futures, with sliders."""
    return render(request, "ventures/venture.html", _looked_at(request, venture))


@require_safe
@known_person
def compute(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Answer a slider that was moved: the results part of the page alone."""
    return render(request, "ventures/_results.html", _looked_at(request, venture))


urlpatterns = [
    path("ventures/<uuid:venture>/", venture_page, name="venture"),
    path("ventures/<uuid:venture>/futures/", compute, name="compute"),
]
