"""Requests that are too large, too deep or not what they say: refused with words, never an error of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from guards.world import World, build
from mutualist.domain.shared.nesting import MAX_DEPTH

pytestmark = pytest.mark.django_db
MOST = 5 * 1024 * 1024
BODIES = {
    "no json": b"{",
    "empty": b"",
    "latin-1": '{"a": "ü"}'.encode("latin-1"),
    "a key twice": b'{"value": 1, "value": 2, "version": 0}',
    "not a number": b'{"value": NaN, "version": 0}',
    "too many digits": b'{"value": ' + b"9" * 5000 + b"}",
    **{
        f"{depth} deep {left}": b'{"version": 0, "value": ' + left.encode() * depth + b"1" + right.encode() * depth + b"}"
        for depth in (MAX_DEPTH, 300, 480, 990, 200_000)
        for left, right in (("[", "]"), ('{"value":', "}"))
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        found = build()
        found.anna.client.raise_request_exception = False
        yield found
        transaction.set_rollback(True)


def send(world: World, path: str, body: bytes, language: str = "en") -> Any:
    method = "PUT" if "/sheet/" in path else "POST"
    headers = {"Authorization": f"Bearer {world.anna.token}", "Accept-Language": language}
    with transaction.atomic():
        answer = world.anna.client.generic(
            method, path, body, content_type="application/json", headers=headers
        )
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("name", BODIES)
def test_no_body_breaks_the_server(world: World, name: str) -> None:
    uid = world.rooms["drafting"].uid
    for path in ("/api/v1/verdict", "/api/v1/rooms", f"/api/v1/rooms/{uid}/sheet/2.2"):
        answer = send(world, path, BODIES[name])
        assert answer.status_code in {400, 409, 422}, (path, answer.content[:200])
        assert answer.json()["message"]


def test_a_body_that_cannot_be_read_is_told_why(world: World) -> None:
    for name in ("a key twice", "not a number", "300 deep ["):
        answer = send(world, "/api/v1/verdict", BODIES[name], "de")
        assert answer.status_code == 400
        assert f"höchstens {MAX_DEPTH} Ebenen" in answer.json()["message"]


def test_a_form_with_a_deep_value_is_refused(world: World) -> None:
    uid = world.rooms["drafting"].uid
    form = {
        "step": "confirm",
        "versions": "{}",
        "payload": '{"1.4": ' + "[" * 480 + "]" * 480 + "}",
    }
    answer = world.anna.client.post(reverse("rooms:answers_workbook", args=[uid]), form)
    assert answer.status_code == 422


@pytest.mark.parametrize("language", ["de", "en"])
def test_too_much_is_refused_before_it_is_read(world: World, language: str) -> None:
    words = {"de": "größer als 5 MB", "en": "larger than 5 MB"}[language]
    large = {"CONTENT_LENGTH": str(MOST + 1), "HTTP_ACCEPT_LANGUAGE": language}
    path = reverse("rooms:answers_workbook", args=[world.rooms["drafting"].uid])
    client = Client(raise_request_exception=False)
    page = client.post(path, b"", content_type="multipart/form-data; boundary=x", **large)
    assert page.status_code == 413
    assert words in page.content.decode()
    answer = client.post("/api/v1/verdict", b"", content_type="application/json", **large)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"
    assert words in answer.json()["message"]


def test_how_much_is_too_much_an_operator_sets(settings: Any) -> None:
    settings.MUTUALIST_MAX_BODY = 2 * 1024 * 1024
    client = Client(raise_request_exception=False)
    sent = {"content_type": "application/json", "HTTP_ACCEPT_LANGUAGE": "en"}
    more = client.post("/api/v1/verdict", b"", CONTENT_LENGTH=str(2 * 1024 * 1024 + 1), **sent)
    assert more.status_code == 413
    assert "larger than 2 MB" in more.json()["message"]


@pytest.mark.parametrize("length", ["-1", "1e9", "٣", "5 ", "9" * 400])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    answer = Client().post("/", b"", content_type="text/plain", CONTENT_LENGTH=length)
    assert answer.status_code == 413


def test_too_many_fields_are_refused(world: World) -> None:
    form = {f"field{at}": "x" for at in range(1100)}
    path = reverse("rooms:answer", args=[world.rooms["drafting"].uid, 1])
    answer = world.anna.client.post(path, form)
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


def test_a_right_body_still_passes(world: World) -> None:
    from mutualist.library.datasets import load_pumpenpuls

    body = json.dumps(load_pumpenpuls().to_dict()).encode()
    assert send(world, "/api/v1/verdict", body).status_code == 200
