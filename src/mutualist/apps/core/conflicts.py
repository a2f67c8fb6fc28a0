"""The page on which two versions stand side by side: nothing is lost, the person chooses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mutualist.apps.core.errors import Conflict
from mutualist.apps.core.idempotency import FIELD

#: The hidden field of a form: what stood there when it was shown.
SEEN = "seen"
OWN = frozenset({"csrfmiddlewaretoken", FIELD, SEEN})


def conflict_page(
    request: HttpRequest,
    error: Conflict,
    *,
    label: Any,
    mine: Any,
    theirs: Any,
    back: str,
) -> HttpResponse:
    """Show what was entered beside what was saved meanwhile.

    "Keep mine" sends the very form once more, now for the version that was just shown; "take theirs"
    leads `back`.

    Parameters
    ----------
    label
        What the versions are of, such as "Deadline".
    mine, theirs
        The versions in words.
    """
    fields = [
        (name, value)
        for name in request.POST
        if name not in OWN
        for value in request.POST.getlist(name)
    ]
    context = {
        "error": error,
        "label": label,
        "mine": mine,
        "theirs": theirs,
        "fields": [*fields, (SEEN, error.theirs)],
        "back": back,
    }
    return render(request, "core/conflict.html", context, status=409)


def seen_in(request: HttpRequest) -> str | None:
    """Return what the form says stood there when it was shown; none if it does not say."""
    return request.POST.get(SEEN)
