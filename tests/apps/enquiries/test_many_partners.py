"""An enquiry in a programme of thousands of partners: one is looked for, not chosen from a list of all."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.programme.cast import browser
from mutualist.apps.enquiries.forms import MOST_LISTED
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.public import cards_of_programme, partner_cards

MANY = 400


@pytest.fixture
def home(channel):
    return f"/programmes/{channel.programme.uid}/enquiries/"


@pytest.fixture
def far(channel) -> list[Relation]:
    return Relation.objects.bulk_create(
        Relation(
            programme=channel.programme,
            name=f"Firma {number:04}",
            external_id=f"K{number}",
            country="DE",
            postal_code="20095" if number % 2 else "89073",
            place="Hamburg" if number % 2 else "Ulm",
            abilities=["iot"] if number < 100 else [],
            languages=["de"],
        )
        for number in range(MANY)
    )


def shown(client, address, status=200, **asked) -> str:
    answer = client.get(address, asked, headers={"accept-language": "en"})
    assert answer.status_code == status, answer.content.decode()[:600]
    return answer.content.decode()


def entered(channel, home) -> Enquiry:
    sent = {"country": "DE", "postal_code": "89073", "ability": "iot", "company": "Müller"}
    assert browser(channel.cast.anna).post(f"{home}new/", sent).status_code == 302
    return Enquiry.objects.get()


def test_a_partner_of_many_is_looked_for_without_javascript(channel, home, far):
    anna, made = browser(channel.cast.anna), entered(channel, home)
    page = f"{home}{made.uid}/"
    first = shown(anna, page)
    assert len(first) < 100_000
    assert first.count("<option") <= MOST_LISTED + 20
    assert "Firma 0000" in first, "near"
    assert "Firma 0001" not in first, "far away"
    found = shown(anna, page, find="hamburg 0333")
    assert str(far[333].uid) in found
    assert str(far[335].uid) not in found
    assert str(far[7].uid) in shown(anna, page, find="K7")
    many = shown(anna, page, find="2009")
    assert "The list below has the first 50 of 201" in many, "Grauwerk is there too"
    assert "No active partner fits" in shown(anna, page, find="nobody")
    hand = {"move": "hand", "relation": str(far[333].uid), "seen": made.version}
    assert anna.post(page, hand).status_code == 302
    assert Enquiry.objects.get().relation_id == far[333].pk


def test_who_is_looked_for_is_of_this_programme_and_takes_part(channel, home, far):
    anna, made = browser(channel.cast.anna), entered(channel, home)
    page = f"{home}{made.uid}/"
    Relation.objects.filter(pk=far[5].pk).update(state="ended")
    assert str(far[5].uid) not in shown(anna, page, find="K5")
    for wrong in (str(far[5].uid), "x", str(channel.programme.uid)):
        hand = {"move": "hand", "relation": wrong, "seen": Enquiry.objects.get().version}
        answer = anna.post(page, hand)
        assert answer.status_code in {400, 422}, answer.status_code
        assert "no active partner" in answer.content.decode()
    assert shown(browser(channel.cast.dora), page, status=404, find="K5")


def test_few_partners_are_chosen_from_a_list_of_all(channel, home):
    page = shown(browser(channel.cast.anna), f"{home}{entered(channel, home).uid}/", find="x")
    assert 'name="find"' not in page


def test_those_who_cannot_are_counted_with_what_they_lack(channel, home, far):
    made = entered(channel, home)
    page = shown(browser(channel.cast.anna), f"{home}{made.uid}/")
    assert "partners can't: ability missing (" in page or "partners can&#x27;t: ability" in page
    why = made.offers.get().why
    assert f"{why['able'] - len(why['beside']) - 1} more could serve it." in page


def test_the_board_looks_for_the_holder_by_name_where_many_hold_one(channel, home, far):
    Enquiry.objects.bulk_create(
        Enquiry(
            programme=channel.programme,
            country="DE",
            postal_code="89073",
            company=f"Kunde {number}",
            status="pending",
            relation=one,
        )
        for number, one in enumerate(far)
    )
    anna = browser(channel.cast.anna)
    page = shown(anna, home)
    assert "Firma 0399</option>" not in page
    assert 'name="partner"' in page
    one = shown(anna, home, partner="firma 0042")
    assert "Kunde 42" in one
    assert one.count("<article") == 1
    assert shown(anna, home, partner=str(far[42].uid)).count("<article") == 1
    assert "Kunde 42" not in shown(anna, home, partner="nobody")


def test_handing_out_all_asks_no_more_of_many_partners(channel, home):
    entered(channel, home)
    Enquiry.objects.update(status="received", relation=None)
    Relation.objects.update(abilities=[])
    anna = browser(channel.cast.anna)
    shown(anna, f"{home}assign/")
    with CaptureQueriesContext(connection) as few:
        assert "there is no partner now" in shown(anna, f"{home}assign/")
    Relation.objects.bulk_create(
        Relation(programme=channel.programme, name=f"Firm {at}", country="DE", abilities=["iot"])
        for at in range(MANY)
    )
    with CaptureQueriesContext(connection) as many:
        assert "<strong>Firm" in shown(anna, f"{home}assign/")
    assert 0 < len(many) == len(few) < 30


def test_lists_of_a_card_are_those_of_its_row_whatever_stands_in_them(channel):
    odd = [[], ["iot"], ["iot", "ai"], ["ai", "iot"], ['Prüf"stände\\', "a, b", "\u2028", "[]", ""]]
    Relation.objects.bulk_create(
        Relation(
            programme=channel.programme,
            name=f"Firm {at}",
            country="DE",
            abilities=odd[at % 5],
            languages=odd[at // 5 % 5],
            areas=odd[at // 25],
        )
        for at in range(125)
    )
    rows = Relation.objects.in_bulk()
    for cards in (cards_of_programme(channel.programme.pk), partner_cards(channel.anna)):
        assert len(cards) == len(rows) == 127
        for card in cards:
            row = rows[card.id]
            stored = (row.abilities, row.languages, row.areas)
            assert (card.abilities, card.languages, card.areas) == tuple(map(tuple, stored))
