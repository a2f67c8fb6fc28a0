"""What is new: what others did in one's rooms, and the tasks of the day beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.rooms.cast import (
    SHORT,
    Cast,
    convened_room,
    fill,
    open_two_sided,
    opened_room,
    room_of_two,
    seal_short,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Opening, SheetProgress
from mutualist.apps.rooms.pages import home
from mutualist.apps.rooms.queries import recent, room_cards

pytestmark = pytest.mark.django_db


def said(actor: Actor, **more: Any) -> str:
    return " ".join(entry.sentence for entry in recent(actor, **more))


def test_one_hears_what_others_did_and_not_what_one_did_oneself(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.clara)
    assert "Tauwerk Sensorik GmbH sealed its answers" in said(cast.anna)
    assert "sealed" not in said(cast.clara)
    assert "Anna invited Tauwerk Sensorik GmbH" in said(cast.clara)
    assert {entry.room for entry in recent(cast.anna)} == {room.uid}


def test_affairs_of_one_side_are_told_to_that_side_only(cast: Cast) -> None:
    room = room_of_two(cast)
    actions.add_colleague(
        actor=cast.anna, room=room, name="Jonas", email="jonas@firm.test", language="en"
    )
    assert "asked Jonas to answer too" in said(cast.ben)
    assert "Jonas" not in said(cast.clara)
    for stranger in cast.strangers:
        assert recent(stranger) == ()


def test_a_neutral_host_hears_nothing_of_any_side(cast: Cast) -> None:
    room, ida, _paul = convened_room(cast)
    actions.add_colleague(
        actor=ida, room=room, name="Jonas", email="jonas@firm.test", language="en"
    )
    seal_short(room, ida)
    assert "Nordwerk Pumpen AG sealed" in said(cast.greta)
    assert "Jonas" not in said(cast.greta)
    assert "came in by mail link" not in said(cast.greta)


def test_two_links_in_one_browser_tell_of_neither_side(cast: Cast) -> None:
    _room, ida, paul = convened_room(cast)
    both = Actor("link", link_ids=ida.link_ids | paul.link_ids, language="en")
    assert "came in by mail link" in said(ida)
    assert "came in by mail link" not in said(both)


def test_news_cost_two_queries_however_many_rooms(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for number in range(4):
        actions.create_room(
            actor=cast.anna,
            mode="alone",
            host=cast.nordwerk,
            frame={"name": f"Room {number}", "offer": "Pumps"},
            parties=[_party("Nordwerk"), _party("Other")],
        )
    room_of_two(cast)
    with django_assert_num_queries(2):
        assert recent(cast.clara)


def _party(name: str) -> Any:
    from mutualist.apps.rooms.values import PartySpec

    return PartySpec(name)


def tasks(actor: Actor) -> list[home.Task]:
    return [task for task in map(home._task, room_cards(actor)) if task]


def test_the_task_leads_to_the_first_question_that_is_not_complete(cast: Cast) -> None:
    room = open_two_sided(cast)
    assert tasks(cast.anna)[0].url.endswith("/answer/1/")
    fill(cast.anna, room, SHORT)
    for shares, end in (
        ([1.0, 1.0, 0.5, 0.0, 1.0, 0.0], "/answer/3/"),
        ([1.0] * 6, "/preview/"),
    ):
        SheetProgress.objects.update(segments=shares)
        assert tasks(cast.anna)[0].url.endswith(end)


def test_a_result_is_a_task_while_it_is_fresh(cast: Cast) -> None:
    opened_room(cast)
    assert [task.url.rsplit("/", 2)[-2] for task in tasks(cast.clara)] == ["result"]
    last = Opening.objects.get()
    Opening.objects.update(opened_at=last.opened_at - home.FRESH - timedelta(days=1))
    assert tasks(cast.clara) == []
