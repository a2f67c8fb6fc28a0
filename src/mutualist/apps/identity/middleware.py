"""Who is asking and in which language; both are worked out only when somebody looks.

Here sessions end that are too old, and whoever needs a second factor is led to set one up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.identity import proof, sessions
from mutualist.apps.identity.models import Scope
from mutualist.apps.identity.queries import actor_of, token_row

LINKS = "seat_links"
#: What stays open to whoever still has to set up a second factor.
WHILE_HELD_BACK = (
    "mfa_",
    "account_",
    "core:language",
    "core:health",
    "core:ready",
    "core:metrics",
    "identity:account",
    "identity:session",
    "identity:prove",
    "privacy:",
)


#: Pages of the account library that ask for no proof themselves.
AFTER_PROOF = frozenset({"account_set_password"})
API = "/api/"


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(API)


def build_actor(request: HttpRequest) -> Actor:
    """Return the actor behind a request: of the API by its token, of a page by its session."""
    if request.path.startswith(API):
        return _actor_of_token(request)
    links = frozenset(request.session.get(LINKS, ()))
    language = translation.get_language() or settings.LANGUAGE_CODE
    user: Any = request.user
    if user.is_authenticated:
        return actor_of(user, links, language)
    return Actor("link" if links else "anonymous", link_ids=links, language=language)


def _actor_of_token(request: HttpRequest) -> Actor:
    kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
    row = token_row(token) if kind.lower() == "bearer" and token else None
    language = translation.get_language() or settings.LANGUAGE_CODE
    if row is None:
        return Actor("anonymous", language=language)
    return replace(actor_of(row.user, language=language), read_only=row.scope == Scope.READ)


class PersonMiddleware:
    """Set ``request.actor`` and read the language a person has chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        request.actor = SimpleLazyObject(lambda: build_actor(request))  # type: ignore[attr-defined]
        if not _has_session(request):
            self._use_language(request)
            return self._with_device(request, self.get_response(request))
        self._use_session(request)
        self._use_language(request)
        before = proof.proofs_in(request)
        response = self.get_response(request)
        proof.renew_session(request, before)
        sessions.follow_key(request)
        if getattr(request, "signed_out", False):
            # Pages a browser keeps for the button "Back" go with the session; it heeds this with TLS only.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return self._with_device(request, response)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Lead whoever is held back to where a second factor is set up; Django calls this."""
        match = request.resolver_match
        if match is not None and match.view_name in AFTER_PROOF and _has_session(request):
            user: Any = request.user
            if user.is_authenticated and proof.lacks_proof(request):
                return proof.ask_for_proof(request, back=request.path)
        if (
            match is None
            or not _has_session(request)
            or match.view_name.startswith(WHILE_HELD_BACK)
        ):
            return None
        if not request.user.is_authenticated or not request.actor.held_back:  # type: ignore[attr-defined]
            return None
        messages.warning(
            request,
            _("You need a second factor to go on: set up an authenticator app or a passkey."),
        )
        return redirect("mfa_index")

    def _use_session(self, request: HttpRequest) -> None:
        user: Any = request.user
        if not user.is_authenticated:
            return
        if sessions.is_over(request):
            sessions.sign_out(request)
            messages.info(request, _("You were signed out because the session had ended."))
        else:
            sessions.note_use(request)

    def _with_device(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        # Looking into a session that nobody touched would load it.
        if request.session.accessed:
            sessions.keep_device(request, response)
        return response

    def _use_language(self, request: HttpRequest) -> None:
        cookie = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        session = settings.SESSION_COOKIE_NAME in request.COOKIES
        # The cookie of this browser wins; only a person on a new device costs a look-up.
        if cookie or not session or request.path.startswith(API):
            return
        user: Any = request.user
        if user.is_authenticated:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
