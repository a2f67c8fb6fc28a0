"""Whoever can write to the database cannot change the log unnoticed: five attacks, each found."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from mutualist.apps.core import audit_check
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.anchors import anchored_head, last_anchor, present_head
from mutualist.apps.core.audit import ActionKind, entry_hash, personal_digest, record, register
from mutualist.apps.core.audit_check import bare_head, verify, verify_all
from mutualist.apps.core.audit_reading import ChainFault
from mutualist.apps.core.clock import now
from mutualist.apps.core.models import (
    AuditAnchor,
    AuditEntry,
    AuditHead,
    AuditPersonal,
    OutboxMail,
)
from mutualist.apps.core.signing import signed_head

pytestmark = pytest.mark.django_db(transaction=True)
register(ActionKind("tests.log.written", "{actor} wrote {what}."))
ROOM = "room:7"


def write(count=1, chain=ROOM, **data):
    for number in range(count):
        with transaction.atomic():
            record(
                "tests.log.written",
                actor=Actor("user", name="Anna Arndt"),
                obj=OutboxMail(pk=7),
                chain=chain,
                data={"what": f"step {number}", **data},
                personal={"person": "Clara"},
            )


@pytest.fixture
def log():
    """Two chains; of the first the head after five of eight entries was mailed."""
    write(5)
    head = anchored_head(ROOM)
    write(3)
    write(4, chain="room:8")
    assert verify_all().faults == ()
    return head


def found(**options):
    return {(fault.chain, fault.seq, fault.reason) for fault in verify_all(**options).faults}


def entry(seq):
    return AuditEntry.objects.get(chain=ROOM, seq=seq)


def rewrite(start=1, **changed):
    """Write a chain anew from one entry on, with correct hashes, links and head."""
    prev = "" if start == 1 else entry(start - 1).hash
    for row in AuditEntry.objects.filter(chain=ROOM, seq__gte=start).order_by("seq"):
        row.body = {**row.body, "data": {**row.body["data"], **changed}}
        row.prev_hash = prev
        row.hash = prev = entry_hash(prev, row.seq, row.body)
        row.save()
    last = AuditEntry.objects.filter(chain=ROOM).order_by("-seq").first()
    AuditHead.objects.filter(chain=ROOM).update(seq=last.seq, hash=last.hash)


def test_attack_1_an_entry_is_edited(log):
    row = entry(3)
    row.body["data"]["what"] = "nothing"
    row.save()
    assert found() == {(ROOM, 3, "hash")}


def test_attack_2_an_entry_is_deleted(log):
    entry(3).delete()
    assert found() == {(ROOM, 4, "number"), (ROOM, 4, "link")}


def test_attack_2_also_with_new_numbers_and_hashes(log):
    entry(3).delete()
    for row in AuditEntry.objects.filter(chain=ROOM, seq__gt=3).order_by("seq"):
        row.seq -= 1
        row.save()
    rewrite(3)
    assert found() == {(ROOM, 5, "anchor")}


def test_attack_3_entries_change_places(log):
    two, three = entry(2), entry(3)
    AuditEntry.objects.filter(pk=two.pk).update(seq=99)
    AuditEntry.objects.filter(pk=three.pk).update(seq=2)
    AuditEntry.objects.filter(pk=two.pk).update(seq=3)
    reasons = {(seq, reason) for _, seq, reason in found()}
    assert {(2, "link"), (3, "link"), (2, "hash"), (3, "hash"), (4, "link")} <= reasons


def test_attack_4_the_end_is_cut(log):
    AuditEntry.objects.filter(chain=ROOM, seq__gt=3).delete()
    last = entry(3)
    assert found() >= {(ROOM, 3, "head")}
    AuditHead.objects.filter(chain=ROOM).update(seq=3, hash=last.hash)
    assert found() == {(ROOM, 5, "anchor")}
    AuditAnchor.objects.all().delete()
    assert found() == set(), "whoever deletes the anchors as well is found only by what was mailed"
    assert found(heads=[log]) == {(ROOM, 5, "anchor")}


def test_attack_5_everything_is_written_anew(log):
    rewrite(what="nothing")
    assert found() == {(ROOM, 5, "anchor")}
    AuditAnchor.objects.all().delete()
    assert found() == set()
    assert found(heads=[log]) == {(ROOM, 5, "anchor")}


def test_attack_5_also_when_the_anchor_is_written_anew(log):
    rewrite(what="nothing")
    AuditAnchor.objects.update(hash=entry(5).hash)
    assert found() == {(ROOM, 5, "signature")}, "only who has the signing key could do better"
    AuditAnchor.objects.all().delete()
    anchor = AuditAnchor(
        chain=ROOM, seq=5, hash=entry(5).hash, created=now().replace(microsecond=0)
    )
    anchor.signature = signed_head(anchor.head("")).signature
    anchor.save()
    assert found() == set(), "the operator has it"
    assert found(heads=[log]) == {(ROOM, 5, "anchor")}, "but not the mails of the parties"


def test_a_whole_chain_that_is_gone_is_missed(log):
    AuditEntry.objects.filter(chain=ROOM).delete()
    assert found() == {(ROOM, 0, "head"), (ROOM, 5, "anchor")}
    AuditHead.objects.filter(chain=ROOM).delete()
    assert found() == {(ROOM, 5, "anchor")}
    assert {fault.reason for fault in verify(ROOM)} == {"anchor"}
    AuditAnchor.objects.all().delete()
    assert found(heads=[log]) == {(ROOM, 5, "anchor")}


def test_a_head_that_is_gone_is_missed(log):
    AuditHead.objects.filter(chain=ROOM).delete()
    assert found() == {(ROOM, 8, "head")}
    AuditHead.objects.filter(chain="room:8").delete()
    assert found() == {(ROOM, 8, "head"), ("room:8", 4, "head")}


def test_what_stands_beside_the_hashed_body_is_compared_too(log):
    AuditEntry.objects.filter(chain=ROOM, seq=2).update(action="tests.thing.else")
    AuditEntry.objects.filter(chain=ROOM, seq=4).update(created=now() - timedelta(days=3))
    assert found() == {(ROOM, 2, "columns"), (ROOM, 4, "columns")}


def test_a_body_of_another_kind_does_not_stop_the_check(log):
    for seq, body in ((1, ["no", "mapping"]), (2, {}), (3, 10**30), (4, "text"), (5, 1e21)):
        AuditEntry.objects.filter(chain=ROOM, seq=seq).update(
            body=body, hash=entry_hash("", seq, {"a": 1})
        )
    reasons = found()
    assert {(ROOM, seq, "hash") for seq in range(1, 6)} <= reasons
    row = entry(6)
    row.body = {**row.body, "created": 7}
    row.hash = entry_hash(row.prev_hash, 6, row.body)
    row.save()
    assert (ROOM, 6, "columns") in found()


def test_personal_data_may_be_erased_but_not_changed(log):
    row = AuditPersonal.objects.get(entry=entry(2))
    row.data = {"actor": "Dora"}
    row.save()
    assert found() == {(ROOM, 2, "personal")}
    AuditPersonal.objects.all().delete()
    assert found() == set()


def test_a_forged_head_is_told_from_a_true_one(log):
    other = replace(log, hash="ab" * 32)
    assert found(heads=[other]) == {(ROOM, 5, "anchor"), (ROOM, 5, "signature")}
    foreign = replace(log, key="cd" * 32)
    assert found(heads=[foreign]) == {(ROOM, 5, "signature")}
    nonsense = replace(log, key="zz" * 32, signature="xx")
    assert found(heads=[nonsense]) == {(ROOM, 5, "signature")}
    assert found(heads=[log, log]) == set()
    assert verify_all(heads=[log, log]).heads == 1


def test_a_head_read_out_needs_no_signature(log):
    assert found(heads=[bare_head(ROOM, 5, log.hash.upper())]) == set()
    assert found(heads=[bare_head(ROOM, 6, log.hash)]) == {(ROOM, 6, "anchor")}


def test_some_chains_are_checked_alone(log):
    entry(3).delete()
    assert verify_all(["room:8"]).faults == ()
    check = verify_all([ROOM])
    assert (check.chains, check.entries, check.anchors) == (1, 7, 1)
    assert {fault.reason for fault in check.faults} == {"number", "link"}
    with pytest.raises(LookupError, match="room:9"):
        verify_all(["room:9"])
    assert list(verify("room:9")) == []


def test_one_place_of_a_chain_has_one_head(log):
    assert anchored_head("room:8") == anchored_head("room:8")
    assert AuditAnchor.objects.filter(chain="room:8").count() == 1
    assert last_anchor(ROOM).seq == 5
    assert last_anchor("room:9") is None
    for read in (anchored_head, present_head):
        with pytest.raises(LookupError):
            read("room:9")
    assert present_head("room:8").hash == anchored_head("room:8").hash
    assert AuditAnchor.objects.filter(chain="room:8").count() == 1


def test_many_processes_find_the_same(log, monkeypatch):
    """Wherever the log is cut for several processes, each fault is found once and no other."""
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.fail("processes need a database file")
    for number in range(9, 14):
        write(3, chain=f"room:{number}")
    row = entry(7)
    row.body["data"]["what"] = "nothing"
    row.save()
    AuditEntry.objects.filter(chain="room:10", seq=2).delete()
    AuditEntry.objects.filter(chain="room:12", seq=3).delete()
    AuditHead.objects.filter(chain="room:13").delete()
    alone = verify_all(processes=1).faults
    assert len(alone) == 5
    cut = audit_check._segments
    for parts in (2, 3, 5, 7, 25, 26):
        segments = cut(AuditEntry.objects.count(), parts)
        pieces = [fault for part in segments for fault in audit_check._faults(part)]
        assert sorted(map(repr, pieces)) == sorted(map(repr, alone)), parts
    monkeypatch.setattr(audit_check, "WORTH_SPLITTING", 0)
    assert verify_all(processes=2).faults == alone
    assert verify_all().faults == alone
    with transaction.atomic():
        assert verify_all(processes=2).faults == alone


def test_sixteen_writers_on_one_chain_do_not_conflict():
    """R8: each writer gets its number; none is refused, none waits for ever."""
    write()
    barrier, errors = threading.Barrier(16, timeout=30), []

    def writer():
        try:
            connection.ensure_connection()
            barrier.wait()
            write(6)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=writer) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert errors == []
    assert AuditEntry.objects.filter(chain=ROOM).count() == 97
    assert verify_all().faults == ()


def test_sixteen_writers_begin_one_chain():
    """Also the first entry, when there is no head to wait for yet."""
    barrier, errors = threading.Barrier(16, timeout=30), []

    def writer():
        try:
            connection.ensure_connection()
            barrier.wait()
            write(1, chain="room:new")
        except Exception as error:  # noqa: BLE001 - the test looks at it
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=writer) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert errors == []
    assert verify_all(["room:new"]).entries == 16
    assert verify_all(["room:new"]).faults == ()


def test_checking_while_others_write_finds_nothing():
    """One statement sees one moment: an entry and its head are seen together or not at all."""
    write(3)
    stop, errors = threading.Event(), []

    def writer():
        try:
            while not stop.is_set():
                write(1)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        for _ in range(30):
            assert verify_all().faults == ()
    finally:
        stop.set()
        thread.join(timeout=30)
    assert errors == []


def test_faults_are_told_apart():
    assert ChainFault(ROOM, 1, "hash") != ChainFault(ROOM, 1, "link")
    assert re.fullmatch("[0-9a-f]{64}", personal_digest("00", {}))
