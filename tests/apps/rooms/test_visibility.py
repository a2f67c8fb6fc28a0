"""Everybody has rooms of their own here, so a rule that forgets to compare rooms shows at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.rooms.cast import (
    ANONYMOUS,
    FRAME,
    Cast,
    come_in,
    convened_room,
    fill,
    found,
    fresh,
    in_days,
    invite_clara,
    open_two_sided,
    opened_room,
    seal_short,
    token_of,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.identity.models import Membership, User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Answerer, Room, SeatLink
from mutualist.apps.rooms.queries import (
    convened_rooms,
    get_room,
    host_statistics,
    link_language,
    people,
    recent,
    room_cards,
    room_page,
    room_timeline,
)
from mutualist.apps.rooms.standing import standing
from mutualist.apps.rooms.values import PartySpec


class World:
    """Five rooms and everybody who has something to do with one of them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.rooms: dict[str, Room] = {}
        anna = open_two_sided(cast)
        self.clara = come_in(invite_clara(cast, anna), cast.clara)
        invitation = actions.add_colleague(
            actor=cast.anna, room=anna, name="Jonas", email="jonas@n.example", language="de"
        )
        self.jonas = come_in(invitation)
        dora = actions.create_room(
            actor=cast.dora,
            mode="two_sided",
            host=cast.grauwerk,
            frame={**FRAME, "name": "Rival"},
            parties=[PartySpec("Grauwerk"), PartySpec("Else")],
        )
        self.gus = come_in(
            actions.invite_answerer(
                actor=cast.dora,
                room=dora,
                seat="B",
                name="Gus",
                email="gus@e.example",
                language="de",
            )
        )
        greta, self.ida, self.paul = convened_room(cast)
        self.rooms = {"anna": anna, "dora": dora, "greta": greta}
        for name, actor in (("alone of anna", cast.anna), ("alone of dora", cast.dora)):
            self.rooms[name] = actions.create_room(
                actor=actor,
                mode="alone",
                frame={**FRAME, "name": name},
                parties=[PartySpec("Me"), PartySpec("They")],
            )

    def expected(self) -> list[tuple[Actor, set[str]]]:
        cast = self.cast
        return [
            (cast.anna, {"anna", "alone of anna"}),
            (cast.ben, {"anna"}),
            (self.clara, {"anna"}),
            (self.jonas, {"anna"}),
            (cast.dora, {"dora", "alone of dora"}),
            (self.gus, {"dora"}),
            (cast.greta, {"greta"}),
            (self.ida, {"greta"}),
            (self.paul, {"greta"}),
            (ANONYMOUS, set()),
            (Actor.system(), set()),
            (Actor("link", link_ids=frozenset({999_999})), set()),
        ]


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


def test_each_sees_the_own_rooms_and_no_other(world: World) -> None:
    for actor, wanted in world.expected():
        seen = {name for name, room in world.rooms.items() if sees(actor, room)}
        listed = {card.uid for card in room_cards(actor)}
        assert {card.uid for card in room_page(actor)} == listed
        assert seen == wanted, actor.name
        assert listed == {world.rooms[name].uid for name in wanted}, actor.name
        assert {news.room for news in recent(actor, limit=99)} <= listed, actor.name
        for name, room in world.rooms.items():
            here = standing(actor, fresh(room))
            assert bool(here.mine or here.is_host) == (name in wanted), (actor.name, name)
            assert all(seat.room_id == room.pk for seat in here.mine)
            assert all(person.room_id == room.pk for person in here.answerers)
            for read in (people, room_timeline):
                if name not in wanted:
                    with pytest.raises(NotAllowed):
                        read(actor, fresh(room))


def sees(actor: Actor, room: Room) -> bool:
    try:
        return get_room(actor, room.uid).pk == room.pk
    except NotAllowed:
        return False


def test_each_sits_on_the_own_side_only(world: World) -> None:
    anna = fresh(world.rooms["anna"])
    sides = {"anna": world.cast.anna, "ben": world.cast.ben, "clara": world.clara}
    sides |= {"jonas": world.jonas}
    found = {name: [s.key for s in standing(actor, anna).mine] for name, actor in sides.items()}
    assert found == {"anna": ["A"], "ben": ["A"], "clara": ["B"], "jonas": ["A"]}
    roles = {
        name: (here.is_host, here.may_manage, [p.is_lead for p in here.answerers])
        for name, actor in sides.items()
        for here in [standing(actor, anna)]
    }
    assert roles == {
        "anna": (True, True, [True]),
        "ben": (True, False, []),
        "clara": (False, False, [True]),
        "jonas": (False, False, [False]),
    }
    cards = {card.name: card for card in room_cards(world.clara)}
    assert [(c.my_seat, c.is_host, c.i_answer) for c in cards.values()] == [("B", False, True)]
    convened = standing(world.cast.greta, fresh(world.rooms["greta"]))
    assert (convened.mine, convened.answerers, convened.is_neutral_host) == ((), (), True)


def test_a_link_counts_while_it_lives(world: World) -> None:
    room = fresh(world.rooms["greta"])
    link = SeatLink.objects.get(pk=next(iter(world.ida.link_ids)))
    both = replace(world.ida, link_ids=world.ida.link_ids | world.gus.link_ids)
    assert {card.uid for card in room_cards(both)} == {room.uid, world.rooms["dora"].uid}
    assert [seat.key for seat in standing(both, room).mine] == ["A"]
    SeatLink.objects.filter(pk=link.pk).update(revoked_at=link.created_at)
    assert not sees(world.ida, room)
    assert standing(world.ida, room).mine == ()
    assert room_cards(world.ida) == ()
    SeatLink.objects.filter(pk=link.pk).update(revoked_at=None, expires_at=link.created_at)
    assert not sees(world.ida, room)
    assert standing(world.ida, room).mine == ()


def test_colleagues_of_the_other_side_are_not_named(world: World) -> None:
    room = fresh(world.rooms["anna"])
    seats = {seat.key: seat for seat in people(world.clara, room)}
    assert [person.name for person in seats["A"].people] == []
    assert [person.name for person in seats["B"].people] == ["Clara"]
    seats = {seat.key: seat for seat in people(world.cast.anna, room)}
    assert [person.name for person in seats["A"].people] == ["Anna", "Jonas"]
    assert [person.name for person in seats["B"].people] == ["Clara"]
    assert (seats["A"].may_edit, seats["B"].may_edit) == (True, True)
    seats = {seat.key: seat for seat in people(world.jonas, room)}
    assert (seats["A"].may_edit, seats["B"].may_edit) == (False, False)
    seats = {seat.key: seat for seat in people(world.cast.ben, room)}
    assert not any(seat.may_edit or seat.may_invite for seat in seats.values())


def test_a_host_invites_until_somebody_came(world: World) -> None:
    room = open_two_sided(world.cast)
    (_own, other) = people(world.cast.anna, room)
    assert other.may_invite
    invitation = invite_clara(world.cast, room)
    assert people(world.cast.anna, room)[1].may_invite
    come_in(invitation)
    assert not people(world.cast.anna, room)[1].may_invite


def test_an_owner_decides_about_the_people_of_the_own_side_only(world: World) -> None:
    cast, room = world.cast, fresh(world.rooms["anna"])
    owner = User.objects.create(email="olga@example.org", name="Olga")
    Membership.objects.create(user=owner, organisation=cast.nordwerk, role="owner")
    olga = standing(actor_of(owner), room)
    assert [seat.key for seat in olga.seats if olga.manages_people_of(seat)] == ["A"]
    for actor in (cast.ben, world.jonas, cast.dora):
        here = standing(actor, room)
        assert not any(here.manages_people_of(seat) for seat in here.seats)
    assert [
        s.key for s in room.seats.all() if standing(world.clara, room).manages_people_of(s)
    ] == ["B"]


def test_results_are_listed_for_those_who_see_them(cast: Cast) -> None:
    opened = opened_room(cast)
    convened, ida, paul = convened_room(cast)
    seal_short(convened, ida, paul)
    for actor in (ida, paul):
        actions.press_open(actor=actor, room=convened)
    waiting = open_two_sided(cast)
    assert {card.uid: card.kind for card in room_cards(cast.anna)}[waiting.uid] is None
    actions.delete_room(actor=cast.anna, room=waiting)
    kinds = {
        name: {card.uid: card.kind for card in room_cards(actor)}
        for name, actor in {"anna": cast.anna, "clara": cast.clara, "greta": cast.greta}.items()
    }
    assert kinds["anna"] == kinds["clara"] == {opened.uid: "supplier"}
    assert kinds["greta"] == {convened.uid: None}
    actions.share_result(actor=ida, room=convened, share=True)
    assert [card.kind for card in room_cards(cast.greta)] == [None]
    actions.share_result(actor=paul, room=convened, share=True)
    assert [card.kind for card in room_cards(cast.greta)] != [None]


def test_rooms_of_one_person_do_not_mix(world: World) -> None:
    """Clara sits in two rooms; what she writes in one is found in that one."""
    room = open_two_sided(world.cast)
    clara = come_in(invite_clara(world.cast, room), world.cast.clara)
    fill(clara, room, {"1.4": "gt3"})
    cards = {card.uid: card for card in room_cards(clara)}
    assert cards[room.uid].my_segments != cards[world.rooms["anna"].uid].my_segments
    assert {p.room_id for p in Answerer.objects.filter(user_id=clara.user_id)} == {
        room.pk,
        world.rooms["anna"].pk,
    }


def test_whoever_leaves_the_host_loses_its_rooms(world: World) -> None:
    cast = world.cast
    user = User.objects.get(pk=cast.greta.user_id)
    Membership.objects.filter(user=user).delete()
    greta = actor_of(user)
    assert room_cards(greta) == ()
    assert not sees(greta, world.rooms["greta"])
    here = standing(greta, fresh(world.rooms["greta"]))
    assert (here.is_host, here.may_manage, here.mine) == (False, False, ())
    anna = User.objects.get(pk=cast.anna.user_id)
    Membership.objects.filter(user=anna).delete()
    # A seat of one's own stays; the rights of the host are gone.
    here = standing(actor_of(anna), fresh(world.rooms["anna"]))
    assert (here.is_host, here.may_manage, [seat.key for seat in here.mine]) == (
        False,
        False,
        ["A"],
    )


def test_a_room_without_creator_has_no_host_among_the_nameless(world: World) -> None:
    room = fresh(world.rooms["alone of anna"])
    Room.objects.filter(pk=room.pk).update(created_by=None)
    for actor in (ANONYMOUS, world.ida, world.cast.dora, Actor.system()):
        assert not standing(actor, fresh(room)).is_host
        assert not sees(actor, room)


def test_the_own_organisation_weighs_more_than_a_link_of_the_other_side(world: World) -> None:
    room = open_two_sided(world.cast)
    guest = come_in(invite_clara(world.cast, room))
    ben = replace(world.cast.ben, link_ids=guest.link_ids)
    here = standing(ben, fresh(room))
    assert [seat.key for seat in here.mine] == ["A"]
    assert here.answerers == ()
    assert [seat.key for seat in standing(guest, fresh(room)).mine] == ["B"]
    # Nor does it help that the link belongs to somebody with an account.
    ben = replace(world.cast.ben, link_ids=world.clara.link_ids)
    assert [seat.key for seat in standing(ben, fresh(world.rooms["anna"])).mine] == ["A"]


def test_an_account_weighs_more_than_an_organisation_and_manages_its_own_side(world: World) -> None:
    room = fresh(world.rooms["anna"])
    clara = User.objects.get(pk=world.cast.clara.user_id)
    Membership.objects.create(user=clara, organisation=world.cast.nordwerk, role="owner")
    here = standing(actor_of(clara), room)
    assert [seat.key for seat in here.mine] == ["B"]
    assert [seat.key for seat in here.seats if here.manages_people_of(seat)] == ["B"]


def test_of_two_links_in_one_browser_the_one_opened_last_counts(world: World) -> None:
    room = fresh(world.rooms["greta"])
    both = replace(world.ida, link_ids=world.ida.link_ids | world.paul.link_ids)
    assert [seat.key for seat in standing(both, room).mine] == ["B"]
    # A newer link of the first side that lies in another browser changes nothing here.
    ida = Answerer.objects.get(room=room, name="Ida")
    SeatLink.objects.create(
        room=room, answerer=ida, digest="x" * 64, expires_at=in_days(9).isoformat() + "T00:00Z"
    )
    assert [seat.key for seat in standing(both, room).mine] == ["B"]


def test_a_room_deleted_meanwhile_is_none(world: World) -> None:
    room = fresh(world.rooms["anna"])
    actions.delete_room(actor=world.cast.anna, room=room)
    with pytest.raises(NotAllowed):
        actions.save_answer(actor=world.clara, room=room, item="1.4", value="gt3", version=0)


def test_a_convener_is_shown_the_rooms_of_the_one_organisation(world: World) -> None:
    cast = world.cast
    other = found(User.objects.get(pk=cast.greta.user_id), "Second Office")
    greta = actor_of(User.objects.get(pk=cast.greta.user_id))
    assert [card.uid for card in convened_rooms(greta, cast.cluster)] == [world.rooms["greta"].uid]
    assert convened_rooms(greta, other) == ()
    assert host_statistics(greta, other).rooms == 0
    for stranger in (cast.dora, cast.anna, world.ida):
        with pytest.raises(NotAllowed):
            convened_rooms(stranger, cast.cluster)


def test_a_link_tells_the_language_of_its_own_mail(cast: Cast) -> None:
    room = open_two_sided(cast)
    english = invite_clara(cast, room)
    german = actions.add_colleague(
        actor=cast.anna, room=room, name="Jonas", email="jonas@n.example", language="de"
    )
    assert [link_language(token_of(one)) for one in (english, german)] == ["en", "de"]
    assert link_language("unknown") == ""


def test_a_link_alone_shows_the_side_it_was_sent_to(cast: Cast) -> None:
    room = open_two_sided(cast)
    guest = come_in(invite_clara(cast, room))
    seal_short(room, cast.anna)
    (card,) = room_cards(guest)
    assert (card.my_seat, card.i_answer, card.i_sealed) == ("B", True, False)
    assert (card.sealed, card.total) == (1, 2)
    assert card.my_segments == card.segments["Tauwerk Sensorik GmbH"] != (1.0,) * 6
