"""People with accounts, and a browser for each."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mutualist.apps.core import limits
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.identity import actions
from mutualist.apps.identity.models import Organisation, User
from mutualist.apps.identity.queries import actor_of

PASSWORD = "Pumpen laufen leise im Keller"


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    from django.core.cache import cache

    cache.clear()
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def person(name: str, *, operator: bool = False, verified: bool = True) -> User:
    from allauth.account.models import EmailAddress

    user = actions.create_user(
        email=f"{name.lower()}@example.org",
        name=name,
        language="en",
        password=PASSWORD,
        operator=operator,
    )
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": verified, "primary": True}
    )
    return user


def organisation(owner: User, name: str = "Nordwerk Pumpen AG") -> Organisation:
    return actions.create_organisation(name, actor=actor_of(owner))


def log_in(client: Client, user: User, **more: Any) -> Any:
    form = {"login": user.email, "password": PASSWORD}
    return client.post("/accounts/login/", form, **more)


def code_of(secret: str, *, at: float | None = None) -> str:
    from allauth.mfa.totp.internal import auth

    return auth.format_hotp_value(auth.hotp_value(secret, int((at or time.time()) // 30)))


def with_app(user: User) -> str:
    """Give somebody an authenticator app; return its secret."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal import auth

    secret = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def signed_in(user: User) -> Client:
    client = Client()
    answer = log_in(client, user)
    assert answer.status_code == 302, answer.content
    return client


def prove(client: Client) -> None:
    """Give the password once more, as pages about the safety of the account ask."""
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/account/"})
    assert answer.status_code == 302, answer.content


def mails(to: str) -> list[Any]:
    return list(OutboxMail.objects.filter(to=to).order_by("pk"))


def code_in(text: str) -> str:
    found = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", text, re.MULTILINE)
    assert found, text
    return found[1]


@pytest.fixture
def stranger() -> Callable[[], Client]:
    return Client


class Clock:
    def __init__(self) -> None:
        self.now = 1_900_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Clock:
    settings.MUTUALIST_LIMITS = 1
    made = Clock()
    monkeypatch.setattr(limits, "time", made)
    return made
