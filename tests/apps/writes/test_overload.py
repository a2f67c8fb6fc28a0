"""While the database is held by somebody else: 503 and when to come again, and nothing stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client, RequestFactory

from apps.rooms.cast import fresh, make_cast, room_of_two, stored
from apps.writes.scenarios import Write, browser, page, program, room_api, send
from mutualist.apps.core.overload import is_busy
from mutualist.apps.core.pages import server_error
from mutualist.apps.rooms.models import Draft

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held() -> Iterator[None]:
    """Hold what a write needs, in a connection of another program; ours waits a moment only."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        import psycopg

        connection.cursor().execute("SET lock_timeout = '50ms'")
        other = psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None})
        other.execute("SELECT * FROM rooms_room FOR UPDATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
        reset = "PRAGMA busy_timeout = 20000"
        connection.cursor().execute(
            reset if connection.vendor == "sqlite" else "SET lock_timeout TO DEFAULT"
        )


@pytest.mark.parametrize("key", ["", "k1"])
def test_a_program_is_asked_to_come_again(key: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    cast = make_cast()
    room, token = room_of_two(cast), program(cast.anna)
    write = Write("PUT", room_api("save_answer", room, item="1.4"), {"value": "gt3", "version": 0})
    with held():
        answer = send(Client(), write, token=token, key=key)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer.json()["code"] == "busy"
    assert stored(Draft) == []
    assert send(Client(), write, token=token, key=key).status_code == 200


@pytest.mark.parametrize("key", ["", "k" * 24])
def test_a_person_gets_a_page_that_says_so(key: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    cast = make_cast()
    room, client = room_of_two(cast), browser(cast.anna)
    write = Write("POST", page("deadline", room), form={"deadline": "2090-01-31"})
    with held():
        answer = send(client, write, key=key)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "Busy at the moment" in answer.content.decode()
    assert fresh(room).deadline is None
    assert send(client, write, key=key).status_code == 302


def test_reading_goes_on_meanwhile() -> None:
    cast = make_cast()
    room = room_of_two(cast)
    client = browser(cast.anna)
    with held():
        assert client.get(page("room", room)).status_code == 200


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite waits by itself")
def test_nobody_waits_for_a_lock_for_ever() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("20s",)


def test_outside_of_views_it_is_the_same() -> None:
    """The session, for example, is stored where no middleware of ours looks."""
    request = RequestFactory().get("/rooms/")
    error = OperationalError("database is locked")
    error.__cause__ = _sqlite_error(sqlite3.SQLITE_BUSY)
    try:
        raise error
    except OperationalError:
        answer = server_error(request)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def _sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("…")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("kind", "cause", "busy"),
    [
        (OperationalError, _sqlite_error(sqlite3.SQLITE_BUSY), True),
        (OperationalError, _sqlite_error(517), True),  # SQLITE_BUSY_SNAPSHOT
        (OperationalError, _sqlite_error(sqlite3.SQLITE_LOCKED), True),
        (OperationalError, _sqlite_error(sqlite3.SQLITE_FULL), False),
        (OperationalError, _sqlite_error(sqlite3.SQLITE_CORRUPT), False),
        (OperationalError, _sqlite_error(sqlite3.SQLITE_ERROR), False),
        (ProgrammingError, _sqlite_error(sqlite3.SQLITE_BUSY), False),
        (InterfaceError, None, True),
    ],
)
def test_only_what_passes_by_itself_is_busy(kind: Any, cause: Any, busy: bool) -> None:
    error = kind("…")
    error.__cause__ = cause
    assert is_busy(error) is busy


@pytest.mark.parametrize(
    "name",
    [
        "DeadlockDetected",
        "SerializationFailure",
        "LockNotAvailable",
        "TooManyConnections",
        "AdminShutdown",
        "CannotConnectNow",
        "QueryCanceled",
    ],
)
def test_what_postgresql_calls_operational_passes(name: str) -> None:
    import psycopg.errors

    error = OperationalError("…")
    error.__cause__ = getattr(psycopg.errors, name)("…")
    assert isinstance(error.__cause__, psycopg.OperationalError)
    assert is_busy(error)
