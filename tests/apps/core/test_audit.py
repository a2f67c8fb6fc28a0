from __future__ import annotations

import json

import pytest
from django.db import connection, transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import ActionKind, kinds, record, register, timeline, verify
from mutualist.apps.core.models import AuditEntry, AuditHead, AuditPersonal, OutboxMail

pytestmark = pytest.mark.django_db

register(ActionKind("tests.thing.done", "{actor} did {what} for {person}.", "room"))
ANNA = Actor("user", name="Anna Arndt")


def write(count: int = 1, chain: str = "room:1") -> list[AuditEntry]:
    thing = OutboxMail(pk=7)
    with transaction.atomic():
        return [
            record(
                "tests.thing.done",
                actor=ANNA,
                obj=thing,
                chain=chain,
                data={"what": f"step {n}"},
                personal={"person": "Clara"},
            )
            for n in range(count)
        ]


def faults(chain: str = "room:1") -> list[tuple[int, str]]:
    return [(fault.seq, fault.reason) for fault in verify(chain)]


def test_entries_form_a_chain_that_verifies() -> None:
    first, second, third = write(3)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert second.prev_hash == first.hash
    assert AuditHead.objects.get(chain="room:1").hash == third.hash
    assert faults() == []


def test_chains_are_independent() -> None:
    write(2)
    (other,) = write(1, chain="room:2")
    assert other.seq == 1
    assert other.prev_hash == ""


def test_a_changed_body_is_found() -> None:
    write(3)
    entry = AuditEntry.objects.get(chain="room:1", seq=2)
    entry.body["data"]["what"] = "something else"
    entry.save()
    assert faults() == [(2, "hash")]


def test_a_deleted_entry_is_found() -> None:
    write(3)
    AuditEntry.objects.filter(chain="room:1", seq=2).delete()
    assert (3, "number") in faults()
    assert (3, "link") in faults()


def test_a_cut_tail_is_found_by_the_head() -> None:
    write(3)
    AuditEntry.objects.filter(chain="room:1", seq=3).delete()
    assert faults() == [(2, "head")]


def test_swapped_entries_are_found() -> None:
    write(3)
    one, two = AuditEntry.objects.filter(chain="room:1", seq__in=[1, 2]).order_by("seq")
    one.body, two.body = two.body, one.body
    one.save()
    two.save()
    assert {seq for seq, _ in faults()} >= {1, 2}


def test_changed_personal_data_is_found_and_erased_personal_data_still_verifies() -> None:
    entry, _ = write(2)
    row = AuditPersonal.objects.get(entry=entry)
    row.data = {**row.data, "person": "Dora"}
    row.save()
    assert faults() == [(1, "personal")]
    row.delete()
    assert faults() == []


def test_the_hashed_body_holds_no_personal_data() -> None:
    (entry,) = write()
    assert "Anna" not in json.dumps(entry.body)
    assert "Clara" not in json.dumps(entry.body)


def test_the_timeline_reads_as_sentences_and_survives_erasure() -> None:
    write(2)
    found = timeline("room:1", audiences=["room"])
    assert found[0].sentence == "Anna Arndt did step 1 for Clara."
    AuditPersonal.objects.all().delete()
    assert timeline("room:1", audiences=["room"])[0].sentence == "… did step 1 for …."
    assert timeline("room:1", audiences=["host"]) == []


def test_a_timeline_leaves_out_what_somebody_did_and_names_what_it_does_not_know() -> None:
    (entry,) = write()
    assert kinds()["tests.thing.done"].audience == "room"
    assert timeline("room:1", audiences=["room"], but_by=99)[0].chain == "room:1"
    AuditEntry.objects.filter(pk=entry.pk).update(action="tests.thing.forgotten")
    assert timeline("room:1", audiences=["room"])[0].sentence == "tests.thing.forgotten"


def test_a_refused_action_leaves_no_entry() -> None:
    class Refused(Exception): ...

    def refuse() -> None:
        with transaction.atomic():
            record("tests.thing.done", actor=ANNA, obj=OutboxMail(pk=1), chain="room:1")
            raise Refused

    with pytest.raises(Refused):
        refuse()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record("tests.thing.done", actor=ANNA, obj=OutboxMail(pk=1), chain="room:1")


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(KeyError), transaction.atomic():
        record("tests.thing.unknown", actor=ANNA, obj=OutboxMail(pk=1), chain="room:1")


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        register(ActionKind("tests.thing.done", "another sentence", "room"))
