"""Who is looking, and at which round."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from mutualist.apps.core.asking import actor_of, known_person, with_account

__all__ = ["actor_of", "known_person", "round_asked", "with_account"]


def round_asked(request: HttpRequest) -> int | None:
    """Return the round an address names with ``?round=``; what is no number is not there."""
    asked = request.GET.get("round", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 4):
        raise Http404
    return int(asked) if asked else None
