"""Many programs count up the same answer: none of their steps is lost, and who was late is told.

Short by itself; 16 programs with 100 steps each: ``MUTUALIST_LONG=1 ./test tests/apps/writes``.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from apps.rooms.cast import fresh, make_cast, room_of_two
from apps.writes.scenarios import program, room_api
from mutualist.apps.rooms.queries import draft_sheet

pytestmark = pytest.mark.django_db(transaction=True)
LONG = os.environ.get("MUTUALIST_LONG") == "1"
PROGRAMS, STEPS, PATIENCE = (16, 100, 3000) if LONG else (8, 3, 500)


@pytest.mark.timeout(2 * PATIENCE)
@pytest.mark.parametrize("by", ["version", "If-Match"])
def test_no_step_is_lost(by: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    cast = make_cast()
    room, token = room_of_two(cast), program(cast.anna)
    path = room_api("save_answer", room, item="1.1")
    told: Counter[int] = Counter()
    broken: list[Any] = []
    together = threading.Barrier(PROGRAMS, timeout=60)

    def ask(method: str, body: Any = None, **headers: str) -> Any:
        return Client().generic(
            method,
            path,
            json.dumps(body) if body else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", **headers},
        )

    def one_step(words: str) -> None:
        seen = ask("GET")
        value, version, tag = seen.json()["value"], seen.json()["version"], seen["ETag"]
        while True:
            # Words of one's own: saving what stands there already would be no step.
            body: dict[str, Any] = {"value": f"{int((value or '0').split()[0]) + 1} by {words}"}
            if by == "version":
                answer = ask("PUT", {**body, "version": version})
            else:
                answer = ask("PUT", body, **{"If-Match": tag})
            told[answer.status_code] += 1
            if answer.status_code == 200:
                return
            # The refusal holds both versions: enough to try again at once.
            theirs, tag = answer.json()["theirs"], answer["ETag"]
            value, version = theirs["value"], theirs["version"]

    def count_up(name: int) -> None:
        try:
            together.wait()
            for step in range(STEPS):
                one_step(f"{name}, {step}")
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=count_up, args=(name,)) for name in range(PROGRAMS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert broken == []
    sheet = draft_sheet(cast.anna, fresh(room))
    assert sheet.answers["1.1"].split()[0] == str(PROGRAMS * STEPS)
    assert sheet.versions["1.1"] == PROGRAMS * STEPS
    if LONG:
        print(f"{PROGRAMS} programs, {STEPS} steps each by {by}: {dict(told)}")  # noqa: T201
    assert told[200] == PROGRAMS * STEPS
    assert set(told) <= {200, 409 if by == "version" else 412}, "whoever was late was told"
