"""Proof by people who have neither password nor second factor: a mailed code, or having just come in."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from apps.identity.conftest import code_in, mails, person, signed_in
from mutualist.apps.identity import proof
from mutualist.apps.identity.models import ApiToken, User

pytestmark = pytest.mark.django_db
TOKEN = {"form": "token", "name": "Export", "scope": "read", "days": "30"}
PROVE = "/account/proof/"


@pytest.fixture(autouse=True)
def mails_go_out(settings: Any) -> None:
    # They wait in the outbox for the worker, which does not run here.
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let time pass."""
    passed = [0.0]
    real = time.time
    monkeypatch.setattr(proof.time, "time", lambda: real() + passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def by_mail(name: str = "Anna") -> tuple[User, Client]:
    """Somebody who signs in by mailed codes only."""
    user = person(name)
    user.set_unusable_password()
    user.save()
    client = Client()
    client.post("/accounts/login/code/", {"email": user.email})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mails(user.email)[-1].text)})
    assert client.get("/account/").status_code == 200
    return user, client


def test_whoever_has_just_come_in_is_not_asked() -> None:
    _user, client = by_mail()
    assert 'id="new-token"' in client.post("/account/", TOKEN).content.decode()


@pytest.mark.parametrize(
    ("method", "page"),
    [
        ("get", "/accounts/2fa/totp/activate/"),
        ("get", "/accounts/2fa/webauthn/add/"),
        ("get", "/accounts/password/set/"),
        ("get", "/account/data/"),
        ("post", "/accounts/password/set/"),
        ("post", "/account/sessions/others/"),
    ],
)
def test_later_a_mailed_code_is_asked_for(later: Any, method: str, page: str) -> None:
    from django.urls import reverse

    page = reverse("privacy:mine") if page == "/account/data/" else page
    user, client = by_mail()
    later(301)
    answer = getattr(client, method)(
        page, {"password1": "Ein langer neuer Satz", "password2": "Ein langer neuer Satz"}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{PROVE}?next=")
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_mailed_code_is_a_proof_and_renews_the_session(later: Any) -> None:
    user, client = by_mail()
    later(301)
    way = client.post("/account/", TOKEN).headers["Location"]
    assert way == f"{PROVE}?next=%2Faccount%2F%23tokens"
    assert client.get(way).status_code == 200
    before = len(mails(user.email))
    asked = client.post(PROVE, {"send": "yes", "next": "/account/#tokens"})
    assert len(mails(user.email)) == before + 1
    assert "Code" in asked.content.decode()
    key = client.session.session_key
    code = code_in(mails(user.email)[-1].text)
    done = client.post(PROVE, {"code": code.lower().replace("-", ""), "next": "/account/#tokens"})
    assert done.headers["Location"] == "/account/#tokens"
    assert client.session.session_key != key
    assert client.get("/account/").context["token_form"]["name"].value() == "Export"
    assert 'id="new-token"' in client.post("/account/", TOKEN).content.decode()
    later(301)
    assert client.post(PROVE, {"code": code, "next": "/account/"}).status_code == 422, "used"
    assert ApiToken.objects.count() == 1


def test_what_was_sent_to_the_account_library_goes_on_after_the_proof(later: Any) -> None:
    user, client = by_mail()
    later(301)
    form = {"email": "anna@elsewhere.example", "action_add": "1"}
    way = client.post("/accounts/email/", form).headers["Location"]
    assert way == f"{PROVE}?next=%2Faccounts%2Femail%2F"
    assert not mails("anna@elsewhere.example")
    client.post(PROVE, {"send": "yes"})
    client.post(PROVE, {"code": code_in(mails(user.email)[-1].text), "next": "/accounts/email/"})
    assert mails("anna@elsewhere.example"), "the form had not to be filled in again"


def test_three_guesses_three_minutes_one_session(later: Any) -> None:
    user, client = by_mail()
    later(301)

    def send() -> str:
        client.post(PROVE, {"send": "yes"})
        return code_in(mails(user.email)[-1].text)

    code = send()
    for _ in range(3):
        assert client.post(PROVE, {"code": "BBBB-BBBB"}).status_code == 422
    assert client.post(PROVE, {"code": code}).status_code == 422, "three guesses are all"
    code = send()
    later(181)
    assert client.post(PROVE, {"code": code}).status_code == 422, "too late"
    code = send()
    _dora, rival = by_mail("Dora")
    later(301)
    rival.post(PROVE, {"send": "yes"})
    assert rival.post(PROVE, {"code": code}).status_code == 422, "a code of somebody else"
    assert client.post(PROVE, {"code": code}).status_code == 422, "three minutes are over"


def test_the_code_is_not_kept_in_the_session(later: Any) -> None:
    user, client = by_mail()
    later(301)
    client.post(PROVE, {"send": "yes"})
    code = code_in(mails(user.email)[-1].text)
    assert code.replace("-", "").lower() not in str(dict(client.session)).lower().replace("-", "")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_nobody_is_led_away_by_a_mailed_proof(later: Any, target: str) -> None:
    user, client = by_mail()
    later(301)
    client.post(PROVE, {"send": "yes"})
    code = code_in(mails(user.email)[-1].text)
    answer = client.post(PROVE, {"code": code, "next": target})
    assert answer.headers["Location"] == "/account/"


def test_whoever_has_a_password_shows_that(later: Any) -> None:
    client = signed_in(person("Anna"))
    answer = client.get(f"{PROVE}?next=/account/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    later(301)
    assert not mails("anna@example.org")
    client.post(PROVE, {"send": "yes"})
    assert not mails("anna@example.org"), "a mailed code is no way around a password"


def test_without_mails_one_comes_in_again(later: Any, settings: Any) -> None:
    user, client = by_mail()
    later(301)
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    before = len(mails(user.email))
    page = client.post(PROVE, {"send": "yes", "next": "/account/"}).content.decode()
    assert "Sign out and in again" in page
    assert len(mails(user.email)) == before
