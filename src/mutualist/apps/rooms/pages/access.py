"""Who is looking: a person with an account or with a seat link; anybody else is asked to log in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from mutualist.apps.core.asking import actor_of

__all__ = ["actor_of", "known_person", "round_asked", "with_account"]

View = Callable[..., HttpResponse]


def known_person(view: View) -> View:
    """Send whoever has neither an account nor a seat link to the login page."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if actor_of(request).is_anonymous:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return checked


def with_account(view: View) -> View:
    """Send whoever has no account to the login page, also with a seat link."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if actor_of(request).user_id is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return checked


def round_asked(request: HttpRequest) -> int | None:
    """Return the round an address names with ``?round=``; what is no number is not there."""
    asked = request.GET.get("round", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 4):
        raise Http404
    return int(asked) if asked else None
