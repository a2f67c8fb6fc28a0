from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.identity.conftest import PASSWORD, log_in, mails, person, prove, signed_in
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.identity import sessions
from mutualist.apps.identity.models import SignIn
from mutualist.apps.identity.queries import actor_of

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_page_lists_all_and_ends_one() -> None:
    anna = person("Anna")
    here, there = signed_in(anna), Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.77")
    log_in(there, anna)
    page = here.get("/account/sessions/").content.decode()
    assert "Firefox, Windows" in page
    assert "203.0.113.x" in page
    assert "203.0.113.77" not in page
    other = SignIn.objects.get(device="Firefox, Windows")
    prove(here)
    assert here.post(f"/account/sessions/{other.pk}/end/").status_code == 302
    assert not is_in(there)
    assert is_in(here)


def test_all_others_end_at_once() -> None:
    anna = person("Anna")
    here, others = signed_in(anna), [signed_in(anna) for _ in range(3)]
    prove(here)
    here.post("/account/sessions/others/")
    assert is_in(here)
    assert not any(is_in(one) for one in others)
    assert SignIn.objects.filter(user=anna).count() == 1


def test_nobody_ends_the_session_of_another() -> None:
    anna, dora = person("Anna"), person("Dora")
    client = signed_in(anna)
    row = SignIn.objects.get(user=anna)
    rival = signed_in(dora)
    prove(rival)
    assert rival.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert Client().post(f"/account/sessions/{row.pk}/end/").status_code == 302
    with pytest.raises(NotAllowed):
        sessions.end_session(row.pk, actor=actor_of(dora))
    assert is_in(client)


def test_a_new_password_ends_the_other_sessions() -> None:
    anna = person("Anna")
    here, there = signed_in(anna), signed_in(anna)
    new = "Anders herum laufen sie auch"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    prove(here)
    answer = here.post("/accounts/password/change/", form)
    assert answer.status_code == 302, answer.content
    assert is_in(here)
    assert not is_in(there)
    (row,) = SignIn.objects.filter(user=anna)
    assert row.session_key == here.session.session_key, "the row follows the session"
    here.post("/account/sessions/others/")
    assert is_in(here)


def test_signing_out_leaves_nothing() -> None:
    from django.contrib.sessions.models import Session

    anna = person("Anna")
    client = signed_in(anna)
    key = client.session.session_key
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(pk=key).exists()
    assert not SignIn.objects.exists()
    assert not is_in(client)


def test_a_session_ends_when_nobody_uses_it(settings: Any, monkeypatch: Any) -> None:
    client = signed_in(person("Anna"))
    start = sessions.time.time()
    monkeypatch.setattr(sessions.time, "time", lambda: start + settings.MUTUALIST_SESSION_IDLE - 10)
    assert is_in(client), "used in time"
    monkeypatch.setattr(
        sessions.time, "time", lambda: start + 2 * settings.MUTUALIST_SESSION_IDLE - 20
    )
    assert is_in(client), "and again: its use was noted"
    monkeypatch.setattr(sessions.time, "time", lambda: start + 4 * settings.MUTUALIST_SESSION_IDLE)
    assert not is_in(client)
    assert not SignIn.objects.exists()


def test_a_session_ends_at_its_age_however_busy(settings: Any, monkeypatch: Any) -> None:
    settings.MUTUALIST_SESSION_IDLE = settings.SESSION_COOKIE_AGE = 10_000
    client = signed_in(person("Anna"))
    start = sessions.time.time()
    for passed in range(1000, 10_000, 1000):
        monkeypatch.setattr(sessions.time, "time", lambda passed=passed: start + passed)
        assert is_in(client)
    monkeypatch.setattr(sessions.time, "time", lambda: start + 10_001)
    assert not is_in(client)


def test_a_session_from_before_is_taken_in() -> None:
    anna = person("Anna")
    client = Client()
    client.force_login(anna)
    assert is_in(client)
    assert SignIn.objects.get().session_key == client.session.session_key
    assert mails(anna.email) == [], "nobody signed in just now"


def test_an_unknown_browser_is_told_by_mail() -> None:
    anna = person("Anna")
    first = signed_in(anna)
    assert mails(anna.email) == [], "the first one is no news"
    first.post("/accounts/logout/")
    log_in(first, anna)
    assert mails(anna.email) == [], "known"
    stranger = Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.77")
    log_in(stranger, anna)
    (mail,) = mails(anna.email)
    assert "New sign-in" in mail.subject
    assert "Firefox, Windows" in mail.text
    assert "203.0.113.x" in mail.text
    assert "203.0.113.77" not in mail.text


def test_a_browser_known_to_one_is_unknown_to_another() -> None:
    anna, ben = person("Anna"), person("Ben")
    shared = signed_in(anna)
    signed_in(ben)
    shared.post("/accounts/logout/")
    log_in(shared, ben)
    assert len(mails(ben.email)) == 1


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_by_kind_only(agent: str, name: str) -> None:
    assert sessions.device_name(agent) == name
