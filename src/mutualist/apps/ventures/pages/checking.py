"""What forms of ventures have in common: a check while somebody types stores nothing and answers a part of the page."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from django.http import HttpRequest

from mutualist.apps.core.errors import Conflict
from mutualist.apps.ventures import queries
from mutualist.apps.ventures.described import template
from mutualist.apps.ventures.presenters.compared import changes

#: Ids of the parts of a page that are answered alone.
CHECKED, PARTS = "checked", "parts"


def is_checking(request: HttpRequest) -> bool:
    """Whether only the outcome of the check is wanted."""
    return request.method == "POST" and request.headers.get("HX-Target") == CHECKED


def is_rebuilding(request: HttpRequest) -> bool:
    """Whether only the parts of the form are wanted, after one was added or removed."""
    return request.method == "POST" and request.headers.get("HX-Target") == PARTS


def seen_in(request: HttpRequest, fallback: int, name: str = "seen", digits: int = 6) -> int:
    """Return the version a change was made from, as the form says."""
    seen = request.POST.get(name, "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= digits else fallback


def wanted(request: HttpRequest) -> str:
    """Return what a form asks for; without saying so it is only checked."""
    if request.method != "POST":
        return ""
    return "save" if "over" in request.POST else request.POST.get("do", "check")


def meanwhile(place: queries.Place, seen: int, conflict: Conflict) -> dict[str, Any]:
    """Return what somebody else saved since, in words: who decides has to know it."""
    theirs = queries.version_of(place, conflict.version)
    mine = queries.version_of(place, seen)
    found = changes(mine.description, theirs.description, template(place.venture.template))
    return {"version": theirs, "changes": found, "next": theirs.number + 1}


def slots_of(
    request: HttpRequest, told: Iterable[tuple[str, str]], known: Container[str]
) -> dict[str, Any]:
    """Return the messages beside the boxes: of those that have one now, and empty ones where one stood before.

    Only places that are `known` are on the page.
    """
    errors: dict[str, list[str]] = {}
    for at, said in told:
        errors.setdefault(at, []).append(said)
    before = request.POST.get("flagged", "").split()
    places = [at for at in dict.fromkeys((*before, *errors)) if at in known]
    slots = [(at, " ".join(errors.get(at, ()))) for at in places]
    return {"slots": slots, "flagged": " ".join(errors)}
