"""The simulator: ten thousand futures on the server while a slider moves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from mutualist.apps.core.asking import actor_of, known_person
from mutualist.apps.ventures import queries
from mutualist.apps.ventures.described import template
from mutualist.apps.ventures.levers import Lever, levers, moved
from mutualist.apps.ventures.presenters.leaving import Asked, leaving
from mutualist.apps.ventures.presenters.simulator import FUTURES, SEED, view
from mutualist.apps.ventures.words import language, per_cent_sign, plain
from mutualist.domain.venture import VentureError
from mutualist.library.ventures import Venture


def _looked_at(request: HttpRequest, venture: UUID) -> dict[str, Any]:
    """Load a version, and move what the address moves."""
    place = queries.get_venture(actor_of(request), venture)
    saved = queries.version_of(place, asked_number(request))
    contract = template(place.venture.template)
    found = levers(saved.description, contract, language())
    parties = {key: one.get("name", key) for key, one in saved.description["parties"].items()}
    changed, places = moved(saved.description, found, request.GET)
    shifted = {lever.key: places[lever.key] for lever in found if places[lever.key] != lever.value}
    context: dict[str, Any] = {
        "place": place,
        "shown": place.venture,
        "saved": saved,
        "levers": [_slider(lever, places[lever.key]) for lever in found],
        "is_moved": bool(shifted),
        "per_cent": per_cent_sign(),
        "address": _address(request, venture, shifted),
        "called": lambda name: contract.called(name, language(), parties),
    }
    try:
        described = Venture.from_dict(queries.computed_from(place, changed))
        context["outcomes"] = described.simulate(n=FUTURES, seed=SEED)
        context["described"] = described
    except VentureError as error:
        context["problem"] = error.message(language())
    return context


def _address(request: HttpRequest, venture: UUID, shifted: dict[str, float]) -> str:
    """Return where these futures are found again: what was moved, and no private figure."""
    number = asked_number(request)
    asked = {key: f"{value:.10g}" for key, value in shifted.items()}
    if number is not None:
        asked["version"] = str(number)
    here = reverse("ventures:venture", args=[venture])
    return f"{here}?{urlencode(asked)}" if asked else here


def _add_view(request: HttpRequest, context: dict[str, Any]) -> None:
    if "outcomes" in context:
        place = context["place"]
        context["view"] = view(
            context["outcomes"],
            place.mine,
            own=queries.own_figures(place),
            called=context["called"],
            correlation=_correlation(request),
        )


def _add_leaving(request: HttpRequest, context: dict[str, Any]) -> None:
    if "outcomes" in context:
        context["leaving"] = leaving(
            context["described"], context["outcomes"], context["called"], Asked.of(request.GET)
        )


def asked_number(request: HttpRequest) -> int | None:
    """Return the version an address asks for; none for the newest."""
    asked = request.GET.get("version", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None


def _correlation(request: HttpRequest) -> float | None:
    """Return where the slider of own business and venture stands; nothing unless it was moved."""
    asked = request.GET.get("correlation", "")
    try:
        value = int(asked) / 100
    except (ValueError, OverflowError):
        return None
    return min(1.0, max(-1.0, value))


def _slider(lever: Lever, value: float) -> dict[str, Any]:
    digits = 0 if value == int(value) else 2
    unit = per_cent_sign() if lever.is_percent else ""
    said = f"{plain(value, digits)}{unit}"
    return {"lever": lever, "value": value, "said": said}


@require_safe
@known_person
def venture_page(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Show a venture's futures, with sliders."""
    context = _looked_at(request, venture)
    _add_view(request, context)
    _add_leaving(request, context)
    context["link"] = request.build_absolute_uri(context["address"])
    return render(request, "ventures/venture.html", context)


@require_safe
@known_person
def compute(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Answer a slider that was moved: the results part of the page alone."""
    context = _looked_at(request, venture)
    _add_view(request, context)
    context["link"] = request.build_absolute_uri(context["address"])
    answer = render(request, "ventures/_results.html", context)
    # Whoever reloads or passes on the page finds the sliders where they stand.
    answer.headers["HX-Replace-Url"] = context["address"]
    return answer


@require_safe
@known_person
def leave(request: HttpRequest, venture: UUID) -> HttpResponse:
    """Answer when the sliders rest: who would leave, and what that leaves to the others."""
    context = _looked_at(request, venture)
    _add_leaving(request, context)
    return render(request, "ventures/_left.html", context)


urlpatterns = [
    path("ventures/<uuid:venture>/", venture_page, name="venture"),
    path("ventures/<uuid:venture>/futures/", compute, name="compute"),
    path("ventures/<uuid:venture>/leaving/", leave, name="leaving"),
]
