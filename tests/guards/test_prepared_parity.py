"""Each prepared query gives the rows of its plain query set, for random people, values and moments.

The queries are found in the modules and their values are made by the names of their parameters: a
new one is compared without being named here, or fails because nobody says what its values are.
"""

from __future__ import annotations

import inspect
import pkgutil
import random
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import Any, cast

import pytest
from django.contrib.sessions.models import Session
from django.db import connections, models, transaction
from django.utils import translation

from apps.projects.steps import OTHER, Play, make_play, protected, stored
from apps.rooms.cast import ANONYMOUS, every_seat, make_cast, open_two_sided, room_of_two
from guards.random_rooms import POSTGRESQL, build
from mutualist import apps
from mutualist.apps.core.actor import Actor, Kind, Role
from mutualist.apps.core.clock import now, stopped_at, today
from mutualist.apps.core.isolation import Scope, as_if, private_scope
from mutualist.apps.core.models import AuditHead
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.delivery.models import Endpoint
from mutualist.apps.identity.models import ApiToken, Membership, Organisation, User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.projects.actions.protecting import save_protection
from mutualist.apps.rooms.models import Answerer, Opening, Room, Seat, SeatLink, SheetProgress
from mutualist.domain.programme.registration.rules import default_rules

pytestmark = pytest.mark.django_db
SIZES = (0, 1, 2, 3, 5, 9)
TURNS = 40
MOST_TURNS = 4000
ROLES: tuple[Role, ...] = ("owner", "member", "reader")
KINDS: tuple[Kind, ...] = ("user", "link", "anonymous", "system")


def _prepared() -> Iterator[tuple[str, Prepared]]:
    for module in pkgutil.walk_packages(apps.__path__, "mutualist.apps."):
        if "migrations" not in module.name:
            import_module(module.name)
    for name, module in sorted(sys.modules.items()):
        if name.startswith("mutualist."):
            for label, value in sorted(vars(module).items()):
                if type(value) is Prepared and value._build.__module__ == name:
                    yield f"{name}.{label}", value


PREPARED = dict(_prepared())


@dataclass
class World:
    """Rows of everything prepared queries read, and who may ask for them."""

    chance: random.Random
    actors: list[Actor]
    pools: dict[str, list[Any]]

    def some(self, pool: str, size: int | None = None) -> frozenset[Any]:
        rows = self.pools[pool]
        wanted = self.chance.choice(SIZES) if size is None else size
        return frozenset(self.chance.sample(rows, min(wanted, len(rows))))

    def actor(self) -> Actor:
        chance = self.chance
        if chance.random() < 0.25:
            return chance.choice(self.actors)
        return Actor(
            chance.choice(KINDS),
            user_id=chance.choice([None, *self.pools["user"]]),
            roles={pk: chance.choice(ROLES) for pk in sorted(self.some("convener"))},
            link_ids=self.some("link"),
            name=chance.choice(["", "Anna"]),
            language=chance.choice(["de", "en"]),
            can_operate=chance.random() < 0.2,
            held_back=chance.random() < 0.2,
            read_only=chance.random() < 0.2,
        )

    def scope(self) -> Scope:
        return Scope(
            seats=self.some("seat"),
            rooms=self.some("room"),
            opening=(self.chance.choice(self.pools["room"]), self.chance.choice([1, 2]))
            if self.chance.random() < 0.3
            else None,
            discard=self.some("seat"),
            programmes=self.some("programme"),
            relations=self.some("relation"),
        )

    def moment(self) -> Any:
        return now() + timedelta(days=self.chance.randint(-4, 4), hours=self.chance.randint(0, 23))

    def value(self, name: str) -> Any:
        chance = self.chance
        made: dict[str, Callable[[], Any]] = {
            "actor": self.actor,
            "rooms": lambda: self.some("room"),
            "convener": lambda: chance.choice([None, *self.pools["convener"]]),
            "part": lambda: slice(start := chance.choice([0, 2]), start + chance.choice([3, 50])),
            "number": lambda: chance.choice([1, 2]),
        }
        return made[name]() if name in made else chance.choice(self.pools[name])

    def values(self, prepared: Prepared) -> dict[str, Any]:
        return {name: self.value(name) for name in inspect.signature(prepared._build).parameters}


def _world(seed: int) -> World:
    chance = random.Random(seed)
    people = make_cast()
    cast_rooms = [room_of_two(people), open_two_sided(people, deadline=today())]
    build(seed)
    users = [*User.objects.order_by("pk")]
    firms = [*Organisation.objects.order_by("pk")]
    firms += [Organisation.objects.create(name=f"Firm {n}") for n in range(9)]
    for firm in firms[4:]:
        Membership.objects.create(user=chance.choice(users), organisation=firm, role="member")
    for room in Room.objects.exclude(pk__in=[room.pk for room in cast_rooms]):
        room.host = chance.choice([None, *firms])
        room.mode = chance.choice(["two_sided", "convened"]) if room.host else "alone"
        room.created_by = chance.choice([None, *users])
        room.save()
        for seat in room.seats.order_by("pk"):
            free = [f for f in firms if not room.seats.filter(organisation=f).exists()]
            seat.organisation = chance.choice([None, *free])
            seat.save()
            segments = [chance.random() for _segment in range(6)]
            SheetProgress.objects.create(
                room=room, seat=seat, round=2, segments=segments, minutes_left=chance.randint(0, 17)
            )
    for person in Answerer.objects.order_by("pk"):
        if person.user is None:
            person.user = chance.choice([None, *users])
            person.save()
        for _link in range(chance.choice([0, 1, 1, 2])):
            _link_of(chance, person)
    play = make_play(people)
    nowhere = replace(OTHER, name="Ortlos Technik GmbH", postal_code="", domain="ortlos.example")
    projects = [protected(play), *(protected(play, play.dora, one) for one in (OTHER, nowhere))]
    save_protection(standing=play.anna, rules=default_rules().to_dict())
    keys = [f"session{n:025d}" for n in range(8)]
    for key in keys[:6]:
        Session.objects.create(
            session_key=key,
            session_data=key,
            expire_date=now() + timedelta(days=chance.randint(-3, 3)),
        )
    digests = [uuid.uuid4().hex * 2 for _token in range(6)]
    for digest in digests[:4]:
        ApiToken.objects.create(user=chance.choice(users), name=digest[:5], digest=digest)
    Endpoint.objects.create(organisation=firms[0], address="https://x.example", key=b"", secret=b"")
    return World(
        chance,
        [people.anna, people.ben, people.clara, people.dora, people.greta]
        + [actor_of(user) for user in users],
        {
            "user": [user.pk for user in users],
            "convener": [firm.pk for firm in firms],
            "link": [*SeatLink.objects.order_by("pk").values_list("pk", flat=True), 10**6],
            "room": [*Room.objects.order_by("pk").values_list("pk", flat=True), 10**6],
            "uid": [
                *Room.objects.order_by("pk").values_list("uid", flat=True),
                *(one.uid for one in (*projects, play.tauwerk, play.grauwerk)),
                uuid.uuid4(),
            ],
            "value": [*_keys(play), "nobody"],
            "row": [*(one.pk for one in projects), 10**6],
            "programme": [play.anna.programme, play.rival.programme, 10**6],
            "relation": [play.tauwerk.pk, play.grauwerk.pk, 10**6],
            "seat": [*Seat.objects.order_by("pk").values_list("pk", flat=True), 10**6],
            "person": [*Answerer.objects.order_by("pk").values_list("pk", flat=True), 10**6],
            "chain": [*AuditHead.objects.order_by("pk").values_list("pk", flat=True), "", "room:0"],
            "key": keys,
            "digest": digests,
        },
    )


def _keys(play: Play) -> list[str]:
    """Return what registrations are looked up by."""
    held = (vars(one).items() for one in stored(play))
    return sorted({str(v) for row in held for name, v in row if name.startswith("key_") and v})


def _link_of(chance: random.Random, person: Answerer) -> None:
    SeatLink.objects.create(
        room_id=person.room_id,
        answerer=person,
        digest=uuid.UUID(int=chance.getrandbits(128)).hex,
        expires_at=now() + timedelta(days=chance.randint(-3, 3)),
        revoked_at=chance.choice([None, None, now()]),
    )


def said(row: Any) -> Any:
    """Return all that a row holds, with the rows it brought along."""
    if not isinstance(row, models.Model):
        return (type(row).__name__, repr(row))
    held = {name: value for name, value in vars(row).items() if name != "_state"}
    held = {name: bytes(v) if isinstance(v, memoryview) else v for name, v in held.items()}
    cached = row._state.fields_cache
    along = {f.name: said(cached[f.name]) for f in row._meta.concrete_fields if f.name in cached}
    return (type(row).__name__, repr(sorted(held.items())), sorted(along.items()))


def compared(world: World, prepared: Prepared) -> tuple[list[Any], list[Any], Mapping[str, Any]]:
    """Ask both ways at the same moment, in the same language and scope."""
    values = world.values(prepared)
    with ExitStack() as stack:
        stack.enter_context(stopped_at(world.moment()))
        stack.enter_context(translation.override(world.chance.choice(["de", "en"])))
        if prepared._private:
            stack.enter_context(private_scope(world.scope()))
        rows = prepared._build(**values)
        found = [said(row) for row in prepared(**values)]
        wanted = [said(row) for row in rows]
    return (found, wanted, values) if rows.ordered else (sorted(found), sorted(wanted), values)


@pytest.fixture
def world(settings: Any) -> World:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    return _world(11)


def test_prepared_queries_find_what_their_query_sets_find(world: World) -> None:
    assert len(PREPARED) >= 22, "found in the modules"
    never, differ = set(), []
    for name, prepared in PREPARED.items():
        reached = 0
        for turn in range(MOST_TURNS):
            # What few of the random questions reach is asked for longer.
            if turn >= TURNS and reached:
                break
            found, wanted, values = compared(world, prepared)
            reached += len(wanted)
            differ += [(name, values)] if found != wanted else []
        never |= {name} if not reached else set()
    assert differ == []
    assert never == set(), "nothing was compared"


def _naive(room: Room, actor: Actor) -> bool:
    """Say in plain Python who may know of a room."""
    held = {actor.user_id} - {None}
    live = [
        link
        for link in SeatLink.objects.filter(room=room)
        if link.pk in actor.link_ids and link.revoked_at is None and link.expires_at > now()
    ]
    firms = set(actor.roles)
    return bool(
        room.host_id in firms
        or firms & {seat.organisation_id for seat in room.seats.all()}
        or (room.host_id is None and room.created_by_id in held)
        or held & {person.user_id for person in Answerer.objects.filter(room=room)}
        or live
    )


def test_who_may_know_of_a_room(world: World) -> None:
    """The one rule all reads and writes start from, against plain Python; usable as any query set."""
    outcomes = set()
    for actor in [ANONYMOUS, Actor.system(), *(world.actor() for _turn in range(TURNS))]:
        with stopped_at(world.moment()):
            wanted = {room.pk for room in Room.objects.all() if _naive(room, actor)}
            rows = Room.objects.visible_to(actor)
            assert {room.pk for room in rows} == wanted, actor
            assert rows.count() == len(wanted)
            assert rows.exists() is bool(wanted)
            assert set(Room.objects.exclude(pk__in=rows).values_list("pk", flat=True)).isdisjoint(
                wanted
            )
            assert {seat.room_id for seat in Seat.objects.filter(room__in=rows)} == wanted
            with transaction.atomic():
                assert {room.pk for room in rows.select_for_update()} == wanted
                assert rows.update(ruleset="x") == len(wanted)
                assert set(Room.objects.filter(ruleset="x").values_list("pk", flat=True)) == wanted
                transaction.set_rollback(True)
        outcomes.add(bool(wanted))
    assert outcomes == {True, False}


def test_deleting_what_somebody_sees_leaves_the_rest(world: World) -> None:
    """Nothing does so today; whoever writes it finds the rule kept."""
    for actor in world.actors[:5]:
        with transaction.atomic():
            wanted = {room.pk for room in Room.objects.all() if _naive(room, actor)}
            kept = {room.pk for room in Room.objects.all()} - wanted
            Opening.objects.all().delete()
            with private_scope(Scope(seats=every_seat(), discard=every_seat())):
                plain = Room.objects.visible_to(actor)
                plain._raw_delete(plain.db)
            assert {room.pk for room in Room.objects.all()} == kept
            transaction.set_rollback(True)


def test_threads_that_ask_first_write_the_same(world: World) -> None:
    """At different moments, in different languages, scopes and for different people of one shape."""
    for name, prepared in PREPARED.items():
        values = world.values(prepared)
        scope = world.scope()
        prepared._written.clear()
        written: list[Any] = []
        barrier = threading.Barrier(4, timeout=20)

        def write(number: int, prepared: Prepared, values: dict[str, Any], scope: Scope) -> None:
            try:
                barrier.wait()  # noqa: B023  (joined below)
                moment = now() + timedelta(days=number)
                language = ("de", "en")[number % 2]
                # A lock needs a transaction; on SQLite there are no locks, and the test holds its own.
                with (
                    transaction.atomic() if POSTGRESQL else nullcontext(),
                    stopped_at(moment),
                    translation.override(language),
                    as_if(scope),
                ):
                    asked = {**values, "scope": scope} if prepared._private else values
                    made = prepared._try(asked)
                parts = made and [getattr(part, "name", part) for part in made.parameters]
                written.append((made and made.sql, parts))  # noqa: B023
            finally:
                connections.close_all()

        threads = [
            threading.Thread(target=write, args=(number, prepared, values, scope))
            for number in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(written) == 4, name
        assert all(_unordered(one) == _unordered(written[0]) for one in written), name


def _unordered(one: Any) -> Any:
    sql, parts = one
    return sql, sorted(str(part) for part in cast("list[Any]", parts or []))
