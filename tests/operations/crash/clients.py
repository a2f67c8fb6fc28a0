"""Clients that write as programs do and remember what was acknowledged.

A write that got no answer is repeated with the same idempotency key until it gets one, as a careful
program does; between, nobody knows whether it was carried out.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

ITEMS = ("1.4", "6.2")
VALUES = {"1.4": ("project_end", "1to3", "gt3"), "6.2": ("both", "us", "open")}
PAUSE = 0.03


@dataclass(frozen=True)
class Write:
    """One request and what it changes."""

    what: str
    method: str
    path: str
    body: Any
    side: str
    about: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Room:
    """What a client knows of a room: only what was acknowledged."""

    uid: str
    round: int = 1
    answers: dict[tuple[str, int, str], Any] = field(default_factory=dict)
    versions: dict[tuple[str, int, str], int] = field(default_factory=dict)
    sealed: set[tuple[str, int]] = field(default_factory=set)
    pressed: set[tuple[str, int]] = field(default_factory=set)
    opened: set[int] = field(default_factory=set)
    waiting: Write | None = None


class Gate:
    """Open while the server is up; closed, it holds all clients."""

    def __init__(self) -> None:
        self.up = threading.Event()
        self.over = threading.Event()
        self.counts: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.lock = threading.Lock()
        self.surprises: list[str] = []

    def count(self, name: str) -> None:
        with self.lock:
            self.counts[name] += 1


class Writer(threading.Thread):
    """Sends writes, one after the other, each until it is acknowledged."""

    def __init__(self, port: int, pair: dict[str, Any], gate: Gate, seed: int) -> None:
        super().__init__(daemon=True)
        self.port, self.pair, self.gate = port, pair, gate
        self.random = random.Random(seed)
        self.idle = threading.Event()
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        try:
            self.go_round()
        finally:
            self.idle.set()

    def go_round(self) -> None:
        """Write until all is over."""
        raise NotImplementedError

    def note(self, write: Write, room: Room | None, answer: Any) -> None:
        """Remember what was acknowledged."""
        raise NotImplementedError

    def do(self, write: Write, room: Room | None) -> bool:
        """Send a write until it is acknowledged; False when all is over."""
        tries = 0
        while not self.gate.over.is_set():
            if not self._may_ask():
                continue
            tries += 1
            status, answer = self._send(write)
            if status is None or status >= 500 or status == 429:
                time.sleep(0.05 if status != 429 else 1)
                continue
            self.gate.count("acknowledged" if status < 300 else "refused")
            if status >= 300:
                with self.gate.lock:
                    self.gate.surprises.append(f"{status} on try {tries}: {write} {answer}")
                    self.gate.over.set()
                return False
            self.note(write, room, answer)
            time.sleep(PAUSE)
            return True
        self.idle.set()
        return False

    def _may_ask(self) -> bool:
        """Whether the server is up; says so when this client stands still."""
        if self.gate.up.is_set():
            self.idle.clear()
            return True
        self.idle.set()
        self.gate.up.wait(0.2)
        return False

    def look(self, path: str, side: str) -> Any:
        """Return what stands at an address; None when all is over."""
        while not self.gate.over.is_set():
            if not self._may_ask():
                continue
            status, answer = self._send(Write("look", "GET", path, None, side, {}))
            if status == 200:
                return answer
            time.sleep(0.05)
        return None

    def _send(self, write: Write) -> tuple[int | None, Any]:
        headers = {"Authorization": f"Bearer {self.pair[write.side]}"}
        if write.method != "GET":
            headers |= {"Idempotency-Key": write.key, "Content-Type": "application/json"}
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            body = None if write.body is None else json.dumps(write.body)
            self._connection.request(write.method, write.path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self.gate.count("unanswered")
            return None, None
        with self.gate.lock:
            self.gate.statuses[response.status] += 1
        return response.status, json.loads(content) if content else None


class Client(Writer):
    """Goes through its rooms, round after round."""

    def __init__(self, port: int, pair: dict[str, Any], gate: Gate, seed: int) -> None:
        super().__init__(port, pair, gate, seed)
        self.rooms = [Room(uid) for uid in pair["rooms"]]
        self.made: dict[str, Write] = {}
        self.making: Write | None = None

    def go_round(self) -> None:
        turn = 0
        while not self.gate.over.is_set():
            turn += 1
            room = self.rooms[turn % len(self.rooms)]
            for write in self._round(room):
                room.waiting = write
                if not self.do(write, room):
                    return
                room.waiting = None
            if turn % 3 == 0 and not self._make(turn):
                return

    def _round(self, room: Room) -> Any:
        """Yield the writes of one round of a room, as they come due."""
        at = f"/api/v1/rooms/{room.uid}"
        for side in "AB":
            for item in ITEMS:
                value = self.random.choice(VALUES[item])
                about = {"side": side, "item": item, "value": value, "round": room.round}
                version = room.versions.get((side, room.round, item), 0)
                body = {"value": value, "version": version}
                yield Write("answer", "PUT", f"{at}/sheet/{item}", body, side, about)
        for what, path, body in (
            ("seal", f"{at}/seal", {"confirm_open_items": True}),
            ("press", f"{at}/open", None),
        ):
            for side in "AB":
                about = {"side": side, "round": room.round}
                yield Write(what, "POST", path, body, side, about)
        yield Write("round", "POST", f"{at}/rounds", {}, "A", {"round": room.round})

    def _make(self, turn: int) -> bool:
        name = f"Made {turn} {uuid.uuid4().hex[:8]}"
        parties = [{"name": "Here"}, {"name": "There"}]
        body = {"mode": "two_sided", "frame": {"name": name}, "parties": parties}
        self.making = Write("create", "POST", "/api/v1/rooms", body, "A", {"name": name})
        done = self.do(self.making, None)
        self.making = None
        return done

    def note(self, write: Write, room: Room | None, answer: Any) -> None:
        about = write.about
        if room is None:
            self.made[answer["uid"]] = write
            return
        place = (about.get("side", ""), about["round"])
        if write.what == "answer":
            room.answers[(*place, about["item"])] = about["value"]
            room.versions[(*place, about["item"])] = answer["version"]
        elif write.what == "seal":
            room.sealed.add(place)
        elif write.what == "press":
            room.pressed.add(place)
            if place[0] == "B":
                room.opened.add(about["round"])
        else:
            room.round = about["round"] + 1
            sheets = {side: self._sheet(room, side) for side in "AB"}
            for side, versions in sheets.items():
                for item in ITEMS:
                    room.versions[(side, room.round, item)] = versions.get(item, 0)

    def _sheet(self, room: Room, side: str) -> dict[str, int]:
        """Return the versions a new round begins with: the last answers are taken along."""
        found = self.look(f"/api/v1/rooms/{room.uid}/sheet", side)
        return dict(found["versions"]) if found else {}
