"""Prepared queries find what the query set finds, for every value, and refuse what they cannot follow."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from apps.rooms.cast import Cast, make_cast, open_two_sided
from mutualist.apps.core import prepared
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, stopped_at, today
from mutualist.apps.core.isolation import NoScopeError, Scope, private_scope
from mutualist.apps.core.marks import FIRST, SECOND, Marks, PreparationWarning
from mutualist.apps.core.models import AuditHead
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.rooms.models import Draft, Room, SeatLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    return make_cast()


@pytest.fixture
def heads() -> list[str]:
    names = [f"chain:{number}" for number in range(12)]
    AuditHead.objects.bulk_create(
        AuditHead(chain=name, seq=number, hash="") for number, name in enumerate(names)
    )
    return names


def test_values_are_put_in_anew_each_time(heads: list[str]) -> None:
    find = Prepared(lambda chain: AuditHead.objects.filter(chain=chain))
    assert [find.first(chain=name).seq for name in heads] == list(range(12))
    assert find.first(chain="nobody's") is None


def test_the_framework_writes_the_sql_once(heads: list[str]) -> None:
    built: list[str] = []

    def build(chain: str) -> Any:
        built.append(chain)
        return AuditHead.objects.filter(chain=chain)

    find = Prepared(build)
    for name in heads:
        find(chain=name)
    assert len(built) == 2
    assert not set(built) & set(heads)


def test_sets_of_any_size(heads: list[str]) -> None:
    find = Prepared(
        lambda seqs: AuditHead.objects.filter(seq__in=seqs).values_list("seq", flat=True)
    )
    chance = random.Random(3)
    for size in [0, 1, 2, 3, 5, 8, 11, 12]:
        wanted = frozenset(chance.sample(range(12), size))
        assert set(find(seqs=wanted)) == wanted


def test_none_is_a_shape_of_its_own(heads: list[str]) -> None:
    def build(seq: int | None) -> Any:
        rows = AuditHead.objects.all()
        return rows if seq is None else rows.filter(seq=seq)

    find = Prepared(build)
    assert len(find(seq=None)) == 12
    assert [head.seq for head in find(seq=7)] == [7]


def test_a_slice_is_part_of_the_sql(heads: list[str]) -> None:
    find = Prepared(lambda part: AuditHead.objects.order_by("seq")[part])
    assert [head.seq for head in find(part=slice(3, 6))] == [3, 4, 5]
    assert [head.seq for head in find(part=slice(10, 20))] == [10, 11]


def test_the_clock_is_read_when_asking(cast: Cast) -> None:
    open_two_sided(cast)
    live = Prepared(
        lambda day: SeatLink.objects.filter(expires_at__gt=now(), room__deadline__gt=day)
    )
    find = Prepared(lambda: Room.objects.filter(created_at__lt=now(), deadline__isnull=True))
    assert len(find()) == 1
    with stopped_at(now() - timedelta(days=1)):
        assert find() == []
    assert live(day=today()) == []


def test_actors_see_what_the_query_set_shows_them(cast: Cast) -> None:
    """Also an actor whose shape was written down for somebody else."""
    room = open_two_sided(cast)
    find = Prepared(lambda actor, uid: Room.objects.visible_to(actor).filter(uid=uid))
    anonymous = Actor("anonymous")
    for actor in (cast.dora, cast.anna, cast.ben, cast.clara, anonymous, Actor.system(), cast.anna):
        expected = list(Room.objects.visible_to(actor).filter(uid=room.uid))
        assert find(actor=actor, uid=room.uid) == expected
        assert find(actor=actor, uid=uuid.uuid4()) == []


def test_roles_are_not_mixed_up(cast: Cast) -> None:
    (org,) = cast.anna.roles
    owned = Prepared(lambda actor: Room.objects.filter(host__in=actor.organisations("owner")))
    open_two_sided(cast)
    reader = Actor("user", user_id=cast.anna.user_id, roles={org: "reader"})
    assert len(owned(actor=cast.anna)) == 1
    assert owned(actor=reader) == []


def test_private_rows_come_with_their_scope_only(cast: Cast) -> None:
    room = open_two_sided(cast)
    find = Prepared(lambda room: Draft.objects.filter(room=room), private=True)
    with pytest.raises(NoScopeError):
        find(room=room.pk)
    hidden = Prepared(lambda room: Draft.objects.filter(room=room))
    with private_scope(Scope(seats=frozenset({1}))), pytest.raises(PreparationWarning):
        hidden(room=room.pk)


BAKED = {
    "a moment": lambda chain: SeatLink.objects.filter(expires_at__gt=MOMENT, digest=chain),
    "a changed value": lambda chain: AuditHead.objects.filter(chain=chain.upper()),
    "part of a pattern": lambda chain: AuditHead.objects.filter(chain__contains=chain),
    "the language": lambda chain: AuditHead.objects.filter(chain=chain, hash=_language()),
    "whether": lambda chain: AuditHead.objects.none() if f"-{SECOND + 1}" in chain else AuditHead.objects.all(),
    "another query": lambda chain: AuditHead.objects.annotate(x=Value(len(chain))).order_by(
        F("seq").desc() if chain < "mark-2" else "seq", Value(hash(chain) % 99)
    ),
}  # fmt: skip
MOMENT = now()


def _language() -> str:
    from django.utils.translation import get_language

    return str(get_language())


@pytest.mark.parametrize("name", BAKED)
def test_what_cannot_be_followed_is_refused(name: str) -> None:
    with pytest.raises(PreparationWarning):
        Prepared(BAKED[name])(chain="room:1")


def test_what_cannot_be_prepared_is_asked_as_it_is(heads: list[str]) -> None:
    asked = Prepared(lambda chain: AuditHead.objects.filter(chain__contains=chain))
    with pytest.warns(PreparationWarning, match="changed"):
        assert len(asked(chain="chain:1")) == 3
    assert len(asked(chain="chain:")) == 12, "without another warning"


def test_a_member_picked_from_a_set_is_refused() -> None:
    pick = Prepared(lambda seqs: AuditHead.objects.filter(seq=min(seqs)))
    with pytest.raises(PreparationWarning):
        pick(seqs=frozenset({4, 9}))


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction(heads: list[str]) -> None:
    lock = Prepared(lambda chain: AuditHead.objects.select_for_update().filter(chain=chain))
    with transaction.atomic():
        assert lock.first(chain=heads[3]).seq == 3
    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            lock(chain=heads[3])


def test_one_query_is_asked_and_counted(heads: list[str]) -> None:
    find = Prepared(lambda chain: AuditHead.objects.filter(chain=chain))
    find(chain=heads[0])
    with CaptureQueriesContext(connection) as asked:
        find(chain=heads[5])
    assert len(asked) == 1
    assert heads[5] in asked[0]["sql"]


def test_values_are_told_apart_by_their_names(heads: list[str]) -> None:
    """Also where the same kinds stand in the same order."""

    def build(least: int | None, most: int | None) -> Any:
        rows = AuditHead.objects.all()
        return rows.filter(seq__lt=most) if least is None else rows.filter(seq__gte=least)

    find = Prepared(build)
    assert len(find(least=None, most=3)) == 3
    assert len(find(most=None, least=3)) == 9


def test_yes_is_no_set_of_one(heads: list[str]) -> None:
    def build(seqs: Any) -> Any:
        return AuditHead.objects.all() if seqs is True else AuditHead.objects.filter(seq__in=seqs)

    find = Prepared(build)
    assert len(find(seqs=True)) == 12
    assert [head.seq for head in find(seqs=frozenset({4}))] == [4]


def test_nobody_fills_up_the_place_of_what_others_ask(
    heads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may leaf through pages that do not exist; the first page is still written once."""
    monkeypatch.setattr(prepared, "KEPT", 10)
    built: list[slice] = []

    def build(part: slice) -> Any:
        built.append(part)
        return AuditHead.objects.order_by("seq")[part]

    find = Prepared(build)
    for start in range(30):
        find(part=slice(start, start + 5))
        assert len(find._written) == min(start + 1, 10)
    built.clear()
    for _again in range(4):
        assert [head.seq for head in find(part=slice(0, 2))] == [0, 1]
    assert len(built) == 2


def test_a_long_set_is_not_looked_through_for_each_of_its_members(heads: list[str]) -> None:
    compared = 0

    class Way(int):
        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return int(self) == other

        __hash__ = int.__hash__

    marks = Marks(FIRST, 0)
    marks.names = {Way(at): f"seqs[{at}]" for at in range(500)}
    found = marks.on_the_way(lambda value: value)
    assert [found[Way, at] for at in range(500)] == [f"seqs[{at}]" for at in range(500)]
    assert compared < 3000


def test_sets_too_large_for_marks_are_asked_as_they_are(heads: list[str]) -> None:
    """The mark of a number behind them would be too large for its column: nothing would be found."""
    find = Prepared(
        lambda rooms, number: Room.objects.filter(pk__in=rooms, round=number).values_list("pk")
    )
    room = Room.objects.create(mode="alone", frame={}, ruleset="x")
    many = frozenset({room.pk, *range(10**6, 10**6 + 9000)})
    with pytest.warns(PreparationWarning, match="too many"):
        assert find(rooms=many, number=1) == [(room.pk,)]


def test_people_with_roles_of_all_kinds_are_asked_for_by_one_prepared_query() -> None:
    """Members of several sets stand in one list; each keeps its place in both drafts."""
    find = Prepared(lambda actor: Room.objects.filter(host__in=actor.organisations()))
    roles = ("owner", "member", "reader")
    for counts in ((1, 4, 0), (2, 2, 1), (8, 1, 4), (3, 9, 5), (0, 30, 1), (64, 1, 32)):
        numbers = iter(range(1, 200))
        held = {
            next(numbers): role for role, n in zip(roles, counts, strict=True) for _i in range(n)
        }
        assert find(actor=Actor("user", user_id=1, roles=held)) == []
