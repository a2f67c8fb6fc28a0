"""What every page shows about the person who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from mutualist.apps.core.asking import actor_of
from mutualist.apps.identity.models import Organisation


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person in the header of the page."""

    is_authenticated: bool
    name: str
    organisation_name: str
    seat_name: str
    language: str
    can_operate: bool


def _viewer(request: HttpRequest) -> Viewer:
    actor = actor_of(request)
    names = Organisation.objects.filter(pk__in=actor.organisations()).values_list("name", flat=True)
    return Viewer(
        is_authenticated=actor.user_id is not None,
        name=actor.name,
        organisation_name=", ".join(names[:2]) if actor.roles else "",
        seat_name=request.session.get("seat_name", ""),
        language=translation.get_language() or "en",
        can_operate=actor.can_operate,
    )


def viewer(request: HttpRequest) -> dict[str, Any]:
    """Add `viewer`, the product's and the rule file's version and whether this is the demo."""
    try:
        person = _viewer(request)
    except AttributeError:
        # An error before the middleware ran: the page must still be shown.
        person = Viewer(False, "", "", "", translation.get_language() or "en", False)
    return {
        "viewer": person,
        "product_version": settings.MUTUALIST_VERSION,
        "ruleset_version": settings.MUTUALIST_RULESET,
        "demo": settings.MUTUALIST_DEMO,
    }
