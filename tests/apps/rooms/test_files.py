"""Room files in and out, and the demo."""

from __future__ import annotations

import pytest
from django.db import connection

from apps.rooms.cast import (
    ANONYMOUS,
    Cast,
    audited,
    fill,
    fresh,
    opened_room,
    room_of_two,
    sheets,
)
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.identity.models import Organisation, User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.rooms import actions, public
from mutualist.apps.rooms.demo import ALLIANCES, load_demo
from mutualist.apps.rooms.errors import Refused
from mutualist.apps.rooms.models import Room
from mutualist.apps.rooms.queries import (
    export_room,
    host_statistics,
    opened,
    people,
    room_cards,
    room_status,
)
from mutualist.domain.assess import Room as DomainRoom
from mutualist.library.datasets import load_pumpenpuls


def bring_in(cast: Cast, data, later=(), actor=None) -> Room:
    return actions.import_room_file(
        actor=actor or cast.greta, host=cast.cluster, data=data, later=later
    )


def test_a_room_file_becomes_an_opened_room_with_all_its_rounds(cast: Cast) -> None:
    first, second = (load_pumpenpuls(round=number).to_dict() for number in (1, 2))
    room = bring_in(cast, first, [second])
    assert (room.round, fresh(room).state) == (2, "opened")
    one, two = (opened(cast.greta, fresh(room), number) for number in (1, 2))
    assert (one.result["kind"], two.result["kind"]) == ("supplier", "true_partnership")
    assert (one.as_of, two.as_of) == ("2026-11", "2027-01")
    assert two.result["scores"]["P"] == 86
    assert two.viewer is None
    assert audited(room)[0] == "rooms.room.imported"


def test_a_broken_or_foreign_file_is_refused_whole(cast: Cast) -> None:
    good = load_pumpenpuls(round=1).to_dict()
    broken = {**good, "answers": {"A": {"1.2": {"new_offer": 99}}}}
    with pytest.raises(Refused) as refused:
        bring_in(cast, good, [broken])
    assert refused.value.problems[0].item == "1.2"
    other = {**good, "parties": {"A": "One", "B": "Two"}}
    with pytest.raises(ActionError) as mismatch:
        bring_in(cast, good, [other])
    assert mismatch.value.code == "parties"
    for nonsense in ({}, {"ruleset": "1999.1", "parties": {"A": "x", "B": "y"}}):
        with pytest.raises(ActionError):
            bring_in(cast, nonsense)
    assert not Room.objects.exists()


def test_only_members_of_the_host_import(cast: Cast) -> None:
    for actor in (cast.anna, cast.dora, ANONYMOUS):
        with pytest.raises(NotAllowed):
            bring_in(cast, load_pumpenpuls(round=1).to_dict(), actor=actor)


def test_an_export_holds_what_its_reader_may_see_and_can_be_read_again(cast: Cast) -> None:
    room = opened_room(cast)
    exported = export_room(cast.clara, room)
    assert exported["answers"]["B"] == sheets()["B"]
    assert not {"2.3", "4.5", "5.4", "6.4"} & set(exported["answers"]["A"])
    assert DomainRoom.from_dict(exported).ids == ("A", "B")
    for actor in cast.strangers:
        with pytest.raises(NotAllowed):
            export_room(actor, room)


def test_other_apps_get_what_the_actor_may_see(cast: Cast) -> None:
    room = opened_room(cast)
    assert [card.uid for card in public.rooms_of(cast.ben)] == [room.uid]
    assert public.room_status(cast.clara, room.uid).result_visible
    assert public.opened_room(cast.clara, room.uid).viewer == "B"
    for actor in cast.strangers:
        assert public.rooms_of(actor) == ()
        for read in (public.room_status, public.opened_room):
            with pytest.raises(NotAllowed):
                read(actor, room.uid)


def test_before_the_opening_an_export_holds_only_the_own_answers(cast: Cast) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, {"1.4": "gt3"})
    fill(cast.clara, room, {"1.4": "open"})
    assert export_room(cast.anna, fresh(room))["answers"] == {"A": {"1.4": "gt3"}}
    assert export_room(cast.ben, fresh(room))["answers"] == {}
    assert DomainRoom.from_dict(export_room(cast.clara, fresh(room))).ids == ("A", "B")


def test_the_demo_shows_every_state_and_loads_once(db: None) -> None:
    links = load_demo()
    assert [link.label("en").split(",")[0] for link in links] == [
        "Anna",
        "Ben",
        "Clara",
        "Greta",
        "Dora",
        "Oskar",
    ]
    assert all(link.url.startswith("http") for link in links)
    count = Room.objects.count()
    load_demo()
    assert Room.objects.count() == count
    actors = {user.name.split()[0]: actor_of(user) for user in User.objects.all()}
    anna, clara, greta = (actors[name] for name in ("Anna", "Clara", "Greta"))
    puls, half = room_cards(anna)
    assert (puls.name, puls.kind, puls.round) == ("PumpenPuls", "true_partnership", 2)
    assert (half.name, half.state, half.sealed) == ("Ventilwacht", "answering", 1)
    room = Room.objects.get(uid=puls.uid)
    first = opened(clara, room, 1).result
    assert first["scores"] == {"P": 47, "S": 85, "D": 10, "L": 40}
    assert [card.name for card in room_cards(actors["Ben"])] == ["PumpenPuls", "Ventilwacht"]
    cards = {card.name: card for card in room_cards(greta)}
    assert len(cards) == 10
    assert {card.state for card in cards.values()} == {"draft", "answering", "opened"}
    assert cards["Netzblick"].kind is None
    assert sum(card.kind is not None for card in cards.values()) == len(ALLIANCES)
    figures = host_statistics(greta, Organisation.objects.get(name="Clusterbüro Fließtechnik"))
    assert figures.kinds == {
        "possible": 1,
        "supplier": 1,
        "distributor": 1,
        "logo": 1,
        "in_the_making": 1,
    }
    assert room_cards(actors["Dora"]) == ()


@pytest.mark.parametrize("rooms", [1, 6])
def test_reads_need_few_queries_however_many_rooms_there_are(
    cast: Cast, rooms, django_assert_max_num_queries
) -> None:
    for _number in range(rooms):
        room = opened_room(cast)
    with django_assert_max_num_queries(5):
        assert len(room_cards(cast.anna)) == rooms
    with django_assert_max_num_queries(7):
        room_status(cast.anna, room)
    # On PostgreSQL the scope of private rows opens a transaction and names its seats.
    scope = 0 if connection.vendor == "sqlite" else 3
    with django_assert_max_num_queries(5 + scope):
        opened(cast.anna, room)
    with django_assert_max_num_queries(5):
        people(cast.anna, room)
