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


class Counting:
    """Programs that count up one answer, each step with words of its own."""

    def __init__(self, path: str, token: str, by: str) -> None:
        self.path, self.token, self.by = path, token, by
        self.told: Counter[int] = Counter()
        self.broken: list[Exception] = []
        self.together = threading.Barrier(PROGRAMS, timeout=60)

    def ask(self, method: str, body: Any = None, **headers: str) -> Any:
        return Client().generic(
            method,
            self.path,
            json.dumps(body) if body else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )

    def step(self, words: str) -> None:
        seen = self.ask("GET")
        value, version, tag = seen.json()["value"], seen.json()["version"], seen["ETag"]
        while True:
            # Saving what stands there already would be no step, so the words differ.
            body: dict[str, Any] = {"value": f"{int((value or '0').split()[0]) + 1} by {words}"}
            if self.by == "version":
                answer = self.ask("PUT", {**body, "version": version})
            else:
                answer = self.ask("PUT", body, **{"If-Match": tag})
            self.told[answer.status_code] += 1
            if answer.status_code == 200:
                return
            # The refusal holds both versions: enough to try again at once.
            theirs, tag = answer.json()["theirs"], answer["ETag"]
            value, version = theirs["value"], theirs["version"]

    def run(self, name: int) -> None:
        try:
            self.together.wait()
            for step in range(STEPS):
                self.step(f"{name}, {step}")
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            self.broken.append(error)
        finally:
            connections.close_all()


@pytest.mark.timeout(2 * PATIENCE)
@pytest.mark.parametrize("by", ["version", "If-Match"])
def test_no_step_is_lost(by: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    cast = make_cast()
    room = room_of_two(cast)
    counting = Counting(room_api("save_answer", room, item="1.1"), program(cast.anna), by)
    threads = [threading.Thread(target=counting.run, args=(name,)) for name in range(PROGRAMS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert counting.broken == []
    sheet = draft_sheet(cast.anna, fresh(room))
    assert sheet.answers["1.1"].split()[0] == str(PROGRAMS * STEPS)
    assert sheet.versions["1.1"] == PROGRAMS * STEPS
    if LONG:
        print(f"{PROGRAMS} programs, {STEPS} steps each by {by}: {dict(counting.told)}")  # noqa: T201
    assert counting.told[200] == PROGRAMS * STEPS
    late = 409 if by == "version" else 412
    assert set(counting.told) <= {200, late}, "whoever was late was told"
