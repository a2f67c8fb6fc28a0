"""Few compute at once; the others wait, give way to a newer request, or are told to come again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from mutualist.apps.core import turns
from mutualist.apps.core.turns import Busy, Replaced, TurnMiddleware, Turns


def elsewhere(call: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Call in another thread; what it raises is in the list."""
    said: list[Any] = []

    def run() -> None:
        try:
            call()
            said.append("came in")
        except Busy as error:
            said.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, said


def until(thread: threading.Thread) -> None:
    thread.join(timeout=30)
    assert not thread.is_alive()


def waiting(places: Turns, number: int) -> None:
    """Wait until so many wait."""
    with places._changed:
        assert places._changed.wait_for(lambda: places.waiting == number, timeout=30)


def test_whoever_finds_all_places_taken_waits_for_one() -> None:
    places = Turns(at_once=1, waiting=1, patience=30)
    places.take()
    thread, said = elsewhere(places.take)
    waiting(places, 1)
    with pytest.raises(Busy):
        places.take()
    assert said == []
    places.leave()
    until(thread)
    assert said == ["came in"]
    assert (places.running, places.waiting) == (1, 0)


def test_patience_ends() -> None:
    places = Turns(at_once=1, waiting=1, patience=0)
    places.take()
    with pytest.raises(Busy):
        places.take()
    assert (places.running, places.waiting) == (1, 0)


def test_a_newer_request_takes_the_place_of_the_older_one() -> None:
    places = Turns(at_once=1, waiting=4, patience=30)
    places.take("slider")
    older, first = elsewhere(lambda: places.take("slider"))
    waiting(places, 1)
    other, another = elsewhere(lambda: places.take("another"))
    waiting(places, 2)
    newer, last = elsewhere(lambda: places.take("slider"))
    until(older)
    assert isinstance(first[0], Replaced)
    for _twice in range(2):
        places.leave()
    for thread in (other, newer):
        until(thread)
    assert another == last == ["came in"]
    assert places._newest == {}


def test_a_page_that_computes_says_when_to_come_again(
    monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(turns, "turns", Turns(at_once=0, waiting=0))
    address = reverse("ventures:venture", args=["00000000-0000-4000-8000-000000000000"])
    answer = Client().get(address)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) == Busy.wait
    assert "computing for others" in answer.content.decode()
    assert Client().get(reverse("core:home")).status_code in {200, 302}


def test_a_place_is_given_back_even_if_the_page_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    places = Turns()
    monkeypatch.setattr(turns, "turns", places)
    monkeypatch.setattr(turns, "computing", {"core:home"})
    request = RequestFactory().get("/")
    request.resolver_match = get_resolver().resolve("/")

    def fails(_request: Any) -> Any:
        middleware.process_view(request, None, (), {})
        assert places.running == 1
        raise RuntimeError

    middleware = TurnMiddleware(fails)
    with pytest.raises(RuntimeError):
        middleware(request)
    assert places.running == 0


def test_every_address_that_computes_is_one() -> None:
    from guards.routes import all_routes

    assert turns.newest_only <= turns.computing <= set(all_routes())
