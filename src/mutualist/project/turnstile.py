"""Shed load early: a few requests run, some wait, whoever comes on top is asked to come again.

Without it a server that is asked for more than it can do lets every request wait for seconds, also those of people
who have long gone away. It stands before the framework, so that refusing costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Condition
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from mutualist.apps.core import metrics

RETRY_AFTER = "2"
BUSY_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Busy</title>"
    "<p>Too many people at once; nothing was changed. Please try again in a moment."
    "<p lang=de>Gerade sind es zu viele auf einmal; nichts wurde geändert. Bitte gleich noch einmal versuchen."
).encode()
BUSY_JSON = (
    b'{"code": "busy", "message": "Too many requests at once. Try again shortly.", "problems": []}'
)
#: What somebody needs to know especially when much is going on, and what costs nothing.
ALWAYS = ("/health/", "/metrics", "/static/")


class Turnstile:
    """Let at most `running` requests through at a time while at most `waiting` others queue.

    Parameters
    ----------
    application
        The application behind it.
    running
        Requests worked on at once; more threads on one core only get in each other's way.
    waiting
        Requests that may wait; with 16 of them and 100 requests a second the last one waits 0.16 s.
    patience
        Seconds after which a waiting request is refused, too: its sender has given up by then.
    """

    def __init__(
        self, application: WSGIApplication, *, running: int, waiting: int, patience: float = 5.0
    ) -> None:
        self.application = application
        self.running = running
        self.waiting = waiting
        self.patience = patience
        self._now = 0
        self._queue = 0
        self._free = Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or refuse it with 503 and Retry-After."""
        path = str(environ.get("PATH_INFO", ""))
        if path.startswith(ALWAYS):
            return self.application(environ, start_response)
        if not self._enter():
            return _refuse(path, start_response)
        try:
            return _Counted(self.application(environ, start_response), self._leave)
        except BaseException:
            self._leave()
            raise

    def _enter(self) -> bool:
        with self._free:
            if self._now < self.running and not self._queue:
                self._now += 1
                return True
            if self._queue >= self.waiting:
                return False
            self._queue += 1
            try:
                free = self._free.wait_for(lambda: self._now < self.running, self.patience)
            finally:
                self._queue -= 1
            if free:
                self._now += 1
            return free

    def _leave(self) -> None:
        with self._free:
            self._now -= 1
            self._free.notify()


class _Counted:
    """An answer that leaves the turnstile when the server has sent it, or its receiver has gone."""

    def __init__(self, parts: Iterable[bytes], leave: Any) -> None:
        self._parts = parts
        self._leave = leave

    def __iter__(self) -> Any:
        return iter(self._parts)

    def close(self) -> None:
        leave, self._leave = self._leave, None
        try:
            close = getattr(self._parts, "close", None)
            if close is not None:
                close()
        finally:
            if leave is not None:
                leave()


def _refuse(path: str, start_response: StartResponse) -> Iterable[bytes]:
    metrics.REFUSED.inc()
    for_program = path.startswith("/api/")
    body = BUSY_JSON if for_program else BUSY_PAGE
    kind = "application/json" if for_program else "text/html; charset=utf-8"
    start_response(
        "503 Service Unavailable",
        [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Retry-After", RETRY_AFTER),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "default-src 'none'"),
        ],
    )
    return [body]
