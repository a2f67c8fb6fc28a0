"""Answers and seals under many clients at once: what they saw can be put into one order.

A few seconds by itself; ten clients for a minute: ``MUTUALIST_LONG=1 ./test tests/apps/writes``.
"""

from __future__ import annotations

import os
import random
import threading
import time
from typing import Any

import pytest
from django.db import connections

from apps.rooms.cast import fresh, make_cast, room_of_two, sheets
from apps.writes.history import Transaction, anomalies
from mutualist.apps.core.audit import verify
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.models import AuditHead
from mutualist.apps.rooms import actions, queries

LONG = os.environ.get("MUTUALIST_LONG") == "1"
CLIENTS, SECONDS = (10, 60.0) if LONG else (6, 2.0)
#: Lists are kept short: when one is full, everybody goes on to the next room.
FULL = 24


def one(name: int, begun: float, ended: float, appends: Any = None, **reads: Any) -> Transaction:
    return Transaction(name, begun, ended, appends or {}, {k: tuple(v) for k, v in reads.items()})


@pytest.mark.parametrize(
    ("history", "fault"),
    [
        ([one(1, 0, 1, {"x": "a"}), one(2, 2, 3, x="a")], ""),
        ([one(1, 0, 9, {"x": "a"}), one(2, 2, 3), one(3, 4, 5, x="a")], ""),
        # Lost update: both appended to the same beginning.
        ([one(1, 0, 5, {"x": "a"}), one(2, 0, 5, {"x": "b"}), one(3, 6, 7, x="a")], "lost"),
        # Read of something that was refused.
        ([one(1, 0, 1, x="a")], "never appended"),
        # Two orders of the same appends (G0).
        (
            [one(1, 0, 9, {"x": "a"}), one(2, 0, 9, {"x": "b"}), one(3, 0, 9, x="ab"), one(4, 0, 9, x="ba")],
            "no beginning",
        ),
        # Write skew (G2): each read what the other had not yet written.
        (
            [one(1, 0, 9, {"x": "a"}, y=""), one(2, 0, 9, {"y": "b"}, x=""), one(3, 10, 11, x="a", y="b")],
            "cycle",
        ),
        # Half of a transaction seen (G-single).
        (
            [one(1, 0, 9, {"x": "a", "y": "b"}), one(2, 0, 9, x="a", y=""), one(3, 10, 11, x="a", y="b")],
            "cycle",
        ),
        # A stale read: serializable, but not in the order of time.
        ([one(1, 0, 1, {"x": "a"}), one(2, 2, 3, x=""), one(3, 4, 5, x="a")], "cycle"),
    ],
)  # fmt: skip
def test_the_check_notices(history: list[Transaction], fault: str) -> None:
    found = anomalies(history)
    assert (fault in found[0]) if fault else found == []


def row(words: str) -> Any:
    return [{**sheets()["A"]["6.1"][0], "what": words}]


#: Answers that can carry a list of words.
WRAPPED: dict[str, tuple[Any, Any]] = {
    "1.1": (str, str),
    "6.1": (row, lambda rows: rows[0]["what"]),
    "header": (
        lambda words: {**sheets()["A"]["header"], "role": words},
        lambda header: header["role"],
    ),
}


class Clients:
    """Append to answers of one sheet, read it, seal it and take the seal back; write down all of it."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        self.items = list(WRAPPED)
        self.room = room_of_two(cast)
        self.until = time.monotonic() + SECONDS
        self.history: list[Transaction] = []
        self.refused: dict[str, int] = {}
        self.broken: list[Exception] = []
        self.lock = threading.Lock()
        self.number = 0

    def run(self, seed: int) -> None:
        chance = random.Random(seed)
        try:
            while time.monotonic() < self.until:
                self.do(chance)
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            self.broken.append(error)
        finally:
            connections.close_all()

    def do(self, chance: random.Random) -> None:
        room, begun = self.room, time.monotonic()
        sheet = queries.draft_sheet(self.cast.anna, room)
        seen = self.lists(sheet)
        kind = chance.choices(["append", "read", "seal"], [6, 3, 1])[0]
        if kind == "read":
            self.note(begun, room, {}, seen)
        elif kind == "seal":
            self.seal(room)
        elif max(map(len, seen.values())) >= FULL:
            with self.lock:
                if self.room is room:
                    self.room = room_of_two(self.cast)
        else:
            self.append(chance, room, sheet, seen)

    def append(self, chance: random.Random, room: Any, sheet: Any, seen: Any) -> None:
        with self.lock:
            self.number += 1
            element = f"{self.number}"
        items = chance.sample(self.items, chance.choice([1, 2]))
        wanted = {item: WRAPPED[item][0](" ".join([*seen[item], element])) for item in items}
        begun = time.monotonic()
        try:
            done = actions.save_page(
                actor=self.cast.anna, room=room, answers=wanted, versions=sheet.versions
            )
        except ActionError as error:
            self.refused[error.code] = self.refused.get(error.code, 0) + 1
            return
        assert not done.problems
        saved = {one.item for one in done.saved}
        self.refused["conflict"] = self.refused.get("conflict", 0) + len(done.conflicts)
        reads = {item: (*seen[item], element) for item in saved}
        self.note(begun, room, dict.fromkeys(saved, element), reads)

    def seal(self, room: Any) -> None:
        """What is sealed is one moment of the sheet."""
        begun = time.monotonic()
        try:
            actions.seal_sheet(actor=self.cast.anna, room=room, confirm_open_items=True)
        except ActionError:
            return
        try:
            sealed = queries.draft_sheet(self.cast.anna, fresh(room))
            if sealed.is_sealed:
                self.note(begun, room, {}, self.lists(sealed))
        finally:
            actions.take_back(actor=self.cast.anna, room=room)

    def lists(self, sheet: Any) -> dict[str, tuple[str, ...]]:
        found = {}
        for item, (_wrap, unwrap) in WRAPPED.items():
            value = sheet.answers.get(item)
            found[item] = () if value in (None, "dont_know") else tuple(unwrap(value).split())
        return found

    def note(self, begun: float, room: Any, appends: Any, reads: Any) -> None:
        ended = time.monotonic()
        with self.lock:
            self.history.append(
                Transaction(
                    len(self.history),
                    begun,
                    ended,
                    {f"{room.pk}/{item}": element for item, element in appends.items()},
                    {f"{room.pk}/{item}": seen for item, seen in reads.items()},
                )
            )


@pytest.mark.django_db(transaction=True)
def test_what_clients_saw_has_one_order(settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    clients = Clients(make_cast())
    threads = [threading.Thread(target=clients.run, args=(seed,)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=SECONDS + 120)
    assert clients.broken == []
    assert len(clients.history) > 10
    assert any(done.appends for done in clients.history)
    assert anomalies(clients.history) == []
    for head in AuditHead.objects.all():
        assert list(verify(head.chain)) == [], head.chain
    if LONG:
        print(f"{len(clients.history)} transactions, {clients.refused} refused, 0 anomalies")  # noqa: T201
