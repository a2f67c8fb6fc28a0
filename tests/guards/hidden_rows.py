"""A room in which each seat has something to hide, and plain SQL to look for it; for tests of isolation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import (
    connection,
    transaction,
)

from mutualist.apps.core.fences import private_models
from mutualist.apps.rooms.models import Room

POSTGRESQL = connection.vendor == "postgresql"
on_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="row level security is PostgreSQL's")
with_two_roles = pytest.mark.skipif(
    not POSTGRESQL or connection.settings_dict["USER"] != "mutualist_app",
    reason="needs the roles of tests/everything.py",
)
# A draft is never without its person, who ties it to the seat a second time.
TWICE = {"rooms_draft"}
PRIVATE = ("rooms_draft", "rooms_roomkey", "rooms_sealedanswers", "ventures_privatefigures")
#: Private tables of partner programmes: tests/apps/projects looks at them.
OF_PROGRAMMES = (
    *("projects_check", "projects_registration", "projects_step", "projects_withheld"),
)
OF_ROOMS = [model for model in private_models() if model._meta.db_table in PRIVATE]
NONE_OF_THEM = [0] * len(PRIVATE)


def seat_of(room: Room, key: str) -> int:
    return room.seats.get(key=key).pk


def raw(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def shown(table: str) -> int:
    """How many rows plain SQL sees: no query set has cut anything away."""
    return int(raw(f"SELECT count(*) FROM {table}")[0][0])


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever the block does to the database."""
    with transaction.atomic():
        if POSTGRESQL:
            raw("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        transaction.set_rollback(True)
