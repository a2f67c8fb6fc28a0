"""Every answer carries the strict policy, and no page holds anything the policy would stop."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import NoReverseMatch, get_resolver, reverse

from guards.routes import HIDDEN, ORGANISATION, OWN, PUBLIC, all_routes
from guards.world import World, asks, build
from mutualist.apps.core.headers import CSP, HEADERS, HeadersMiddleware, policy

WANTED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
COMPANIONS = {
    **HEADERS,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
DATA = {"application/json", "importmap"}


class Inline(HTMLParser):
    """Collects what a strict policy stops: inline scripts, styles, handlers, other people's files."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [
            f"<{tag} {name}>"
            for name in given
            if name == "style" or name.startswith(("on", "hx-on"))
        ]
        self.found += ["<style>"] * (tag == "style") + ["<base>"] * (tag == "base")
        if tag == "script" and "src" not in given and given.get("type") not in DATA:
            self.found.append("<script>")
        for name in ("src", "href", "action", "formaction"):
            if given.get(name, "").strip().lower().startswith(("javascript:", "data:text")):
                self.found.append(f"<{tag} {name}={given[name][:40]}>")
        if tag in {"script", "link", "img"} and re.match(
            r"(https?:)?//", given.get("src", given.get("href", ""))
        ):
            self.found.append(f"<{tag}> from elsewhere")


def inline_in(page: str) -> list[str]:
    parser = Inline()
    parser.feed(page)
    return parser.found


def directives(answer: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers[CSP].split(";"))
    return {name: value for name, _, value in parts}


def check(answer: Any, place: object) -> None:
    said = directives(answer)
    assert {name: said.get(name) for name in WANTED} == WANTED, place
    assert "unsafe" not in answer.headers[CSP], place
    assert "*" not in answer.headers[CSP], place
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert inline_in(answer.content.decode()) == [], place


def simple_addresses() -> Iterator[str]:
    """Return every address without blanks, those of the account library included."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for name in sorted(PUBLIC | HIDDEN | OWN | set(all_routes()) | names):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


@pytest.mark.django_db
def test_every_answer_has_the_policy_and_nothing_inline(settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    world: World = build()
    checked = pages = 0
    for state in ("drafting", "opened"):
        for name in ("anna", "clara", "dora", "anonymous"):
            uid, person = world.rooms[state].uid, world.people[state]
            for route, method, answer in asks(world.visitors[name], uid, person, ("GET",)):
                check(answer, (state, name, route, method))
                checked += 1
                pages += answer.status_code == 200
    addresses = list(simple_addresses())
    addresses += [
        reverse(name, args=[world.cast.nordwerk.uid])
        for name in sorted(ORGANISATION)
        if name == "identity:members"
    ]
    for name in ("anna", "anonymous"):
        for path in addresses:
            answer = world.visitors[name].get(path)
            check(answer, (name, path))
            checked += 1
    assert checked > 300
    assert pages > 40


@pytest.mark.django_db
def test_posts_and_pieces_of_pages_have_it_too() -> None:
    world = build()
    for route, method, answer in asks(
        world.anna, world.rooms["opened"].uid, world.people["opened"], ("POST",)
    ):
        check(answer, (route, method))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/no-such-page/", "/api/v1/no-such", "/static/core/mutualist.css",
                                  "/static/core/img/icon.svg", "/static/no-such.css"])  # fmt: skip
def test_errors_and_files_have_the_companions(path: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    check(answer, path)
    # Files need no frame rule of their own: the policy says the same.
    wanted = {k: v for k, v in COMPANIONS.items() if k != "X-Frame-Options"}
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    answer.close()


@pytest.mark.django_db
def test_a_page_has_the_companions() -> None:
    answer = Client().get("/")
    assert {name: answer.headers.get(name) for name in COMPANIONS} == COMPANIONS
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.django_db
def test_with_tls_browsers_never_come_back_without() -> None:
    with override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True):
        answer = Client().get("/", secure=True)
    said = answer.headers["Strict-Transport-Security"]
    assert said == "max-age=31536000; includeSubDomains"


def test_identity_providers_may_be_led_to_and_nobody_else(rf: Any, settings: Any) -> None:
    from django.http import HttpResponse

    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": policy(https=True, form_targets=["https://login.firm.example"])
    }
    said = directives(HeadersMiddleware(lambda _: HttpResponse())(rf.get("/")))
    assert said["form-action"] == "'self' https://login.firm.example"
    assert "upgrade-insecure-requests" in said


@pytest.mark.parametrize(
    "page",
    [
        "<p style='color: red'>",
        "<script>1</script>",
        "<script type='module'>1</script>",
        "<a onclick='x()'>",
        "<style>p {}</style>",
        "<a href=' javascript:x'>",
        "<script src='//elsewhere.example/x.js'></script>",
        "<link rel='stylesheet' href='https://elsewhere.example/x.css'>",
    ],
)
def test_the_search_notices_what_is_inline(page: str) -> None:
    assert inline_in(page)
    assert not inline_in("<script src='/static/x.js'></script><p class='style'>onclick</p>")


COOKIES = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "mutualist.project.settings"
import django
django.setup()
from django.test import Client
from django.urls import reverse
client = Client(enforce_csrf_checks=True)
host = {"secure": True, "headers": {"host": "rooms.example.org"}}
for answer in (client.get(reverse("account_login"), **host),):
    for cookie in answer.cookies.values():
        print(cookie.key, cookie["secure"], cookie["path"], cookie["domain"] or "-", cookie["samesite"], cookie["httponly"])
    print(answer.headers["Strict-Transport-Security"])
    print("upgrade" in answer.headers["Content-Security-Policy"])
from django.conf import settings
from django.contrib.messages.storage import default_storage
kept = default_storage(client.get("/", **host).wsgi_request).storages[0].cookie_name
client.cookies[settings.THEME_COOKIE_NAME] = "dark"
dark = 'data-theme="dark"' in client.get("/", **host).content.decode()
print(kept, settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, dark)
"""


def test_with_tls_cookies_belong_to_this_host_alone(tmp_path: Path) -> None:
    settings = {"MUTUALIST_DATA": str(tmp_path), "MUTUALIST_BASE_URL": "https://rooms.example.org"}
    run = [sys.executable, "-c", COOKIES]
    done = subprocess.run(
        run, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    *cookies, hsts, upgrade, others = done.stdout.splitlines() or [done.stderr]
    assert cookies == ["__Host-csrftoken True / - Lax True"], done.stderr
    assert hsts == "max-age=31536000; includeSubDomains"
    assert upgrade == "True"
    assert others == "__Host-messages __Host-sessionid __Host-django_language True"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "SPELL"])
def test_methods_nobody_needs_are_refused(method: str) -> None:
    for path in ("/", "/api/v1/rooms", "/static/core/mutualist.css"):
        answer = Client().generic(method, path)
        assert answer.status_code == 405, path
        assert "GET" in answer.headers["Allow"]
