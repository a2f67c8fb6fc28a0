"""Nothing is older than its class says: rows made by actions, a clock that runs for years, daily jobs.

The version of every run takes short periods; ``MUTUALIST_TEST_YEARS=3`` runs three years with the
periods of the product.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from apps.rooms.cast import (
    Cast,
    come_in,
    fill,
    fresh,
    invite_clara,
    mails_to,
    make_cast,
    open_two_sided,
    seal_short,
)
from mutualist.apps.core import schedule
from mutualist.apps.core.audit import verify
from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.isolation import Scope, private_scope
from mutualist.apps.core.models import AuditEntry, AuditPersonal
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import OrganisationInvitation
from mutualist.apps.privacy.holdings import declared, holdings
from mutualist.apps.privacy.models import RetentionNotice
from mutualist.apps.privacy.nightly import apply_retention
from mutualist.apps.privacy.retention import is_here, overdue, policy
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Draft, Room, Seat

pytestmark = pytest.mark.django_db
YEARS = int(os.environ.get("MUTUALIST_TEST_YEARS", "0"))
SHORT = (
    "invitations=5,mails=5,repeats=2,seat_links=5,events=5,log_names=30,devices=20,"
    "known_devices=20,drafts=32,idle_opened_rooms=33,closed_rooms=32,support=20,erasures=40"
)
DAYS = YEARS * 365 + 60 if YEARS else 75
START = datetime(2026, 1, 1, 3, tzinfo=UTC)


class Clock:
    """The time of the simulation."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Clock]:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    made = Clock()
    monkeypatch.setattr(timezone, "now", made)
    return made


def live(cast: Cast, day: int) -> None:
    """Leave rows in every table that has a period, with rooms that end in every way."""
    identity.invite_member(
        cast.nordwerk.uid, email=f"p{day}@x.test", role="reader", language="de", actor=cast.anna
    )
    session = SessionStore()
    session["seat_name"] = "x"
    session.create()
    apps.get_model("core.IdempotencyKey").objects.create(
        caller="user:1",
        key=str(day),
        request_hash="0" * 64,
        status=200,
        answer=b"",
        created=timezone.now(),
    )
    for label, fields in (
        ("identity.SignIn", {"session_key": f"{day:032}", "created": timezone.now()}),
        ("identity.KnownDevice", {"digest": f"{day:064}"}),
    ):
        apps.get_model(label).objects.create(
            user_id=cast.anna.user_id, last_seen=timezone.now(), **fields
        )
    apps.get_model("privacy.ErasedPerson").objects.create(digest=f"{day:064}")
    room = open_two_sided(cast)
    clara = come_in(invite_clara(cast, room), cast.clara)
    actions.add_colleague(
        actor=cast.anna, room=room, name="Jo", email="jo@nordwerk.test", language="de"
    )
    kind = day // 15 % 3
    if kind == 0:
        fill(cast.anna, room, {"1.4": "gt3"})  # left lying
        return
    seal_short(room, cast.anna, clara)
    actions.press_open(actor=cast.anna, room=room)
    actions.press_open(actor=clara, room=room)
    if kind == 1:
        actions.close_room(actor=cast.anna, room=fresh(room))


def run_the_clock() -> None:
    for task in schedule.tasks().values():
        task.run()


def too_old(moment: datetime) -> list[str]:
    """Return every table with a row older than its limit and a day."""
    found = []
    for kept in policy().classes.values():
        if kept.days is None:
            continue
        limit = moment - timedelta(days=kept.days + 1)
        found += [
            f"{kept.name}: {rule.label}"
            for rule in kept.rules
            if is_here(rule.label) and overdue(rule, limit).exists()
        ]
    closed = moment - timedelta(days=policy().classes["closed_rooms"].days + 1)
    if Room.objects.filter(state="closed", closed_at__lt=closed).exists():
        found.append("closed_rooms")
    idle = moment - timedelta(days=policy().classes["drafts"].days + 2)
    seats = frozenset(Seat.objects.values_list("pk", flat=True))
    with private_scope(Scope(seats=seats)):
        found += ["drafts"] if Draft.objects.filter(saved_at__lt=idle).exists() else []
    return found


def test_nothing_is_kept_for_too_long(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    if not YEARS:
        monkeypatch.setenv("MUTUALIST_RETENTION", SHORT)
    cast = make_cast()
    seen: set[str] = set()
    told = False
    for day in range(DAYS):
        clock.moment = START + timedelta(days=day)
        if day % 15 == 0:
            live(cast, day)
        run_the_clock()
        if day % 5 == 4 or day > DAYS - 5:
            assert too_old(clock.moment) == [], day
        seen |= set(RetentionNotice.objects.values_list("kind", flat=True))
        told = told or any("ends on" in mail.subject for mail in mails_to("clara@example.org"))
    assert seen == {"idle", "closed"}
    assert told, "whoever has a part in a room is told before it ends"
    made = len(range(0, DAYS, 15))
    assert 0 < Room.objects.count() < made, "rooms are deleted in the end, after they were closed"
    for chain in AuditEntry.objects.values_list("chain", flat=True).distinct():
        assert list(verify(chain)) == []


def test_the_proof_notices_a_job_that_does_nothing(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUTUALIST_RETENTION", SHORT)
    live(make_cast(), 0)
    clock.moment += timedelta(days=60)
    broken = set(too_old(clock.moment))
    expected = {
        f"{kept.name}: {rule.label}"
        for kept in policy().classes.values()
        if kept.days is not None
        for rule in kept.rules
        if is_here(rule.label)
    }
    without_rows = {
        "confirmations: account.emailconfirmation",
        "devices: usersessions.usersession",
        "events: delivery.delivery",
        "letters: letters.sent",
        "partner_links: programme.partnerlink",
        "support: support.supportsession",
    }
    assert expected - without_rows <= broken | {"seat_links: rooms.seatlink"}
    assert "drafts" in broken


def test_a_dry_run_counts_and_changes_nothing(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUTUALIST_RETENTION", SHORT)
    live(make_cast(), 0)
    clock.moment += timedelta(days=60)
    before = AuditPersonal.objects.count(), OrganisationInvitation.objects.count()
    said = apply_retention(dry_run=True)
    assert (AuditPersonal.objects.count(), OrganisationInvitation.objects.count()) == before
    done = {(one.label, one.rows) for one in apply_retention()}
    assert {(one.label, one.rows) for one in said if one.label != "rooms.room"} <= done


def test_an_announced_end_is_taken_back_when_somebody_works_again(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUTUALIST_RETENTION", "drafts=45")
    cast = make_cast()
    live(cast, 0)
    room = Room.objects.get()
    clock.moment += timedelta(days=20)
    apply_retention()
    assert RetentionNotice.objects.get().kind == "idle"
    told = [mail for mail in mails_to("clara@example.org") if "PumpenPuls" in mail.subject]
    assert any("ends on" in mail.subject for mail in told)
    fill(cast.anna, fresh(room), {"6.2": "both"})
    clock.moment += timedelta(days=1)
    apply_retention()
    assert not RetentionNotice.objects.exists()
    clock.moment += timedelta(days=10)
    apply_retention()
    assert fresh(room).state == "answering"


def test_every_personal_table_has_a_class_that_ends() -> None:
    for holding in holdings():
        assert policy().classes[holding.keep].words["de"]
    clocked = {rule.label for kept in policy().classes.values() for rule in kept.rules if kept.days}
    # What has no clock of its own goes with the account, the organisation or the room.
    for label, holding in declared().items():
        if holding.is_personal and label not in clocked:
            assert holding.keep in {
                "account",
                "organisation",
                "rooms",
                "ventures",
                "programmes",
                "drafts",
                "log",
            }, label


@pytest.mark.parametrize(
    "text", ["mail=14", "mails=0", "mails=soon", "mails", "account=30", "mails=-1", "mails=1e3"]
)
def test_a_period_that_cannot_be_meant_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUTUALIST_RETENTION", text)
    with pytest.raises(SettingError, match="MUTUALIST_RETENTION"):
        policy()


def test_never_switches_a_class_off(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTUALIST_RETENTION", f"{SHORT},invitations=never")
    live(make_cast(), 0)
    clock.moment += timedelta(days=400)
    apply_retention()
    assert OrganisationInvitation.objects.exists()
