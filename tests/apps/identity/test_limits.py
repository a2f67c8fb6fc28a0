from __future__ import annotations

import sqlite3
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from apps.identity.conftest import PASSWORD, Clock, code_of, log_in, person, with_app
from mutualist.apps.core import limiting, limits
from mutualist.apps.core.addresses import address_behind, network_of, proxies_from, shortened
from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.limits import Rule, TooMany, hit
from mutualist.apps.identity import actions
from mutualist.apps.identity.queries import actor_of

pytestmark = pytest.mark.django_db


def waits(rule: Rule, who: str = "x") -> int:
    """Return the seconds somebody has to wait; 0 if let through."""
    try:
        hit(rule, who)
    except TooMany as error:
        return error.wait
    return 0


def test_a_window_lets_through_what_it_says_and_no_more(clock: Clock) -> None:
    rule = Rule("t", 3, 60)
    assert [waits(rule) for _ in range(4)] == [0, 0, 0, 60]
    clock.now += 59
    assert waits(rule) == 1
    assert waits(rule, "somebody else") == 0
    clock.now += 1
    assert [waits(rule) for _ in range(4)] == [0, 0, 0, 60]


def test_the_wait_grows_and_is_forgiven_after_a_quiet_day(clock: Clock) -> None:
    rule = Rule("g", 1, 60, grows=True)
    seen = []
    for _ in range(9):
        assert waits(rule) == 0
        seen.append(waits(rule))
        clock.now += seen[-1]
    assert seen == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    clock.now += limits.QUIET + 1
    assert waits(rule) == 0
    assert waits(rule) == 60


def test_who_waits_is_not_counted_again(clock: Clock) -> None:
    rule = Rule("w", 1, 60, grows=True)
    waits(rule)
    assert {waits(rule) for _ in range(50)} == {60}


def test_threads_share_one_count(clock: Clock) -> None:
    rule, passed = Rule("many", 50, 60), []

    def knock() -> None:
        passed.extend(waits(rule) == 0 for _ in range(40))

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(passed) == 50


def test_processes_share_one_count(clock: Clock) -> None:
    """Another process counts in the same file with the same statement."""
    import subprocess
    import sys

    from django.conf import settings

    code = (
        "import sys, time; from django.conf import settings\n"
        "settings.configure(MUTUALIST_DATA=sys.argv[1], MUTUALIST_LIMITS=1, USE_I18N=False)\n"
        "from mutualist.apps.core import limits\n"
        f"limits.time.time = lambda: {clock.now}\n"
        "[limits.hit(limits.Rule('shared', 5, 60), 'x') for _ in range(3)]"
    )
    subprocess.run([sys.executable, "-c", code, str(settings.MUTUALIST_DATA)], check=True)
    assert [waits(Rule("shared", 5, 60)) for _ in range(3)] == [0, 0, 60]


def test_what_guards_a_secret_fails_closed(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(limits, "counts", broken)
    assert waits(Rule("page", 1, 60)) == 0
    with pytest.raises(limits.Uncounted):
        hit(Rule("login", 1, 60, grows=True), "x")
    person("Anna")
    answer = Client().post("/accounts/login/", {"login": "anna@example.org", "password": PASSWORD})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_nothing_that_names_somebody_is_kept(clock: Clock) -> None:
    from mutualist.apps.core.counts import counts

    Client().post("/accounts/login/", {"login": "canary@example.org", "password": "x"})
    rows = str(counts().run("SELECT * FROM hits").fetchall())
    assert "login:" in rows
    assert "canary" not in rows


def test_five_guesses_at_a_password_then_wait_from_wherever(clock: Clock) -> None:
    anna = person("Anna")
    for number in range(5):
        guess = {"login": "ANNA@example.org", "password": f"wrong {number}"}
        assert (
            Client(REMOTE_ADDR=f"203.0.113.{number}").post("/accounts/login/", guess).status_code
            == 200
        )
    refused = log_in(Client(REMOTE_ADDR="203.0.113.99"), anna)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert b"Try again in 60 seconds" in refused.content
    clock.now += 61
    assert log_in(Client(), anna).status_code == 302


def test_an_unknown_account_is_answered_alike(clock: Clock) -> None:
    person("Anna")
    seen = []
    for name in ("anna", "nobody"):
        cache.clear()
        form = {"login": f"{name}@example.org", "password": "wrong"}
        seen.append([Client().post("/accounts/login/", form).status_code for _ in range(7)])
    assert seen[0] == seen[1] == [200] * 5 + [429] * 2


def test_twenty_attempts_from_one_address(clock: Clock) -> None:
    codes = [
        Client()
        .post("/accounts/login/", {"login": f"p{n}@example.org", "password": "x"})
        .status_code
        for n in range(21)
    ]
    assert codes == [200] * 20 + [429]


def test_the_right_password_forgets_the_wrong_ones(clock: Clock) -> None:
    anna = person("Anna")
    for _ in range(3):
        for _ in range(3):
            Client().post("/accounts/login/", {"login": anna.email, "password": "wrong"})
        assert log_in(Client(), anna).status_code == 302


def test_codes_of_an_app_cannot_be_tried_out(clock: Clock) -> None:
    anna = person("Anna")
    secret = with_app(anna)
    codes = []
    for _ in range(7):
        client = Client()  # a new session each time changes nothing
        log_in(client, anna)
        codes.append(client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code)
        limits.forget(limiting.LOGIN, anna.email)
    assert codes[:5] == [200] * 5
    assert set(codes[5:]) == {429}
    client = Client()
    clock.now += 61
    log_in(client, anna)
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302


@pytest.mark.parametrize(
    ("page", "form", "allowed"),
    [
        ("/accounts/login/code/", {"email": "anna@example.org"}, 3),
        ("/accounts/password/reset/", {"email": "anna@example.org"}, 3),
        ("/accounts/signup/", {"email": "new@example.org", "password1": "short", "name": "N"}, 3),
    ],
)
def test_mails_cannot_be_asked_for_endlessly(
    clock: Clock, page: str, form: dict, allowed: int
) -> None:
    person("Anna")
    answers = [Client().post(page, form) for _ in range(allowed + 2)]
    assert [one.status_code for one in answers[allowed:]] == [429, 429]
    assert all(one.status_code in {200, 302} for one in answers[:allowed])
    assert int(answers[-1].headers["Retry-After"]) > 60


def test_a_program_is_told_in_its_form_and_the_readers_language(clock: Clock) -> None:
    token = actions.create_api_token("x", actor=actor_of(person("Anna")))
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "de"}
    for _ in range(600):
        hit(limiting.API, token)
    answer = Client().get("/api/v1/rooms", headers=headers)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    body = answer.json()
    assert body["code"] == "too_many"
    assert body["message"].startswith("Zu viele Versuche")
    other = actions.create_api_token("y", actor=actor_of(person("Ben")))
    assert (
        Client().get("/api/v1/rooms", headers={"Authorization": f"Bearer {other}"}).status_code
        == 200
    )


def test_unknown_tokens_are_counted_by_address(clock: Clock) -> None:
    codes = [
        Client().get("/api/v1/rooms", headers={"Authorization": f"Bearer guess-{n}"}).status_code
        for n in range(62)
    ]
    assert codes == [401] * 60 + [429] * 2


def test_anonymous_visitors_and_exports_have_limits(clock: Clock) -> None:
    for _ in range(600):
        hit(limiting.ANONYMOUS, "127.0.0.1")
    assert Client().get("/accounts/login/").status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.5").get("/accounts/login/").status_code == 200
    client = Client(REMOTE_ADDR="203.0.113.6")
    answers = [client.get("/join/guess/").status_code for _ in range(62)]
    assert answers == [410] * 60 + [429] * 2


def test_the_account_librarys_own_limit_has_a_time_too(clock: Clock) -> None:
    from allauth.core.internal.ratelimit import respond_429

    request = RequestFactory().get("/accounts/login/")
    request.session, request.COOKIES = {}, {}
    answer = respond_429(request)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"


def test_limits_can_be_switched_off_and_raised(clock: Clock, settings: Any) -> None:
    rule = Rule("off", 1, 60)
    settings.MUTUALIST_LIMITS = 0
    assert {waits(rule) for _ in range(9)} == {0}
    settings.MUTUALIST_LIMITS = 3
    assert [waits(rule) for _ in range(4)] == [0, 0, 0, 60]


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("203.0.113.9", "", [], "203.0.113.9"),
        ("203.0.113.9", "1.1.1.1", [], "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1", [], "127.0.0.1"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.7", ["127.0.0.1"], "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.0.0.3", ["127.0.0.1", "10.0.0.0/8"], "203.0.113.7"),
        ("127.0.0.1", "6.6.6.6, nonsense", ["127.0.0.1"], "127.0.0.1"),
        ("", "203.0.113.7", ["unix"], "203.0.113.7"),
        ("", "203.0.113.7", [], "0.0.0.0"),
        ("::1", "2001:db8::5", ["::1"], "2001:db8::5"),
        ("127.0.0.1", "::ffff:203.0.113.7", ["127.0.0.1"], "203.0.113.7"),
    ],
)
def test_a_proxy_is_believed_only_if_it_is_named(
    peer: str, forwarded: str, trusted: list[str], address: str
) -> None:
    assert address_behind(peer, forwarded, trusted) == address


def test_nobody_gets_another_budget_by_a_header(clock: Clock, settings: Any) -> None:
    codes = [
        Client()
        .post(
            "/accounts/login/",
            {"login": f"p{n}@example.org", "password": "x"},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
        )
        .status_code
        for n in range(21)
    ]
    assert codes[-1] == 429


def test_nobody_gets_another_budget_by_a_header_that_pages_do_not_read(clock: Clock) -> None:
    client = Client()
    log_in(client, person("Anna"))
    asked = [
        client.get(
            f"/rooms/{uuid4()}/calendar.ics", headers={"Authorization": f"Bearer {n}"}
        ).status_code
        for n in range(61)
    ]
    assert asked == [404] * 60 + [429]


def test_a_token_has_one_budget_however_its_header_is_written(clock: Clock) -> None:
    token = actions.create_api_token("t", actor=actor_of(person("Anna")))
    client, kinds = Client(), ("Bearer", "bearer", "BEARER", "bEARER")
    asked = [
        client.post(
            "/api/v1/verdict",
            "{}",
            content_type="application/json",
            headers={"Authorization": f"{kinds[n % 4]} {token}"},
        ).status_code
        for n in range(61)
    ]
    assert asked == [422] * 60 + [429]


def test_an_account_has_one_budget_however_its_address_is_written(clock: Clock) -> None:
    def attempt(login: str, host: int) -> int:
        client = Client(REMOTE_ADDR=f"203.0.113.{host}")
        given = {"login": login, "password": "wrong"}
        return client.post("/accounts/login/", given).status_code

    written = ("sus@example.org", "SUS@example.org", "\u017fus@example.org", "su\u017f@example.org")
    assert [attempt(written[n % 4], n) for n in range(6)] == [200] * 5 + [429]


def test_addresses_are_grouped_and_shortened() -> None:
    assert network_of("2001:db8:1:2:3::4") == "2001:db8:1:2::/64"
    assert network_of("203.0.113.7") == "203.0.113.7"
    assert shortened("2001:db8:1:2:3::4") == "2001:db8:1::x"
    with pytest.raises(SettingError, match="MUTUALIST_TRUSTED_PROXIES"):
        proxies_from("127.0.0.1, localhost")


def test_the_shared_cache_keeps_and_forgets() -> None:
    assert cache.add("a", [1.5, "x"], 60)
    assert not cache.add("a", "other", 60)
    assert cache.get("a") == [1.5, "x"]
    cache.set("a", {"b": True}, 60)
    assert cache.touch("a", 0.0)
    assert cache.get("a", "gone") == "gone"
    assert cache.add("a", 1)
    assert cache.delete("a")
    assert not cache.delete("a")
    assert cache.incr("a", 1) if cache.add("a", 1) else False
    with pytest.raises(TypeError):
        cache.set("code", object())
