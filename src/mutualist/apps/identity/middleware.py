"""Who is asking and in which language; both are worked out only when somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from mutualist.apps.core.actor import Actor
from mutualist.apps.identity.queries import actor_of

LINKS = "seat_links"


def build_actor(request: HttpRequest) -> Actor:
    """Return the actor behind a request of the site."""
    links = frozenset(request.session.get(LINKS, ()))
    language = translation.get_language() or settings.LANGUAGE_CODE
    user: Any = request.user
    if user.is_authenticated:
        return actor_of(user, links, language)
    return Actor("link" if links else "anonymous", link_ids=links, language=language)


class PersonMiddleware:
    """Set ``request.actor`` and read the language a person has chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        request.actor = SimpleLazyObject(lambda: build_actor(request))  # type: ignore[attr-defined]
        self._use_language(request)
        return self.get_response(request)

    def _use_language(self, request: HttpRequest) -> None:
        cookie = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        session = settings.SESSION_COOKIE_NAME in request.COOKIES
        # The cookie of this browser wins; only a person on a new device costs a look-up.
        if cookie or not session or request.path.startswith("/api/"):
            return
        user: Any = request.user
        if user.is_authenticated:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
