"""Who may reach the pages of accounts, and that none of them tells who has one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.identity.conftest import PASSWORD, code_in, log_in, mails, person, prove, signed_in
from guards.routes import ACCOUNT, ENTRANCE
from mutualist.apps.identity import actions
from mutualist.apps.identity.models import ApiToken, User
from mutualist.apps.identity.queries import actor_of, user_of_token

pytestmark = pytest.mark.django_db
ARGUMENTS = {
    "account_reset_password_from_key": ["1", "x-y"],
    "account_confirm_email": ["guess"],
}
NOISE = re.compile(r'(name="\w+" value=")[\w:.=-]{16,}"|"X-CSRFToken": "\w+"|[\w-]+@example\.org')


#: From the list of common passwords, and what people make of it to have twelve characters.
COMMON = [
    "International",
    "passwordpassword",
    "Dragon123456",
    "!!!Mutualist2026!!!",
    "qwerty123456",
]


def same(answer: Any) -> str:
    return f"{answer.status_code} {answer.headers.get('Location')} " + NOISE.sub(
        "…", answer.content.decode()
    )


@pytest.fixture
def mandatory(settings: Any) -> None:
    """As on a server that sends mails."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


@pytest.mark.parametrize("name", sorted(ACCOUNT))
def test_pages_of_an_account_lead_strangers_to_the_login(name: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(reverse(name))
        assert answer.status_code == 302, (method, answer.status_code)
        assert answer.headers["Location"].startswith("/accounts/login/"), method


@pytest.mark.parametrize("name", sorted(ACCOUNT))
def test_pages_of_an_account_are_german_too(name: str, settings: Any) -> None:
    client = signed_in(person("Anna"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    prove(client)
    answer = client.get(reverse(name), follow=True)
    assert answer.status_code in {200, 404}, answer.status_code
    if answer.status_code == 200:
        assert '<html lang="de"' in answer.content.decode()


@pytest.mark.parametrize("name", sorted(ENTRANCE))
def test_the_entrance_is_open_and_never_fails(name: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(reverse(name, args=ARGUMENTS.get(name)))
        assert answer.status_code in {200, 302, 401, 403, 404, 405}, answer.status_code


def test_signing_in_says_the_same_for_every_reason(monkeypatch: Any) -> None:
    """Unknown, wrong password, no password at all: the same words and the same work."""
    from django.contrib.auth import hashers

    person("Anna")
    actions.create_user(email="ben@example.org", name="Ben")
    work: list[str] = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher,
        "encode",
        lambda self, password, salt: work.append(password) or encode(self, password, salt),
    )
    said, hashed = set(), []
    for name in ("anna", "ben", "nobody"):
        work.clear()
        form = {"login": f"{name}@example.org", "password": "wrong wrong wrong"}
        said.add(same(Client().post("/accounts/login/", form)))
        hashed.append(len(work))
    assert len(said) == 1
    assert hashed == [1, 1, 1], "whoever is unknown costs as much as who is known"


def test_signing_in_is_logged_also_when_it_fails(caplog: Any) -> None:
    person("Anna")
    caplog.set_level("INFO", "mutualist.apps.identity")
    for password in ("wrong wrong wrong", PASSWORD):
        Client().post("/accounts/login/", {"login": "anna@example.org", "password": password})
    lines = [(one.levelname, one.getMessage(), one.shown) for one in caplog.records]
    assert lines == [
        ("WARNING", "signing in failed", {"by": "password"}),
        ("INFO", "signed in", {"by": "password"}),
    ]


@pytest.mark.parametrize("page", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_asking_for_a_mail_says_the_same(page: str) -> None:
    anna = person("Anna")
    said = {
        same(Client().post(page, {"email": email})) for email in (anna.email, "nobody@example.org")
    }
    assert len(said) == 1
    assert len(mails(anna.email)) == len(mails("nobody@example.org")) == 1


def test_signing_up_says_the_same_and_the_owner_is_told(mandatory: None) -> None:
    anna = person("Anna")
    said = []
    for email in (anna.email, "new@example.org"):
        client = Client()
        form = {"email": email, "password1": "Ein anderer langer Satz", "name": "X"}
        said.append(same(client.post("/accounts/signup/", form)))
        said.append(same(client.get("/accounts/confirm-email/")))
    assert said[:2] == said[2:]
    assert "You have an account already" in mails(anna.email)[0].subject
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)


def test_an_address_is_proven_before_the_account_is_used(mandatory: None) -> None:
    client = Client()
    form = {"email": "new@example.org", "password1": PASSWORD, "name": "New"}
    client.post("/accounts/signup/", form)
    assert client.get("/account/").status_code == 302
    code = code_in(mails("new@example.org")[0].text)
    wrong = client.post("/accounts/confirm-email/", {"code": "AAAA-AAAA"})
    assert wrong.status_code == 200
    assert client.post("/accounts/confirm-email/", {"code": code}).status_code == 302
    assert client.get("/account/").status_code == 200


def test_a_code_lets_in_three_guesses_and_no_more() -> None:
    anna = person("Anna")
    client = Client()
    client.post("/accounts/login/code/", {"email": anna.email})
    code = code_in(mails(anna.email)[0].text)
    for _ in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "AAAA-AAAA"})
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert client.get("/account/").status_code == 302


def test_a_code_belongs_to_the_browser_that_asked() -> None:
    anna = person("Anna")
    Client().post("/accounts/login/code/", {"email": anna.email})
    code = code_in(mails(anna.email)[0].text)
    other = Client()
    other.post("/accounts/login/code/", {"email": "nobody@example.org"})
    other.post("/accounts/login/code/confirm/", {"code": code})
    assert other.get("/account/").status_code == 302


def test_a_reset_link_works_once_and_ends_all_sessions() -> None:
    anna = person("Anna")
    there = signed_in(anna)
    client = Client()
    client.post("/accounts/password/reset/", {"email": anna.email})
    link = re.search(r"/accounts/password/reset/key/\S+", mails(anna.email)[0].text)
    assert link
    page = client.get(link[0])
    new = "Ein ganz neuer langer Satz"
    done = client.post(page.headers["Location"], {"password1": new, "password2": new})
    assert done.status_code == 302, done.content
    assert there.get("/account/").status_code == 302
    again = Client().get(link[0])
    assert "no longer valid" in again.content.decode()
    anna.refresh_from_db()
    assert anna.check_password(new)


def test_a_changed_address_has_to_be_confirmed(mandatory: None) -> None:
    anna = person("Anna")
    client = signed_in(anna)
    prove(client)
    client.post("/accounts/email/", {"email": "anna@elsewhere.example", "action_add": "1"})
    anna.refresh_from_db()
    assert anna.email == "anna@example.org"
    code = code_in(mails("anna@elsewhere.example")[0].text)
    assert client.post("/accounts/confirm-email/", {"code": code}).status_code == 302
    anna.refresh_from_db()
    assert anna.email == "anna@elsewhere.example"
    assert any("was changed" in mail.subject for mail in mails("anna@example.org"))


@pytest.mark.parametrize(
    "password", ["short", "anna@example.org", "ANNA@example.org", *COMMON, "x" * 300]
)
def test_weak_passwords_are_refused(password: str) -> None:
    form = {"email": "anna@example.org", "password1": password, "name": "Anna"}
    answer = Client().post("/accounts/signup/", form)
    assert answer.status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_away_after_signing_in(target: str) -> None:
    anna = person("Anna")
    answer = Client().post(
        "/accounts/login/", {"login": anna.email, "password": PASSWORD, "next": target}
    )
    assert answer.headers["Location"] == "/"


def test_the_session_is_a_new_one_after_signing_in(settings: Any) -> None:
    anna = person("Anna")
    client = Client()
    client.get("/join/guess/")
    session = client.session
    session["seat_name"] = "planted by whoever knows the key"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key
    log_in(client, anna)
    assert before
    assert client.session.session_key != before


def test_a_token_that_reads_does_not_write() -> None:
    anna = actor_of(person("Anna"))
    reads = actions.create_api_token("r", scope="read", actor=anna)
    writes = actions.create_api_token("w", scope="write", actor=anna)

    def ask(token: str, method: str, path: str) -> Any:
        return Client().generic(
            method,
            f"/api/v1/{path}",
            "{}",
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    assert ask(reads, "GET", "rooms").status_code == 200
    refused = ask(reads, "POST", "rooms")
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only")
    assert ask(writes, "POST", "rooms").status_code == 422


def test_a_token_runs_out(monkeypatch: Any) -> None:
    from mutualist.apps.identity import queries

    anna = person("Anna")
    token = actions.create_api_token("x", days=30, actor=actor_of(anna))
    assert user_of_token(token) == anna
    ends = ApiToken.objects.get().expires
    monkeypatch.setattr(queries, "now", lambda: ends)
    assert user_of_token(token) is None


def test_a_closed_account_is_closed_everywhere() -> None:
    anna = person("Anna")
    client, token = signed_in(anna), actions.create_api_token("x", actor=actor_of(anna))
    User.objects.update(is_active=False)
    assert client.get("/account/").status_code == 302
    assert user_of_token(token) is None
    assert log_in(Client(), anna).status_code in {200, 302}
    fresh = Client()
    log_in(fresh, anna)
    assert fresh.get("/account/").status_code == 302
