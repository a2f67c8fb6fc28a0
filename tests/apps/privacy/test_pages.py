"""What people see: their data, two steps to erase, a link without an account, the end of a firm."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.rooms.cast import (
    Cast,
    come_in,
    convened_room,
    fill,
    fresh,
    invite_clara,
    mails_to,
    open_two_sided,
    opened_room,
    room_of_two,
)
from mutualist.apps.core.audit import verify
from mutualist.apps.core.models import AuditEntry, AuditPersonal
from mutualist.apps.identity.models import Membership, Organisation, User
from mutualist.apps.privacy import proofs
from mutualist.apps.privacy.organisations import end_due
from mutualist.apps.privacy.texts import blocks_of
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.models import Answerer, Room

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://\S+(/privacy/proof/\S+)")


def browser(actor: Any) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def document_in(answer: Any) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("person.pdf").startswith(b"%PDF")
        assert b"Ihre Daten" in archive.read("README.txt")
        return json.loads(archive.read("person.json"))


def test_the_copy_holds_own_answers_and_nobody_elses(cast: Cast) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, {"1.1": "Own words of Anna by 2029."})
    fill(cast.clara, room, {"1.1": "Secret words of Clara by 2031."})
    answer = browser(cast.anna).post(reverse("privacy:download"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    document = document_in(answer)
    assert document["answers"][0]["answers"]["1.1"] == "Own words of Anna by 2029."
    text = json.dumps(document)
    for foreign in (
        "Secret words",
        "clara@example.org",
        "Clara",
        "ben@example.org",
        "pbkdf2",
    ):
        assert foreign not in text, foreign
    assert "Nordwerk Pumpen AG" in document["recipients"]
    assert browser(cast.dora).post(reverse("privacy:download")).status_code == 200


def test_who_lost_the_seat_gets_no_answers(cast: Cast) -> None:
    room, ida, _paul = convened_room(cast)
    fill(ida, room, {"1.1": "Words of the firm by 2029."})
    person = Answerer.objects.get(room=room, email="ida@firm.test")
    token = proofs.token_for("ida@firm.test")
    path = reverse("privacy:proof_download", args=[token])
    assert document_in(Client().post(path))["answers"]
    actions.revoke_link(actor=cast.greta, room=room, answerer_id=person.pk)
    assert document_in(Client().post(path))["answers"] == []


def test_a_password_is_asked_again(cast: Cast) -> None:
    user = User.objects.get(pk=cast.anna.user_id)
    user.set_password("correct horse battery staple")
    user.save()
    client = browser(cast.anna)
    for name, method in (
        ("mine", "get"),
        ("download", "post"),
        ("erase", "get"),
        ("erase", "post"),
    ):
        answer = getattr(client, method)(reverse(f"privacy:{name}"), {"email": "anna@example.org"})
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate")), name
    assert User.objects.filter(pk=user.pk).exists()
    assert (
        Client()
        .post(reverse("privacy:download"))
        .headers["Location"]
        .startswith("/accounts/login/")
    )


def test_erasing_takes_two_steps_and_the_own_address(cast: Cast) -> None:
    Membership.objects.filter(user=cast.ben.user_id).update(role="owner")
    client = browser(cast.anna)
    room = room_of_two(cast)
    path = reverse("privacy:erase")
    first = client.get(path).content.decode()
    assert "PumpenPuls" in first
    assert '<form method="post" action="/account/data/erase/"' not in first
    second = client.get(path + "?sure=yes").content.decode()
    assert "Erase for good?" in second
    wrong = client.post(path, {"email": "clara@example.org"})
    assert wrong.status_code == 422
    assert User.objects.filter(pk=cast.anna.user_id).exists()
    done = client.post(path, {"email": " Anna@Example.org "})
    assert done.headers["Location"] == reverse("privacy:gone")
    assert client.get(done.headers["Location"]).status_code == 200
    assert not User.objects.filter(pk=cast.anna.user_id).exists()
    assert client.get(reverse("privacy:mine")).status_code == 302, "signed out"
    told = mails_to("ben@example.org")[-1]
    assert room.name in told.subject
    assert "Anna" not in told.subject + told.text + told.html


def test_the_last_owner_with_members_is_asked_to_hand_over(cast: Cast) -> None:
    client = browser(cast.anna)
    assert "Nordwerk" in client.get(reverse("privacy:erase")).content.decode()
    answer = client.post(reverse("privacy:erase"), {"email": "anna@example.org"})
    assert answer.status_code == 422
    assert "last owner of Nordwerk" in answer.content.decode()
    assert User.objects.filter(pk=cast.anna.user_id).exists()


def test_without_an_account_a_mailed_link_is_the_proof(cast: Cast, monkeypatch: Any) -> None:
    room, _ida, paul = convened_room(cast)
    client = Client()
    path = reverse("privacy:ask")
    known = client.post(path, {"email": "Ida@firm.test"})
    unknown = client.post(path, {"email": "nobody@firm.test"})
    strip = re.compile(
        r'(name="csrfmiddlewaretoken" |name="\w+_key" )?value="[^"]+"|"X-CSRFToken": "\w+"'
    )
    plain = [strip.sub("", page.content.decode()) for page in (known, unknown)]
    assert plain[0] == plain[1], "nobody learns who is known"
    assert not LINK.search(mails_to("nobody@firm.test")[-1].text)
    found = LINK.search(mails_to("Ida@firm.test")[-1].text)
    assert found
    assert "ida" not in found[1].lower().split("proof/")[1], "the link does not name the address"
    page = client.get(found[1])
    assert page.status_code == 200
    assert "PumpenPuls" in page.content.decode()
    erase = found[1] + "erase/"
    assert client.post(erase, {"email": "paul@firm.test"}).status_code == 422
    assert client.post(erase, {"email": "ida@firm.test"}).status_code == 302
    assert not Answerer.objects.filter(room=room, email="ida@firm.test").exists()
    assert Answerer.objects.filter(room=room, email="paul@firm.test").exists()
    assert queries.get_room(paul, room.uid)
    later = timezone.now() + timedelta(seconds=3601)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.get(found[1]).status_code == 410
    for place in ("proof", "proof_download", "proof_erase"):
        path = reverse(f"privacy:{place}", args=["nonsense"])
        answer = client.post(path) if place == "proof_download" else client.get(path)
        assert answer.status_code == 410
        assert f'href="{reverse("privacy:ask")}"' in answer.content.decode(), "the way to a new one"


def test_a_link_is_no_way_around_the_proofs_of_an_account(cast: Cast) -> None:
    token = proofs.token_for("anna@example.org")
    client = Client()
    for name, method in (("proof", "get"), ("proof_download", "post"), ("proof_erase", "post")):
        answer = getattr(client, method)(
            reverse(f"privacy:{name}", args=[token]), {"email": "anna@example.org"}
        )
        assert "There is an account" in answer.content.decode(), name
    assert User.objects.filter(pk=cast.anna.user_id).exists()


def test_nobody_outside_sits_down_on_answers_of_an_erased_person(cast: Cast) -> None:
    """The host must not reach a party's sealed answers through the place of somebody who is gone."""
    from mutualist.apps.core.errors import ActionError, NotAllowed
    from mutualist.apps.privacy.erasing import erase
    from mutualist.apps.privacy.people import person_of_mail

    room, ida, paul = convened_room(cast)
    for guest in (ida, paul):
        fill(guest, room, {"1.4": "gt3"})
        actions.seal_sheet(actor=guest, room=room, confirm_open_items=True)
    for guest in (ida, paul):
        actions.press_open(actor=guest, room=room)
    erase(person_of_mail("ida@firm.test"))
    actions.start_round(actor=paul, room=fresh(room))
    with pytest.raises(ActionError, match="seat_taken"):
        actions.invite_answerer(
            actor=cast.greta, room=fresh(room), seat="A", name="X", email="x@y.test", language="en"
        )
    with pytest.raises(NotAllowed):
        queries.draft_sheet(ida, fresh(room))


def test_an_empty_party_can_be_invited_anew_before_it_has_sealed(cast: Cast) -> None:
    from mutualist.apps.privacy.erasing import erase
    from mutualist.apps.privacy.people import person_of_mail

    room, ida, _paul = convened_room(cast)
    fill(ida, room, {"1.1": "Words of Ida by 2029."})
    erase(person_of_mail("ida@firm.test"))
    invitation = actions.invite_answerer(
        actor=cast.greta,
        room=fresh(room),
        seat="A",
        name="New",
        email="new@firm.test",
        language="en",
    )
    new = come_in(invitation)
    assert queries.draft_sheet(new, fresh(room)).answers == {}


def test_an_organisation_alone_goes_at_once(cast: Cast) -> None:
    open_two_sided(cast)
    path = reverse("privacy:end_organisation", args=[cast.nordwerk.uid])
    client = browser(cast.anna)
    assert client.get(path).status_code == 200
    assert client.post(path, {"name": "Grauwerk"}).status_code == 422
    done = client.post(path, {"name": "nordwerk  pumpen ag"})
    assert done.status_code == 302
    assert not Organisation.objects.filter(pk=cast.nordwerk.pk).exists()
    assert not Room.objects.exists()
    assert not AuditPersonal.objects.filter(
        entry__chain=f"organisation:{cast.nordwerk.pk}"
    ).exists()
    assert browser(cast.ben).get(path).status_code == 404


def test_others_are_told_and_keep_the_result(cast: Cast, monkeypatch: Any) -> None:
    opened = opened_room(cast)
    running = open_two_sided(cast)
    come_in(invite_clara(cast, running), cast.clara)
    before = queries.export_room(cast.clara, opened)
    path = reverse("privacy:end_organisation", args=[cast.nordwerk.uid])
    client = browser(cast.anna)
    client.post(path, {"name": "Nordwerk Pumpen AG"})
    assert Organisation.objects.filter(pk=cast.nordwerk.pk).exists()
    said = [m.subject for m in mails_to("clara@example.org") if "Nordwerk Pumpen AG" in m.subject]
    assert len(said) == 2, "once for each room"
    assert end_due() == 0
    client.post(reverse("privacy:keep_organisation", args=[cast.nordwerk.uid]))
    later = timezone.now() + timedelta(days=31)
    client.post(path, {"name": "Nordwerk Pumpen AG"})
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert end_due() == 1
    assert not Room.objects.filter(pk=running.pk).exists()
    assert fresh(opened).state == "closed"
    assert queries.export_room(cast.clara, fresh(opened)) == before
    left = Organisation.objects.get(pk=cast.nordwerk.pk)
    assert (left.name, left.memberships.count()) == ("deleted organisation", 0)
    for chain in AuditEntry.objects.values_list("chain", flat=True).distinct():
        assert list(verify(chain)) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_information_says_what_is_kept(language: str, settings: Any, tmp_path: Any) -> None:
    client = Client()
    client.cookies["django_language"] = language
    settings.MUTUALIST_CONTROLLER = "Musterfirma GmbH, Musterstraße 1"
    page = client.get(reverse("privacy:information")).content.decode()
    assert "Musterfirma GmbH" in page
    assert ("30 Tage" if language == "de" else "30 days") in page
    assert page.count("<tr>") > 20
    own = "# Own\n\nOur <b>words</b>.\n\n- one\n- two\n"
    (tmp_path / f"privacy.{language}.md").write_text(own, encoding="utf-8")
    settings.MUTUALIST_PRIVACY_TEXT = str(tmp_path)
    page = client.get(reverse("privacy:information")).content.decode()
    assert "<h2>Own</h2>" in page
    assert "&lt;b&gt;words" in page
    assert "<li>one</li>" in page
    assert "Musterfirma" not in page
    assert [block.kind for block in blocks_of(own)] == ["heading", "paragraph", "list"]


def test_the_hashed_part_of_the_log_names_nobody(cast: Cast) -> None:
    """What enters the chain can never be erased, so no name and no address may stand there."""
    room = opened_room(cast)
    actions.add_colleague(
        actor=cast.anna, room=room_of_two(cast), name="Jonas", email="jonas@n.test", language="de"
    )
    actions.agree_binding(actor=cast.anna, room=room, text="We bind ourselves.")
    said = json.dumps(list(AuditEntry.objects.values_list("body", flat=True))).casefold()
    assert len(said) > 5_000
    for word in ("anna", "ben", "clara", "dora", "greta", "jonas", "example.org", "n.test", "@"):
        assert not re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", said), word
