"""Who asks: the one place that reads the actor from a request."""

from __future__ import annotations

from copy import copy

from django.http import HttpRequest

from mutualist.apps.core.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor = request.actor  # type: ignore[attr-defined]
    if not isinstance(actor, Actor):
        raise TypeError("the middleware that says who asks is missing")
    # Once worked out, the copy of the lazy stand-in is the actor itself, which actions may replace().
    found: Actor = copy(actor)
    return found
