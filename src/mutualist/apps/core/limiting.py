"""What is counted on which address, and the answer to whoever tried too often."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unicodedata import normalize

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from mutualist.apps.core.addresses import address_of, network_of
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.limits import ComeAgain, Rule, TooMany, Uncounted, hit

logger = logging.getLogger(__name__)
#: An attempt to sign in counts for the account it names and for the address it comes from.
LOGIN = Rule("login", 5, 60, grows=True)
LOGIN_ADDRESS = Rule("login-address", 20, 60, grows=True)
FACTOR = Rule("factor", 5, 60, grows=True)
CODE = Rule("code", 3, 300)
MAIL_ADDRESS = Rule("mail-address", 20, 600)
SIGNUP = Rule("signup", 20, 600)
RESET = Rule("reset", 3, 600)
CHANGE = Rule("change", 10, 60)
SINGLE_SIGN_ON = Rule("sso", 60, 60)
LINK = Rule("link", 60, 60)
#: Enquiries of strangers, each of which makes mails.
ASK = Rule("ask", 10, 600)
INVITE = Rule("invite", 60, 60)
EXPORT = Rule("export", 60, 60)
API = Rule("api", 600, 60)
UNKNOWN_TOKEN = Rule("unknown-token", 60, 60, grows=True)
ANONYMOUS = Rule("anonymous", 600, 60)
#: However many sessions somebody claims to have.
ADDRESS = Rule("address", 6000, 60)

Who = Callable[[HttpRequest], str]


def by_address(request: HttpRequest) -> str:
    """Count for the address, with IPv6 for the network of a household."""
    return network_of(address_of(request))


#: Each names a browser that an account signed in with before, or returns nothing.
known_browser: list[Callable[[HttpRequest, str], str]] = []


def account_named(written: str) -> str:
    """Return an account as it is found: a long s, which counts as an s there, is no further account."""
    return normalize("NFKC", written).strip().lower()[:320]


def by_field(name: str) -> Who:
    """Count for the account that a form names, whether it exists or not."""
    return lambda request: account_named(str(request.POST.get(name, "")))


def of_account(request: HttpRequest, account: str) -> str:
    """Count a browser that this account signed in with before for itself.

    So whoever guesses elsewhere does not keep people out of their own account, and the browser
    gets no more attempts than anybody.
    """
    browser = next(filter(None, (known(request, account) for known in known_browser)), "")
    return f"{account}\x00{browser}" if browser else account


def by_account(name: str) -> Who:
    """Count for the account that a form names; for browsers it knows apart."""
    return lambda request: of_account(request, account_named(str(request.POST.get(name, ""))))


def by_session(request: HttpRequest) -> str:
    """Count a program for its token, a browser for its session, anybody else for the address."""
    if request.path.startswith("/api/"):
        # What the door of the API reads, and only there: no way of writing it makes a new caller.
        kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
        named = token if kind.lower() == "bearer" else ""
    else:
        named = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return named or by_address(request)


def by_person(request: HttpRequest) -> str:
    """Count for the person who is, or is about to be, signed in: a new session changes nothing."""
    pending = request.session.get("account_login") or {}
    user = request.session.get("_auth_user_id") or pending.get("user_pk")
    return f"user:{user}" if user else by_address(request)


#: What is counted when a form is sent, by the name of the address.
SENT: Mapping[str, tuple[tuple[Rule, Who], ...]] = {
    "account_login": ((LOGIN, by_account("login")), (LOGIN_ADDRESS, by_address)),
    "mfa_login_webauthn": ((LOGIN_ADDRESS, by_address),),
    "mfa_authenticate": ((FACTOR, by_person), (LOGIN_ADDRESS, by_address)),
    "mfa_reauthenticate": ((FACTOR, by_person),),
    "mfa_reauthenticate_webauthn": ((FACTOR, by_person),),
    "mfa_activate_totp": ((CHANGE, by_person),),
    "account_reauthenticate": ((FACTOR, by_person),),
    "account_request_login_code": ((CODE, by_account("email")), (MAIL_ADDRESS, by_address)),
    "account_confirm_login_code": ((LOGIN_ADDRESS, by_address),),
    "account_email_verification_sent": ((LOGIN_ADDRESS, by_address),),
    "programme:apply": ((SIGNUP, by_address), (CODE, by_field("email"))),
    "account_signup": ((SIGNUP, by_address), (CODE, by_field("email"))),
    "account_reset_password": ((RESET, by_account("email")), (MAIL_ADDRESS, by_address)),
    "account_reset_password_from_key": ((LOGIN_ADDRESS, by_address),),
    "account_change_password": ((FACTOR, by_person),),
    "account_set_password": ((CHANGE, by_person),),
    "account_email": ((CHANGE, by_person),),
    "socialaccount_signup": ((SIGNUP, by_address),),
    "identity:prove": ((FACTOR, by_person),),
    "identity:account": ((CHANGE, by_person),),
    "identity:members": ((INVITE, by_person),),
    "rooms:people": ((INVITE, by_session),),
    "rooms:person_resend": ((INVITE, by_session),),
    "rooms:remind": ((INVITE, by_session),),
    "rooms:convene": ((INVITE, by_session),),
    "api:invite": ((INVITE, by_session),),
    "api:resend": ((INVITE, by_session),),
    "api:verdict": ((EXPORT, by_session),),
    "api:compute": ((EXPORT, by_session),),
    "rooms:compute": ((EXPORT, by_session),),
    "enquiries:ask": ((ASK, by_address),),
    "enquiries:embed_ask": ((ASK, by_address),),
    "privacy:ask": ((CODE, by_field("email")), (MAIL_ADDRESS, by_address)),
    "privacy:download": ((CHANGE, by_person),),
    "privacy:proof_download": ((LINK, by_address),),
    "privacy:proof_erase": ((LINK, by_address),),
}
#: What is counted whenever somebody asks.
ASKED: Mapping[str, tuple[tuple[Rule, Who], ...]] = {
    **dict.fromkeys(
        (
            *("rooms:board_pdf", "rooms:report_pdf", "rooms:workbook", "rooms:json"),
            *("rooms:room_file", "rooms:answers_workbook", "rooms:calendar"),
            *("rooms:bulk_template", "api:get_file"),
            *("ventures:paper", "ventures:workbook", "ventures:parquet", "ventures:terms"),
            *("api:simulate_venture", "api:split_venture"),
        ),
        ((EXPORT, by_session),),
    ),
    **dict.fromkeys(
        (
            *("openid_connect_login", "openid_connect_callback"),
            *("saml_login", "saml_acs", "saml_finish_acs", "saml_metadata"),
        ),
        ((SINGLE_SIGN_ON, by_address),),
    ),
    "rooms:enter": ((LINK, by_address),),
    "identity:join": ((LINK, by_address),),
    "privacy:proof": ((LINK, by_address),),
    "account_confirm_email": ((LINK, by_address),),
}
#: Watched by machines: never refused, or a busy server would seem dead.
FREE = ("core:health", "core:ready", "core:metrics", "operations:health", "operations:metrics")


def _rules(request: HttpRequest, name: str) -> Iterator[tuple[Rule, Who]]:
    if name.startswith("api:"):
        yield (API, by_session) if "Authorization" in request.headers else (ANONYMOUS, by_address)
    elif settings.SESSION_COOKIE_NAME in request.COOKIES:
        yield ADDRESS, by_address
    else:
        yield ANONYMOUS, by_address
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        yield from SENT.get(name, ())
    yield from ASKED.get(name, ())


class LimitMiddleware:
    """Counts before a page or an operation runs, and says when to come back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._told = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; a program with an unknown token is counted afterwards."""
        response = self.get_response(request)
        if response.status_code == 401 and request.path.startswith("/api/"):
            try:
                hit(UNKNOWN_TOKEN, by_address(request))
            except (TooMany, Uncounted) as error:
                return refusal(request, error)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Count; Django calls this when it knows the address's name."""
        match = request.resolver_match
        if not settings.MUTUALIST_LIMITS or match is None or match.view_name in FREE:
            return None
        self._warn(request)
        try:
            for rule, who in _rules(request, match.view_name):
                hit(rule, who(request))
        except (TooMany, Uncounted) as error:
            return refusal(request, error)
        return None

    def _warn(self, request: HttpRequest) -> None:
        if self._told or settings.MUTUALIST_TRUSTED_PROXIES:
            return
        if "X-Forwarded-For" in request.headers:
            self._told = True
            logger.warning(
                "requests come through a proxy that is not trusted, so all visitors count as one: "
                "name it in MUTUALIST_TRUSTED_PROXIES"
            )


def refusal(request: HttpRequest, error: ComeAgain) -> HttpResponse:
    """Return the answer to whoever tried too often, for people and for programs."""
    response = _words(request, error)
    response.headers["Retry-After"] = str(error.wait)
    return response


def _words(request: HttpRequest, error: ActionError) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {"code": error.code, "message": error.message, "problems": []}
        return JsonResponse(body, status=error.status)
    if request.headers.get("HX-Request") == "true":
        return render(
            request, "core/partials/action_error.html", {"error": error}, status=error.status
        )
    return render(request, "429.html", {"error": error}, status=error.status)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429 for the account library, which does not say how long to wait."""
    return refusal(request, TooMany(60))
