"""Fresh proof of who somebody is, before what concerns the safety of an account is done."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows import reauthentication
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from mutualist.apps.core.idempotency import leave_out

#: Where a session keeps how its person proved themselves; the account library writes it.
RECORDS = "account_authentication_methods"


def lacks_proof(request: HttpRequest) -> bool:
    """Whether somebody has to show password or second factor again; who has neither need not."""
    return bool(reauthentication.is_reauthentication_required(request, app="allauth.account"))


def ask_for_proof(request: HttpRequest, *, back: str) -> HttpResponse:
    """Lead to the page that asks for it, and back afterwards.

    What was filled in is left to the page that asks: the account library would keep a sent form and
    run it later outside of what guards our writes.
    """
    leave_out(request)
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def proofs_in(request: HttpRequest) -> list[Any]:
    """Return when somebody proved themselves again within this session."""
    records = request.session.get(RECORDS, ())
    return [one.get("at") for one in records if one.get("reauthenticated")]


def renew_session(request: HttpRequest, before: list[Any]) -> None:
    """Give the session a new key when a proof was added: who knew the old one gains nothing by it."""
    if request.session.session_key and proofs_in(request) not in ([], before):
        request.session.cycle_key()
