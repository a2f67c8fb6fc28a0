"""What the pages of both sides share: their addresses, how a move is made, how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.doors import for_partner, partner_paths, partner_url
from mutualist.apps.programme.public import Standing
from mutualist.apps.projects.queries import VIEWS, Project
from mutualist.apps.projects.words import (
    COLOURS,
    DECISIONS,
    EVIDENCE,
    LOSSES,
    MOVES,
    RULINGS,
    STATES,
    rejection_words,
)

Page = Callable[..., HttpResponse]


def own_paths(place: str, view: Page, name: str) -> list[Any]:
    """Return the two addresses of a partner's page: with an account, and by a mailed link."""
    served = for_partner(view)

    @wraps(served)
    def careful(request: HttpRequest, **named: Any) -> HttpResponse:
        response = served(request, **named)
        if "token" in named:
            # The token stands in the address and must not be told to another site; with no-referrer browsers would
            # send forms with the origin "null", which the protection of forms refuses.
            response["Referrer-Policy"] = "same-origin"
        return response

    return partner_paths(f"projects/{place}", careful, name)


def url(standing: Standing, name: str, **rest: Any) -> str:
    """Return the address of a page for whoever stands there."""
    if standing.side == "vendor":
        return reverse(f"projects:{name}", kwargs={"programme": standing.programme_uid, **rest})
    return partner_url(standing, f"projects:own_{name}", **rest)


def seen_in(request: HttpRequest) -> int | None:
    """Return which version of a project the form was shown for."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def made(request: HttpRequest, form: forms.Form, act: Callable[[], Any], done: str) -> bool:
    """Make a move; what cannot be done stands in the form, with everything that was typed."""
    if not form.is_valid():
        return False
    try:
        act()
    except ActionError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, done)
    return True


def state_of(state: str) -> dict[str, str]:
    """Return how a state is called and coloured."""
    colour = {"good": "good", "warn": "caution", "bad": "bad"}.get(COLOURS.get(state, ""), "")  # type: ignore[call-overload]
    return {"label": str(STATES[state]), "kind": colour}


def history(shown: Project) -> list[dict[str, Any]]:
    """Return the steps of a project in words, oldest first, as its side may read them."""
    vendor = shown.side == "vendor"
    lines = []
    for step in shown.steps:
        reason = ""
        if step.reason:
            reason = (
                str(LOSSES.get(step.reason, ""))
                if step.move == "lose"
                else rejection_words(step.reason, vendor=vendor)
            )
        lines.append({"at": step.at, "text": MOVES[step.move], "reason": reason, "note": step.note})
    return lines


def filters(
    standing: Standing, counts: dict[str, int], current: str, labels: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the links above a list, each with its count."""
    base = url(standing, "queue") if standing.side == "vendor" else url(standing, "list")
    shown = [name for name in VIEWS if name in labels]
    return [
        {
            "label": labels[name],
            "url": f"{base}?view={name}",
            "current": name == current,
            "count": counts.get(name, 0),
        }
        for name in shown
    ]


def explained(reasons: Any) -> list[dict[str, Any]]:
    """Return what spoke for or against one customer, in words."""
    return [
        {
            "label": EVIDENCE.get(one["code"], one["code"]),
            "points": one["points"],
            "mine": one["mine"],
            "theirs": one["theirs"],
        }
        for one in reasons
    ]


def decision(name: str) -> str:
    """Return what a conflict search says, in words."""
    return str(DECISIONS.get(name, name))


def ruling(name: str) -> str:
    """Return what the vendor said about a conflict, in words."""
    return str(RULINGS.get(name, ""))
