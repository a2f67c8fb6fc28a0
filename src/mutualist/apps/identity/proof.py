"""Fresh proof of who somebody is, before what concerns the safety of an account is done.

Password and second factor are asked for by the account library. Whoever has neither, because they
come by mailed codes or by an identity provider, shows a mailed code, or has just signed in.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.cryptokit import normalize_user_code
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode

from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.identity.mails import send_account_mail
from mutualist.apps.identity.sessions import BEGAN

#: Where a session keeps how its person proved themselves; the account library writes it.
RECORDS = "account_authentication_methods"
#: Where it keeps what a mailed code has to match: digest, moment, guesses left.
MAILED = "proof_mailed"
#: As for a code to sign in.
LASTS, GUESSES = 180, 3


def has_own_proof(user: Any) -> bool:
    """Whether somebody has a password or a second factor to show."""
    return bool(reauthentication.get_reauthentication_flows(user))


def lacks_proof(request: HttpRequest) -> bool:
    """Whether somebody has to prove once more who they are."""
    if has_own_proof(request.user):
        return bool(reauthentication.is_reauthentication_required(request, app="allauth.account"))
    return lacks_mailed_proof(request)


def lacks_mailed_proof(request: HttpRequest) -> bool:
    """Whether somebody with neither password nor second factor has shown nothing for a while."""
    user: Any = request.user
    if settings.MUTUALIST_DEMO or not user.is_authenticated or has_own_proof(user):
        return False
    newest = max([float(request.session.get(BEGAN) or 0), *map(float, proofs_in(request))])
    return time.time() - newest >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask_for_proof(request: HttpRequest, *, back: str) -> HttpResponse:
    """Lead to the page that asks for it, and back afterwards.

    What was filled in is left to the page that asks: the account library would keep a sent form and
    run it later outside of what guards our writes.
    """
    leave_out(request)
    page = "account_reauthenticate" if has_own_proof(request.user) else "identity:prove"
    return redirect(f"{reverse(page)}?{urlencode({'next': back})}")


def send_code(request: HttpRequest) -> None:
    """Mail a code that works once, for three minutes, in this session only."""
    code = get_adapter(request).generate_login_code()
    request.session[MAILED] = [_digest(code), time.time(), GUESSES]
    user: Any = request.user
    send_account_mail("proof_code", to=user.email, language=user.language, code=code)


def accept_code(request: HttpRequest, code: str) -> bool:
    """Take a code; a right one proves who is there."""
    digest, moment, left = request.session.pop(MAILED, ("", 0, 0))
    if left < 1 or time.time() - moment > LASTS:
        return False
    if not constant_time_compare(digest, _digest(code)):
        request.session[MAILED] = [digest, moment, left - 1]
        return False
    record_authentication(request, request.user, "code", reauthenticated=True)
    return True


def _digest(code: str) -> str:
    return salted_hmac("mutualist/proof/v1", normalize_user_code(code)).hexdigest()


def proofs_in(request: HttpRequest) -> list[Any]:
    """Return when somebody proved themselves again within this session."""
    records = request.session.get(RECORDS, ())
    return [one.get("at") for one in records if one.get("reauthenticated")]


def renew_session(request: HttpRequest, before: list[Any]) -> None:
    """Give the session a new key when a proof was added: who knew the old one gains nothing by it."""
    if request.session.session_key and proofs_in(request) not in ([], before):
        request.session.cycle_key()
