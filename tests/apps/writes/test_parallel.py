"""Each write sent many times with one key, at once and in a row: one effect, always the same answer.

Each of the API eight times at once, each form three times. The long version sends all of them
sixteen times at once, five times over: ``MUTUALIST_LONG=1 ./test tests/apps/writes``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client

from apps.rooms.cast import Cast, on_every_seat
from apps.rooms.test_races import at_once
from apps.writes.commissions import COMMISSION_API, COMMISSION_PAGES
from apps.writes.enquiries import ENQUIRY_API, ENQUIRY_PAGES
from apps.writes.programme import PROGRAMME_API, PROGRAMME_PAGES
from apps.writes.projects import PROJECT_API, PROJECT_PAGES
from apps.writes.ratings import RATING_API, RATING_PAGES
from apps.writes.scenarios import (
    API_READS,
    API_WRITES,
    PAGE_WRITES,
    Ready,
    browser,
    difference,
    program,
    rows,
    send,
    windows,
)
from apps.writes.ventures import VENTURE_API, VENTURE_PAGES
from guards.routes import api_operations
from mutualist.apps.core.models import IdempotencyKey

pytestmark = pytest.mark.django_db(transaction=True)
LONG = os.environ.get("MUTUALIST_LONG") == "1"
ROUNDS = 5 if LONG else 1
AT_ONCE = 16 if LONG else 8
IN_A_ROW = 5
BY_PROGRAMS = (
    API_WRITES
    | VENTURE_API
    | COMMISSION_API
    | PROJECT_API
    | PROGRAMME_API
    | ENQUIRY_API
    | RATING_API
)
BY_FORMS = {
    **PAGE_WRITES,
    **VENTURE_PAGES,
    **COMMISSION_PAGES,
    **PROJECT_PAGES,
    **PROGRAMME_PAGES,
    **ENQUIRY_PAGES,
    **RATING_PAGES,
}


def counted() -> dict[str, int]:
    with on_every_seat():
        return rows()


def test_every_write_of_the_api_is_tried() -> None:
    found = {
        name.removeprefix("api:")
        for name, methods in api_operations().items()
        if set(methods) - {"GET"}
    }
    assert found == set(BY_PROGRAMS) | API_READS, "say in scenarios.py how this one is tried"


def _tries(
    cast: Cast, ready: Ready, name: str, token: str, at_a_time: int = AT_ONCE
) -> Iterator[str]:
    """Send one write once without a key and, about another room, many times with one."""
    client = Client() if token else browser(cast.anna)
    write = ready(cast)
    before = counted()
    alone = send(client, write, token=token)
    once = difference(before, counted())
    if not 200 <= alone.status_code < 400:
        yield f"{name}: {alone.status_code} {alone.content[:200]!r}"
        return
    write = ready(cast)
    before = counted()
    key = f"key-{uuid4()}"
    clients = windows(client, at_a_time)
    answers = at_once(*(lambda one=one: send(one, write, token=token, key=key) for one in clients))
    broken = [one for one in answers if isinstance(one, Exception)]
    if broken:
        yield f"{name}: {broken[0]!r}"
        return
    answers += [send(client, write, token=token, key=key) for _ in range(IN_A_ROW - 1)]
    many = difference(before, counted())
    if many != once:
        yield f"{name}: {many} instead of {once}"
    told = {(one.status_code, one.content, one.get("Location")) for one in answers}
    if len(told) != 1 or {alone.status_code} != {status for status, *_ in told}:
        yield f"{name}: answers differ: {[status for status, *_ in told]}"
    first = [one for one in answers if "Idempotency-Replayed" not in one.headers]
    if len(first) != 1:
        yield f"{name}: {len(first)} were carried out"


def test_each_write_of_the_api_has_one_effect(cast: Cast) -> None:
    token = program(cast.anna)
    problems = [
        problem
        for _round in range(ROUNDS)
        for name, ready in BY_PROGRAMS.items()
        for problem in _tries(cast, ready, name, token)
    ]
    assert not problems, "\n".join(problems)
    assert IdempotencyKey.objects.count() == ROUNDS * len(BY_PROGRAMS)


def test_each_form_has_one_effect(cast: Cast) -> None:
    problems = [
        problem
        for _round in range(ROUNDS)
        for name, ready in BY_FORMS.items()
        for problem in _tries(cast, ready, name, "", AT_ONCE if LONG else 3)
    ]
    assert not problems, "\n".join(problems)
