"""What takes long computing is done by few at once: the others wait their turn, and too many are sent away.

Each process of the server has places for a few such requests. Who finds them taken waits a moment; who finds too many
waiting is answered 503 with the time to come again, so that pages that compute nothing stay quick. A newer request of
somebody who moves a slider takes the place of the older one that still waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.limiting import refusal
from mutualist.apps.core.limits import ComeAgain

#: Names of addresses whose pages compute; apps add theirs when they start.
computing: set[str] = set()
#: Those among them of which only the newest of a browser counts.
newest_only: set[str] = set()
AT_ONCE, WAITING, PATIENCE = 2, 8, 10.0


class Busy(ComeAgain):
    """Too many are computing already."""

    status = 503
    wait = 5

    def __init__(self) -> None:
        super().__init__(
            "computing",
            _("The server is computing for others. Try again in {seconds} seconds."),
            seconds=self.wait,
        )


class Replaced(Busy):
    """A newer request of the same browser has come meanwhile."""


class Turns:
    """Places for so many at once, and for so many who wait.

    Parameters
    ----------
    at_once
        How many compute at the same time.
    waiting
        How many may wait.
    patience
        How many seconds they wait at most.
    """

    def __init__(
        self, at_once: int = AT_ONCE, waiting: int = WAITING, patience: float = PATIENCE
    ) -> None:
        self.at_once, self.most, self.patience = at_once, waiting, patience
        self.running = self.waiting = self._last = 0
        self._newest: dict[Hashable, int] = {}
        self._changed = threading.Condition()

    def take(self, key: Hashable = None) -> None:
        """Wait for a place.

        Parameters
        ----------
        key
            Of several that wait with the same key only the newest stays.

        Raises
        ------
        Busy
            If there is none in time, or too many wait.
        """
        with self._changed:
            self._last += 1
            number = self._last
            if key is not None:
                self._newest[key] = number
            if self.running >= self.at_once and self.waiting >= self.most:
                raise Busy
            self.waiting += 1
            self._changed.notify_all()
            try:
                self._wait(key, number)
            finally:
                self.waiting -= 1
                self._changed.notify_all()
                if self._newest.get(key) == number:
                    del self._newest[key]
            self.running += 1

    def _wait(self, key: Hashable, number: int) -> None:
        until = time.monotonic() + self.patience
        while self.running >= self.at_once:
            if key is not None and self._newest.get(key) != number:
                raise Replaced
            if not self._changed.wait(until - time.monotonic()):
                raise Busy

    def leave(self) -> None:
        """Give the place to the next."""
        with self._changed:
            self.running -= 1
            self._changed.notify_all()


turns = Turns()


class TurnMiddleware:
    """Lets few requests compute at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, and give its place back."""
        try:
            return self.get_response(request)
        finally:
            if getattr(request, "has_turn", False):
                turns.leave()

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Take a place; Django calls this when it knows the address's name."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name not in computing:
            return None
        browser = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        key = (browser, request.path) if name in newest_only and browser else None
        try:
            turns.take(key)
        except Busy as error:
            return refusal(request, error)
        request.has_turn = True  # type: ignore[attr-defined]
        return None
