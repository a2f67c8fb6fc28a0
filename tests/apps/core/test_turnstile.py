"""Too many at once: a few run, some wait, the rest is told to come again; nobody is lost."""

from __future__ import annotations

import json
from threading import Event, Thread
from typing import Any

import pytest

from mutualist.project.turnstile import Turnstile


class Slow:
    """An application that answers when it is told to, and says how many are inside."""

    def __init__(self) -> None:
        self.go = Event()
        self.inside = 0
        self.most = 0
        self.came = Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.came.set()
        assert self.go.wait(20)
        self.inside -= 1
        start_response("200 OK", [])
        return [b"done"]


class Visitor(Thread):
    """One request in a thread of its own."""

    def __init__(self, application: Any, path: str = "/rooms/") -> None:
        super().__init__(daemon=True)
        self.application, self.path = application, path
        self.status, self.headers, self.body = "", {}, b""

    def run(self) -> None:
        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            self.status, self.headers = status, dict(headers)

        parts = self.application({"PATH_INFO": self.path}, start_response)
        self.body = b"".join(parts)
        getattr(parts, "close", lambda: None)()


def visit(application: Any, path: str = "/rooms/") -> Visitor:
    one = Visitor(application, path)
    one.start()
    return one


def at_rest(turnstile: Turnstile) -> bool:
    return turnstile._now == 0 and turnstile._queue == 0


def wait_until(turnstile: Turnstile, *, queue: int) -> None:
    with turnstile._free:
        done = turnstile._free.wait_for(lambda: turnstile._queue == queue, 0.001)
    while not done:
        with turnstile._free:
            done = turnstile._free.wait_for(lambda: turnstile._queue == queue, 0.001)


def test_some_run_some_wait_and_the_rest_comes_again() -> None:
    slow = Slow()
    door = Turnstile(slow, running=1, waiting=2)
    first = visit(door)
    assert slow.came.wait(20)
    others = [visit(door), visit(door)]
    wait_until(door, queue=2)
    refused = visit(door, "/api/v1/rooms")
    refused.join(20)
    assert refused.status == "503 Service Unavailable"
    assert int(refused.headers["Retry-After"]) > 0
    assert json.loads(refused.body)["code"] == "busy"
    slow.go.set()
    for one in (first, *others):
        one.join(20)
        assert (one.status, one.body) == ("200 OK", b"done")
    assert slow.most == 1
    assert at_rest(door)


def test_who_has_waited_too_long_is_told_so_too() -> None:
    slow = Slow()
    door = Turnstile(slow, running=1, waiting=2, patience=0.01)
    first = visit(door)
    assert slow.came.wait(20)
    late = visit(door)
    late.join(20)
    assert late.status.startswith("503")
    assert b"nothing was changed" in late.body
    assert "nichts wurde geändert" in late.body.decode()
    slow.go.set()
    first.join(20)
    assert at_rest(door)


def test_the_pulse_of_the_server_is_felt_also_then() -> None:
    slow = Slow()
    door = Turnstile(slow, running=1, waiting=0)
    first = visit(door)
    assert slow.came.wait(20)
    health = visit(door, "/health/live/")
    slow.go.set()
    for one in (first, health):
        one.join(20)
        assert one.status == "200 OK"


def test_an_error_gives_the_place_back() -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise ZeroDivisionError

    door = Turnstile(broken, running=1, waiting=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            door({"PATH_INFO": "/"}, lambda *_: None)
    assert at_rest(door)


def test_a_place_is_given_back_once() -> None:
    door = Turnstile(lambda environ, start: [b""], running=1, waiting=0)
    parts: Any = door({"PATH_INFO": "/"}, lambda *_: None)
    parts.close()
    parts.close()
    assert at_rest(door)
