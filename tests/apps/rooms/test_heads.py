"""Heads of the log leave the server: at every opening and about hourly, to the leads of all parties."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from apps.rooms.cast import (
    Cast,
    come_in,
    convened_room,
    fill,
    fresh,
    invite_clara,
    open_two_sided,
    opened_room,
    room_of_two,
    seal_short,
)
from mutualist.apps.core.anchors import anchored_head
from mutualist.apps.core.audit_check import verify_all
from mutualist.apps.core.clock import now
from mutualist.apps.core.models import AuditAnchor, AuditEntry, OutboxMail
from mutualist.apps.core.signing import head_holds, public_fingerprint, public_key
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.actions.heads import PAUSE, _sent, send_heads
from mutualist.apps.rooms.models import SeatLink
from mutualist.apps.rooms.values import PartySpec
from mutualist.domain.shared import find_heads

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=2)


@pytest.fixture(autouse=True)
def kept(settings):
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


def letters(address):
    return list(OutboxMail.objects.filter(to=address).order_by("pk"))


def heads_in_mails(address, chain):
    found = [head for mail in letters(address) for head in find_heads(mail.text)]
    return [head for head in found if head.chain == chain]


def newest(chain):
    return AuditEntry.objects.filter(chain=chain).order_by("-seq").first()


def test_every_opening_carries_the_head_to_all_leads(cast: Cast) -> None:
    room = opened_room(cast)
    chain = f"room:{room.pk}"
    entry = newest(chain)
    assert entry.action == "rooms.room.opened"
    for address in ("anna@example.org", "clara@example.org"):
        mail = letters(address)[-1]
        assert "opened" in mail.subject
        (head,) = find_heads(mail.text)
        assert (head.chain, head.seq, head.hash) == (chain, entry.seq, entry.hash)
        assert head_holds(head, public_key())
        assert head.signature[:64] in mail.html
        assert public_fingerprint() in mail.text
    assert AuditAnchor.objects.filter(chain=chain, seq=entry.seq).count() == 1
    assert verify_all(heads=[head]).faults == ()


def test_the_seals_of_all_are_anchored_before_anything_opens(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna, cast.clara)
    found = heads_in_mails("anna@example.org", f"room:{room.pk}")
    assert found == heads_in_mails("clara@example.org", f"room:{room.pk}")
    assert found[-1].hash == newest(f"room:{room.pk}").hash


def test_a_head_goes_out_when_the_hour_is_over_and_only_then(cast: Cast) -> None:
    room = room_of_two(cast)
    chain, start = f"room:{room.pk}", now()
    assert send_heads(start) == 1
    assert heads_in_mails("anna@example.org", chain)[-1].seq == newest(chain).seq
    assert heads_in_mails("anna@example.org", chain) == heads_in_mails("clara@example.org", chain)
    count = OutboxMail.objects.count()
    assert send_heads(start + LATER) == 0, "nothing has happened since"
    seal_short(room, cast.anna)
    said = OutboxMail.objects.count()
    assert send_heads(start + PAUSE - timedelta(seconds=2)) == 0, "not within the hour"
    assert OutboxMail.objects.count() == said > count
    assert send_heads(start + PAUSE) == 1
    assert send_heads(start + PAUSE) == 0, "a second run at the same time"
    assert _sent(room.pk, start + PAUSE) is False, "nor one that had looked before"
    assert heads_in_mails("clara@example.org", chain)[-1].hash == newest(chain).hash
    assert verify_all(heads=heads_in_mails("clara@example.org", chain)).faults == ()


def test_drafts_of_the_other_side_set_nothing_in_motion(cast: Cast) -> None:
    """A mail may tell no more of the other side than the page of the room does."""
    room = room_of_two(cast)
    start = now()
    send_heads(start)
    count = OutboxMail.objects.count()
    fill(cast.anna, room, {"1.4": "gt3"})
    assert send_heads(start + LATER) == 0
    assert OutboxMail.objects.count() == count
    assert AuditEntry.objects.filter(chain=f"room:{room.pk}:A").exists()


def test_the_log_all_hear_of_holds_only_what_all_may_see(cast: Cast) -> None:
    room = opened_room(cast)
    audiences = set(
        AuditEntry.objects.filter(chain=f"room:{room.pk}").values_list("audience", flat=True)
    )
    assert audiences == {"room"}


def test_each_lead_gets_the_head_of_the_own_log_and_of_no_other(cast: Cast) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, {"1.4": "gt3"})
    fill(cast.clara, room, {"1.4": "gt3"})
    send_heads(now())
    for address, own, other in (("anna@example.org", "A", "B"), ("clara@example.org", "B", "A")):
        (mine,) = heads_in_mails(address, f"room:{room.pk}:{own}")
        assert mine.hash == newest(f"room:{room.pk}:{own}").hash
        assert heads_in_mails(address, f"room:{room.pk}:{other}") == []
    assert verify_all(heads=[mine]).faults == ()


def test_who_has_not_come_in_gets_no_further_mail(cast: Cast) -> None:
    room = open_two_sided(cast)
    invitation = invite_clara(cast, room)
    count, links = OutboxMail.objects.count(), SeatLink.objects.count()
    assert send_heads(now() + LATER) == 0
    assert OutboxMail.objects.count() == count
    come_in(invitation)
    assert send_heads(now() + LATER) == 1
    assert find_heads(letters("clara@example.org")[-1].text)
    assert SeatLink.objects.count() == links, "the mail brings no further way in"
    assert "/s/" not in letters("clara@example.org")[-1].text


def test_a_person_of_two_seats_gets_one_mail_and_a_self_check_none(cast: Cast) -> None:
    from apps.rooms.cast import FRAME

    actions.create_room(
        actor=cast.anna,
        mode="alone",
        host=cast.nordwerk,
        frame=FRAME,
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk")],
    )
    assert send_heads(now() + LATER) == 0
    room, _ida, _paul = convened_room(cast)
    from mutualist.apps.rooms.models import Answerer

    Answerer.objects.filter(room=room).update(email="IDA@firm.test")
    before = OutboxMail.objects.count()
    assert send_heads(now() + LATER) == 1
    assert OutboxMail.objects.count() == before + 1
    Answerer.objects.filter(room=room).update(email="")
    seal_short(room, _ida)
    before = OutboxMail.objects.count()
    assert send_heads(now() + 2 * LATER) == 1, "without an address there is still an anchor"
    assert OutboxMail.objects.count() == before


def test_german_leads_read_german(cast: Cast) -> None:
    room, _ida, _paul = convened_room(cast)
    send_heads(now())
    mail = letters("paul@firm.test")[-1]
    assert "Protokollkopf" in mail.subject
    assert "auch der Betreiber des Servers nicht" in mail.text
    assert find_heads(mail.text)[0].chain == f"room:{room.pk}"


def test_a_room_deleted_meanwhile_and_a_broken_one_keep_nobody_waiting(cast: Cast) -> None:
    room = room_of_two(cast)
    assert _sent(0, now()) is False
    from mutualist.apps.core.models import AuditHead

    AuditHead.objects.filter(chain=f"room:{room.pk}").delete()
    assert _sent(room.pk, now()) is False


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_once(cast: Cast) -> None:
    from apps.rooms.test_races import at_once

    room = room_of_two(cast)
    before = OutboxMail.objects.count()
    found = at_once(*(lambda: send_heads(now()) for _ in range(4)))
    assert sorted(found) == [0, 0, 0, 1], found
    assert OutboxMail.objects.count() == before + 2
    assert AuditAnchor.objects.filter(chain=f"room:{room.pk}").count() == 1


def test_a_mail_that_is_rolled_back_leaves_no_anchor(cast: Cast, monkeypatch) -> None:
    from django.db import DatabaseError

    from mutualist.apps.rooms.actions import heads

    room = room_of_two(cast)

    def fails(*_args, **_named):
        raise DatabaseError("full")

    monkeypatch.setattr(heads, "send_mail_template", fails)
    assert send_heads(now()) == 0
    assert not AuditAnchor.objects.filter(chain=f"room:{room.pk}").exists()


def test_a_head_says_the_same_each_time(cast: Cast) -> None:
    room = room_of_two(cast)
    with transaction.atomic():
        first = anchored_head(f"room:{room.pk}")
    assert anchored_head(f"room:{room.pk}", now() + LATER) == first
    assert fresh(room).pk == room.pk
