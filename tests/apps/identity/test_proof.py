"""Fresh proof before what concerns an account: tokens, sessions, and the key of the session."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from apps.identity.conftest import (
    PASSWORD,
    code_of,
    log_in,
    mails,
    person,
    prove,
    signed_in,
    with_app,
)
from mutualist.apps.identity.models import ApiToken, SignIn

pytestmark = pytest.mark.django_db
ENTRY = {"form": "token", "name": "Nightly export", "scope": "write", "days": "365"}


def test_a_token_needs_fresh_proof_and_the_entry_stays() -> None:
    anna = person("Anna")
    client = signed_in(anna)
    sent = client.post("/account/", {**ENTRY, "idempotency_key": "k" * 24})
    assert sent.status_code == 302
    way = sent.headers["Location"]
    assert way.startswith("/accounts/reauthenticate/?next=%2Faccount%2F%23tokens")
    assert not ApiToken.objects.exists()
    assert not mails(anna.email)

    back = client.post(way, {"password": PASSWORD, "next": "/account/#tokens"})
    assert back.headers["Location"] == "/account/#tokens"
    assert not ApiToken.objects.exists(), "nothing happens behind the person's back"
    page = client.get("/account/")
    form = page.context["token_form"]
    assert (form["name"].value(), form["scope"].value(), form["days"].value()) == (
        "Nightly export",
        "write",
        365,
    )
    assert "Your entry is still here" in page.content.decode()

    # The same form once more, with the same key: what was refused then is done now.
    made = client.post("/account/", {**ENTRY, "idempotency_key": "k" * 24})
    assert 'id="new-token"' in made.content.decode()
    assert ApiToken.objects.get().name == "Nightly export"
    assert client.get("/account/").context["token_form"]["name"].value() is None


def test_proof_runs_out(settings: Any) -> None:
    client = signed_in(person("Anna"))
    prove(client)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert "/reauthenticate/" in client.post("/account/", ENTRY).headers["Location"]
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("scope", "words"), [("read", "read what you may see"), ("write", "do what you may do")]
)
def test_a_new_token_is_told_by_mail(scope: str, words: str) -> None:
    anna = person("Anna")
    client = signed_in(anna)
    prove(client)
    client.post("/account/", {**ENTRY, "scope": scope})
    (mail,) = mails(anna.email)
    assert mail.subject == "A token for the API was made"
    assert "Nightly export" in mail.text
    assert words in mail.text
    assert "If it was not you" in mail.text


def test_sessions_of_others_end_after_proof_only() -> None:
    anna = person("Anna")
    here, there = signed_in(anna), signed_in(anna)
    other = SignIn.objects.get(session_key=there.session.session_key)
    for path in (f"/account/sessions/{other.pk}/end/", "/account/sessions/others/"):
        answer = here.post(path)
        assert answer.headers["Location"].startswith(
            "/accounts/reauthenticate/?next=%2Faccount%2Fsessions%2F"
        )
    assert there.get("/account/").status_code == 200
    assert "Now end what you wanted" not in here.get("/account/sessions/").content.decode()
    prove(here)
    assert "Now end what you wanted" in here.get("/account/sessions/").content.decode()
    assert "Now end what you wanted" not in here.get("/account/sessions/").content.decode(), "once"
    here.post("/account/sessions/others/")
    assert there.get("/account/").status_code == 302


def test_ones_own_session_ends_without_proof() -> None:
    anna = person("Anna")
    client = signed_in(anna)
    (mine,) = SignIn.objects.filter(user=anna)
    client.post(f"/account/sessions/{mine.pk}/end/")
    assert client.get("/account/").status_code == 302
    assert not Session.objects.exists()


@pytest.mark.parametrize("way", ["password", "app"])
def test_proof_gives_the_session_a_new_key(way: str) -> None:
    anna = person("Anna")
    client = signed_in(anna)
    if way == "app":
        secret = with_app(anna)
        page, form = "/accounts/2fa/reauthenticate/", {"code": code_of(secret)}
    else:
        page, form = "/accounts/reauthenticate/", {"password": PASSWORD}
    before = client.session.session_key
    assert client.post(page, {**form, "next": "/account/"}).status_code == 302
    after = client.session.session_key
    assert after != before
    assert not Session.objects.filter(pk=before).exists(), "the old key opens nothing"
    assert SignIn.objects.get(user=anna).session_key == after, "the list follows"
    assert client.get("/account/").status_code == 200
    assert client.session.session_key == after, "once for each proof"


def test_a_wrong_proof_changes_nothing() -> None:
    client = signed_in(person("Anna"))
    before = client.session.session_key
    client.post("/accounts/reauthenticate/", {"password": "wrong", "next": "/account/"})
    assert client.session.session_key == before


def test_what_was_known_of_a_session_before_proof_lets_nobody_in(settings: Any) -> None:
    client = signed_in(person("Anna"))
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = client.session.session_key
    assert thief.get("/account/").status_code == 200
    prove(client)
    assert thief.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("page", "form", "told"),
    [
        ("/accounts/password/reset/", {"email": "anna@example.org"}, "anna@example.org"),
        ("/accounts/password/reset/", {"email": "nobody@example.org"}, "nobody@example.org"),
        ("/accounts/login/code/", {"email": "nobody@example.org"}, "nobody@example.org"),
        (
            "/accounts/signup/",
            {"email": "anna@example.org", "password1": PASSWORD, "name": "X"},
            "anna@example.org",
        ),
    ],
)
def test_links_in_mails_lead_here_whatever_port_was_asked_for(
    settings: Any, page: str, form: dict[str, str], told: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    person("Anna")
    Client().post(page, form, headers={"host": "127.0.0.1:6666"})
    (mail,) = mails(told)
    assert "6666" not in mail.text + mail.html
    assert f"{settings.MUTUALIST_BASE_URL}/accounts/" in mail.text


def test_the_link_to_confirm_an_address_leads_here(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    form = {"email": "new@example.org", "password1": PASSWORD, "name": "New"}
    Client().post("/accounts/signup/", form, headers={"host": "127.0.0.1:6666"})
    (mail,) = mails("new@example.org")
    assert "6666" not in mail.text + mail.html
    link = next(word for word in mail.text.split() if word.startswith("http"))
    assert link.startswith(f"{settings.MUTUALIST_BASE_URL}/accounts/confirm-email/")
    assert Client().get(link).status_code == 200


def test_a_known_browser_gets_in_while_somebody_guesses(clock: Any) -> None:
    anna = person("Anna")
    home = signed_in(anna)
    home.post("/accounts/logout/")
    for number in range(9):
        guess = {"login": anna.email, "password": f"wrong {number}"}
        Client(REMOTE_ADDR=f"203.0.113.{number}").post("/accounts/login/", guess)
    assert log_in(Client(REMOTE_ADDR="203.0.113.99"), anna).status_code == 429
    assert log_in(home, anna).status_code == 302
    # What the stranger tried stays counted although the owner came in.
    assert log_in(Client(REMOTE_ADDR="203.0.113.98"), anna).status_code == 429


def test_a_known_browser_has_no_more_guesses_than_anybody(clock: Any) -> None:
    anna = person("Anna")
    home = signed_in(anna)
    home.post("/accounts/logout/")
    wrong = {"login": anna.email, "password": "wrong"}
    codes = [home.post("/accounts/login/", wrong).status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2
    assert log_in(Client(REMOTE_ADDR="203.0.113.9"), anna).status_code == 302


def test_a_browser_known_to_another_account_counts_as_a_stranger(clock: Any) -> None:
    anna, dora = person("Anna"), person("Dora")
    rival = signed_in(dora)
    rival.post("/accounts/logout/")
    wrong = {"login": anna.email, "password": "wrong"}
    for number in range(5):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post("/accounts/login/", wrong)
    assert rival.post("/accounts/login/", wrong).status_code == 429
    made_up = Client(REMOTE_ADDR="203.0.113.9")
    for guess in ("a", "b" * 43):
        made_up.cookies["device"] = guess
        assert made_up.post("/accounts/login/", wrong).status_code == 429


@pytest.mark.parametrize("page", ["/accounts/login/code/", "/accounts/password/reset/"])
def test_a_known_browser_gets_its_mail_while_somebody_asks_for_others(
    clock: Any, page: str
) -> None:
    anna = person("Anna")
    home = signed_in(anna)
    home.post("/accounts/logout/")
    for _ in range(4):
        asked = Client().post(page, {"email": anna.email})
    assert asked.status_code == 429
    assert home.post(page, {"email": anna.email}).status_code in {200, 302}
