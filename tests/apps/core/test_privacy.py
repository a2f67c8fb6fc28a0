"""What no cache, no log and no redirect may pass on."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mutualist.apps.core.logs import JsonLines, Lines, without_links

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["core:home", "privacy:information", "account_login", "rooms:list"]
)
def test_no_cache_keeps_a_page(client: Client, name: str) -> None:
    kept = client.get(reverse(name)).headers["Cache-Control"]
    assert {"private", "no-store"} <= set(kept.split(", "))


def test_answers_for_programs_are_not_kept(client: Client) -> None:
    answer = client.get("/api/v1/rooms")
    assert answer.status_code == 401
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "target",
    ["word", "%0d%0aX: y", "https://evil.example/", "//evil.example", "/\\evil.example", "a.b", ""],
)
def test_one_is_sent_back_to_our_own_pages_only(client: Client, target: str) -> None:
    answer = client.post(reverse("core:language"), {"language": "de", "next": target})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_the_page_of_the_api_needs_no_foreign_host(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()
    assert "swagger-ui" in page
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize("place", ["s", "join", "demo", "accounts/confirm-email"])
@pytest.mark.parametrize("form", [Lines, JsonLines])
def test_a_log_lets_nobody_in(client: Client, caplog: Any, place: str, form: Any) -> None:
    caplog.set_level(logging.DEBUG)
    answer = client.post(f"/{place}/sEcret_t0ken-of-4-seat/")
    assert answer.status_code >= 400
    lines = [form().format(record) for record in caplog.records]
    assert lines
    assert "sEcret" not in "".join(lines)


@pytest.mark.parametrize("form", [Lines, JsonLines])
def test_a_traceback_says_where_and_nothing_else(form: Any) -> None:
    try:
        int("/s/sEcret/ of Anna is broken")
    except ValueError as error:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "x", 1, "%s", ("/s/sEcret/",), (ValueError, error, None)
        )
    text = form().format(record)
    assert "ValueError" in text
    assert "test_privacy.py" in text
    assert "sEcret" not in text
    assert "Anna" not in text


def test_other_addresses_stay_readable() -> None:
    assert without_links("Not Found: /rooms/1/seal/ /static/s.css") == (
        "Not Found: /rooms/1/seal/ /static/s.css"
    )
