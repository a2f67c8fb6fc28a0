"""The pages of both sides, with an account and by a mailed link."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from apps.projects.steps import DOUBLE, MUELLER, OTHER, Play, fresh, protected, stored
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.core.signing import holds
from mutualist.apps.identity.models import User
from mutualist.apps.programme.public import make_link
from mutualist.apps.projects import actions
from mutualist.apps.projects.proofs import DOMAIN
from mutualist.domain.programme.registration import State
from mutualist.domain.shared.signing import signed_message

WRITTEN = {
    "name": "Müller Chemie GmbH",
    "country": "DE",
    "postal_code": "70173",
    "title": "40 pumps",
    "person": "Petra Geheim",
    "amount": "125.000,00",
    "currency": "EUR",
}


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_project_by_a_mailed_link_from_registration_to_won(play: Play) -> None:
    link = make_link(play.tauwerk.contacts.get(), to="projects/")
    guest = Client()
    assert guest.get(link).status_code == 200
    answer = guest.post(f"{link}new/", WRITTEN, follow=True)
    assert "The vendor answers by" in text(answer)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    (row,) = stored(play)
    assert row.state == State.SUBMITTED

    anna = signed_in(play.cast.anna)
    queue = f"/programmes/{play.anna.programme_uid}/projects/"
    assert "Müller Chemie GmbH" in text(anna.get(queue))
    page = anna.get(f"{queue}{row.uid}/")
    assert "No conflict" in text(page)
    assert "Geheim" not in text(page)
    done = anna.post(f"{queue}{row.uid}/", {"move": "approve", "seen": row.version}, follow=True)
    assert "Petra Geheim" in text(done)

    mail = OutboxMail.objects.get(to="clara@example.org")
    path = next(word for word in mail.text.split() if "/p/" in word).split("/p/")[1]
    own = guest.get(f"/p/{path}")
    assert "protected" in text(own)
    ics = guest.get(f"/p/{path}protection.ics").content.decode()
    assert f"DTSTART;VALUE=DATE:{fresh(play, row).protected_until:%Y%m%d}" in ics
    assert max(len(line.encode()) for line in ics.split("\r\n")) <= 75
    won = guest.post(f"/p/{path}", {"move": "win", "seen": fresh(play, row).version}, follow=True)
    assert "Congratulations" in text(won)
    assert fresh(play, row).state == State.WON


def test_both_registrants_read_the_same_page(play: Play) -> None:
    pages = []
    for relation in (play.tauwerk, play.grauwerk):
        link = make_link(relation.contacts.get(), to="projects/")
        answer = Client().post(f"{link}new/", WRITTEN, follow=True)
        page = text(answer)
        row = stored(play)[-1]
        for own in (
            relation.name,
            # Before the reference, which is its beginning in capitals, and may be all digits.
            str(row.uid),
            row.reference,
            link.split("/")[2],
            str(answer.context["csrf_token"]),
        ):
            page = page.replace(own, "")
        pages.append(
            [
                line
                for line in page.replace(">", ">\n").splitlines()
                if 'name="idempotency_key"' not in line
            ]
        )
    assert [row.claim is None for row in stored(play)] == [False, True]
    differing = [pair for pair in zip(*pages, strict=True) if pair[0] != pair[1]]
    # Only the form's own tokens and the minute of the registration may differ.
    assert all("csrf" in one or "value=" in one for one, _other in differing), differing


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(play: Play) -> None:
    clara = signed_in(play.cast.clara)
    wrong = {
        **WRITTEN,
        "postal_code": "7017",
        "vat": "DE136695967",
        "register": "HRB 1",
        "email": "x",
        "amount": "viel",
    }
    answer = clara.post(f"/partner/{play.tauwerk.uid}/projects/new/", wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "postal_code",
        "vat",
        "register",
        "email",
        "amount",
    }
    assert 'value="Petra Geheim"' in text(answer)
    assert not stored(play)
    assert "once more" in text(answer)


def test_a_customer_registered_already_is_one_click_away(play: Play) -> None:
    mine = actions.register(standing=play.clara, content=MUELLER)
    clara = signed_in(play.cast.clara)
    own = f"/partner/{play.tauwerk.uid}/projects/"
    answer = clara.post(f"{own}new/", WRITTEN | {"name": mine.customer, "domain": mine.domain})
    assert answer.status_code == 422
    assert f'href="{own}{mine.uid}/"' in text(answer)
    assert len(stored(play)) == 1


def test_a_refusal_stands_in_the_form_with_what_was_typed(play: Play) -> None:
    protected(play)
    second = actions.register(standing=play.dora, content=DOUBLE)
    anna = signed_in(play.cast.anna)
    address = f"/programmes/{play.anna.programme_uid}/projects/{second.uid}/"
    page = anna.get(address)
    assert "the same customer" in text(page)
    answer = anna.post(
        address, {"move": "approve", "note": "My long words", "seen": second.version}
    )
    assert answer.status_code == 422
    assert "My long words" in text(answer)
    assert "Say first whether these are two customers" in text(answer)
    late = anna.post(address, {"move": "take_up", "seen": "77"})
    assert late.status_code == 422
    assert "changed elsewhere" in text(late)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lists_are_tables_as_well(play: Play, kind: str) -> None:
    protected(play)
    actions.register(standing=play.dora, content=OTHER)
    anna, clara = signed_in(play.cast.anna), signed_in(play.cast.clara)
    vendors = anna.get(f"/programmes/{play.anna.programme_uid}/projects/?format={kind}")
    own = clara.get(f"/partner/{play.tauwerk.uid}/projects/?format={kind}")
    assert vendors.headers["Content-Disposition"].endswith(f'.{kind}"')
    if kind == "csv":
        assert vendors.content.decode().count("Schmidt Wärme AG") == 1
        assert "Schmidt" not in own.content.decode()
        assert "Müller Chemie GmbH" in own.content.decode()


def test_the_record_is_signed_and_says_when(play: Play) -> None:
    row = protected(play)
    clara = signed_in(play.cast.clara)
    proof = json.loads(
        clara.get(f"/partner/{play.tauwerk.uid}/projects/{row.uid}/proof.json").content
    )
    assert [step["move"] for step in proof["steps"]] == ["submit", "approve"]
    assert holds(proof["key"], signed_message(DOMAIN, proof), proof["signature"])
    proof["steps"][0]["at"] = "2020-01-01T00:00:00+00:00"
    assert not holds(proof["key"], signed_message(DOMAIN, proof), proof["signature"])


def test_rules_are_saved_and_hold_for_what_comes(play: Play) -> None:
    old = actions.register(standing=play.clara, content=MUELLER)
    anna = signed_in(play.cast.anna)
    address = f"/programmes/{play.anna.programme_uid}/projects/rules/"
    given = {
        **anna.get(address).context["form"].initial,
        "version": "2027",
        "period_days": 30,
        "seen": 0,
    }
    given["customer_decides"] = "on"
    assert anna.post(address, {**given, "remind_hours": 100}).status_code == 422
    assert anna.post(address, given).status_code == 302
    assert anna.post(address, given).status_code == 422, "somebody saved in between"
    new = actions.register(standing=play.dora, content=OTHER)
    assert (old.rules["period_days"], new.rules["period_days"]) == (90, 30)


def test_the_partner_page_shows_its_projects(play: Play) -> None:
    protected(play)
    own = signed_in(play.cast.clara).get(f"/partner/{play.tauwerk.uid}/")
    assert "Müller Chemie GmbH" in text(own)
    vendors = signed_in(play.cast.anna).get(
        f"/programmes/{play.anna.programme_uid}/partners/{play.tauwerk.uid}/"
    )
    assert "Müller Chemie GmbH" in text(vendors)
    rival = signed_in(play.cast.dora).get(f"/partner/{play.grauwerk.uid}/")
    assert "Müller" not in text(rival)


def test_a_draft_is_seen_by_the_partner_alone(play: Play) -> None:
    clara, anna = signed_in(play.cast.clara), signed_in(play.cast.anna)
    base = f"/partner/{play.tauwerk.uid}/projects/"
    clara.post(f"{base}new/", {**WRITTEN, "draft": "1"})
    (row,) = stored(play)
    queue = f"/programmes/{play.anna.programme_uid}/projects/"
    assert anna.get(f"{queue}{row.uid}/").status_code == 404
    assert "Müller" not in text(anna.get(f"{queue}?view="))
    changed = clara.post(f"{base}{row.uid}/edit/", {**WRITTEN, "title": "50 pumps", "seen": 1})
    assert changed.status_code == 302
    clara.post(f"{base}{row.uid}/", {"move": "submit", "seen": 2})
    assert "50 pumps" in text(anna.get(f"{queue}{row.uid}/"))
    assert clara.get(f"{base}{row.uid}/edit/").status_code == 404, "locked"
