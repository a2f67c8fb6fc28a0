"""Notes about a partner, its state and its people: by page and by program, and never read by the partner."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.programme.cast import browser
from apps.programme.test_api import Program
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.programme.actions.notes import add_note
from mutualist.apps.programme.models import PartnerNote

SECRET = "They think of leaving for Grauwerk."


@pytest.fixture
def place(channel):
    return f"/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/"


def test_a_note_is_read_by_colleagues_and_never_by_the_partner(channel, place):
    anna, ben = browser(channel.cast.anna), browser(channel.cast.ben)
    sent = anna.post(f"{place}notes/", {"do": "add", "text": SECRET}, follow=True)
    assert SECRET in sent.content.decode()
    read = ben.get(place).content.decode()
    assert SECRET in read
    assert "note-text" not in read
    for page in (
        browser().get(channel.link()),
        browser(channel.cast.clara).get(f"/partner/{channel.tauwerk.uid}/"),
    ):
        assert page.status_code == 200
        assert SECRET not in page.content.decode()
    logged = AuditEntry.objects.filter(action="programme.note.added").get()
    assert logged.chain == channel.anna.chain
    assert SECRET not in str(logged.body)


def test_what_was_typed_is_kept_and_only_the_vendor_writes(channel, place):
    anna, ben = browser(channel.cast.anna), browser(channel.cast.ben)
    long = "x" * 2001
    answer = anna.post(f"{place}notes/", {"do": "add", "text": long})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert anna.post(f"{place}notes/", {"do": "add", "text": "  "}).status_code == 422
    for do in ("add", "remove"):
        assert ben.post(f"{place}notes/", {"do": do, "text": "a", "note": "1"}).status_code == 404
    assert anna.post(f"{place}notes/", {"do": "remove", "note": "9" * 19}).status_code == 404
    assert not PartnerNote.objects.exists()


def test_a_note_of_another_partner_is_not_removed(channel, place):
    other = add_note(standing=channel.anna, relation=channel.grauwerk, text="Theirs.")
    anna = browser(channel.cast.anna)
    gone = {"do": "remove", "note": other.pk}
    assert anna.post(f"{place}notes/", gone).status_code == 404
    assert PartnerNote.objects.filter(pk=other.pk).exists()
    assert (
        anna.post(
            place.replace(str(channel.tauwerk.uid), str(channel.grauwerk.uid)) + "notes/", gone
        ).status_code
        == 302
    )
    assert not PartnerNote.objects.exists()


def test_programs_note_read_and_remove(channel, place):
    anna, ben, clara, dora = (
        Program(getattr(channel.cast, one)) for one in ("anna", "ben", "clara", "dora")
    )
    made = anna.call("POST", f"{place}notes", {"text": SECRET})
    assert made.status_code == 201
    (told,) = ben.call("GET", f"{place}notes").json()
    assert (told["text"], told["id"]) == (SECRET, made.json()["id"])
    for other in (clara, dora):
        assert other.call("GET", f"{place}notes").status_code == 404
        assert other.call("POST", f"{place}notes", {"text": "a"}).status_code == 404
    assert anna.call("DELETE", f"{place}notes/{told['id']}").status_code == 204
    assert anna.call("DELETE", f"{place}notes/{told['id']}").status_code == 404
    assert anna.call("DELETE", f"{place}notes/{10**30}").status_code == 404


def test_programs_suspend_resume_and_end_and_the_partner_reads_why(channel):
    anna, clara, dora = (Program(getattr(channel.cast, one)) for one in ("anna", "clara", "dora"))
    address = f"/relations/{channel.tauwerk.uid}/state"
    assert anna.call("POST", address, {"step": "suspend"}).status_code == 422
    done = anna.call("POST", address, {"step": "suspend", "reason": "Invoices are open."})
    assert done.json()["state"] == "suspended"
    assert clara.call("GET", address).json()["reason"] == "Invoices are open."
    assert clara.call("POST", address, {"step": "resume"}).status_code == 404
    assert dora.call("GET", address).status_code == 404
    assert anna.call("POST", address, {"step": "suspend", "reason": "Again."}).status_code == 409
    assert anna.call("POST", address, {"step": "resume"}).json()["state"] in {
        "active",
        "onboarding",
    }
    assert (
        anna.call("POST", address, {"step": "end", "reason": "By contract."}).json()["state"]
        == "ended"
    )


def test_programs_of_both_sides_care_for_the_people(channel):
    anna, clara, dora = (Program(getattr(channel.cast, one)) for one in ("anna", "clara", "dora"))
    address = f"/relations/{channel.tauwerk.uid}/people"
    made = clara.call("POST", address, {"name": "Eve", "email": "eve@tauwerk.example"}).json()
    assert [one["name"] for one in anna.call("GET", address).json()] == ["Clara", "Eve"]
    one = f"{address}/{made['id']}"
    assert anna.call("POST", f"{one}/links").status_code == 204
    assert anna.call("GET", address).json()[1]["links"] == 1
    assert anna.call("DELETE", f"{one}/links").status_code == 204
    assert anna.call("GET", address).json()[1]["links"] == 0
    for path, method in ((address, "GET"), (one, "DELETE"), (f"{one}/links", "POST")):
        assert dora.call(method, path).status_code == 404
    assert anna.call("DELETE", one).status_code == 204
    assert anna.call("DELETE", f"{address}/{channel.contact.pk}").status_code == 422


def test_the_addresses_are_those_of_the_description(channel):
    assert reverse("api:move_partner", args=[channel.tauwerk.uid]).endswith("/state")
