"""A session is found by its own key while it lasts, and by nothing else that a cookie may hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mutualist.apps.core.clock import now
from mutualist.apps.identity.session_store import SessionStore

pytestmark = pytest.mark.django_db
STRANGE = {
    "a NUL": '"abcdefghijk\\000lmn"',
    "a quote": '"abcdefgh\\"ijklmn"',
    "no ASCII": '"\\303\\244bcdefghijk"',
    "half a pair": '"\\355\\240\\200abcdefgh"',
    "too long": "x" * 5000,
    "a pattern": "%_%_%_%_%_",
    "nothing": "",
}


@pytest.fixture
def kept() -> SessionStore:
    store = SessionStore()
    store["who"] = "anna"
    store.save()
    return store


def read(key: str | None) -> str | None:
    store = SessionStore(key)
    found = store.get("who")
    assert (store.session_key is None) is (found is None), "an unknown key is not taken over"
    return found


def test_a_session_is_found_by_its_key_alone(kept: SessionStore) -> None:
    key = str(kept.session_key)
    assert read(key) == "anna"
    for other in (key[:-1], f"{key}0", key.upper(), f" {key}", f"{key}\n", f"{key}\0", "", None):
        assert read(other) is None, other


def test_what_ran_out_is_not_found(kept: SessionStore) -> None:
    rows = Session.objects.filter(session_key=kept.session_key)
    rows.update(expire_date=now() - timedelta(seconds=1))
    assert read(kept.session_key) is None
    rows.update(expire_date=now() + timedelta(seconds=60))
    assert read(kept.session_key) == "anna"


def test_what_was_deleted_is_not_found(kept: SessionStore) -> None:
    assert read(kept.session_key) == "anna"
    Session.objects.filter(session_key=kept.session_key).delete()
    assert read(kept.session_key) is None


def test_what_was_tampered_with_says_nothing(kept: SessionStore) -> None:
    row = Session.objects.get(session_key=kept.session_key)
    at = len(row.session_data) // 2
    other = "A" if row.session_data[at] != "A" else "B"
    row.session_data = row.session_data[:at] + other + row.session_data[at + 1 :]
    row.save()
    assert SessionStore(kept.session_key).get("who") is None


@pytest.mark.parametrize("name", STRANGE)
def test_strange_cookies_are_strangers(name: str) -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}={STRANGE[name]}"
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get("/", headers={"cookie": cookie})
    assert answer.status_code == 200
    assert not any("django_session" in one["sql"] for one in asked), "not worth a question"
