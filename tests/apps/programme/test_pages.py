"""The pages of a programme open for those they are for, and say what is wrong with what is typed."""

from __future__ import annotations

from datetime import date

import pytest

from apps.programme.cast import RULES, browser
from mutualist.apps.core.audit import verify
from mutualist.apps.programme.models import Programme, Relation, RuleSetVersion


def test_the_vendor_opens_every_page(channel):
    anna = browser(channel.cast.anna)
    home = f"/programmes/{channel.programme.uid}/"
    for path in (
        "/programmes/",
        "/programmes/new/",
        home,
        f"{home}partners/new/",
        f"{home}partners/{channel.tauwerk.uid}/",
        f"{home}rules/",
    ):
        assert anna.get(path).status_code == 200, path


def test_a_partner_sees_the_same_page_with_an_account_and_by_link(channel):
    account = browser(channel.cast.clara).get(f"/partner/{channel.tauwerk.uid}/")
    link = browser().get(channel.link())
    for answer in (account, link):
        assert answer.status_code == 200
        assert b"Tauwerk GmbH" in answer.content
        assert b"Grauwerk" not in answer.content


def test_programmes_stand_side_by_side(channel):
    page = browser(channel.cast.clara).get("/programmes/").content.decode()
    assert f"/partner/{channel.tauwerk.uid}/" in page
    assert str(channel.programme.uid) not in page


def test_a_programme_begins_with_rules_of_ours(cast):
    anna = browser(cast.anna)
    answer = anna.post(
        "/programmes/new/",
        {
            "organisation": str(cast.nordwerk.uid),
            "name": "Second",
            "preset": "odoo-2023-05",
            "since": "2026-01-01",
            "language": "en",
        },
    )
    assert answer.status_code == 302
    assert Programme.objects.get().rule_sets.get().content.startswith("#")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("levels: [", "line 1"),
        ("schema: programme/1", "&#x27;id&#x27; is missing"),
        ("", "Write the rules"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_with_a_reason(cast, rules, said):
    answer = browser(cast.anna).post(
        "/programmes/new/",
        {
            "organisation": str(cast.nordwerk.uid),
            "name": "Second",
            "preset": "own",
            "own_rules": rules,
            "language": "en",
        },
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Programme.objects.exists()


def test_new_rules_end_the_old_ones_the_day_before(channel):
    anna = browser(channel.cast.anna)
    home = f"/programmes/{channel.programme.uid}/rules/"
    answer = anna.post(home, {"rules": RULES, "since": "2027-01-01", "note": "as before"})
    assert answer.status_code == 302
    newest, first = RuleSetVersion.objects.order_by("-since")
    assert (newest.number, first.until) == (2, date(2026, 12, 31))
    again = anna.post(home, {"rules": RULES, "since": "2026-06-01"})
    assert again.status_code == 422
    assert "2027-01-01" in again.content.decode()
    assert RuleSetVersion.objects.count() == 2
    assert not list(verify(f"programme:{channel.programme.pk}"))


def test_a_partner_is_added_with_a_person(channel):
    anna = browser(channel.cast.anna)
    form = {
        "name": "Dreiwerk GmbH",
        "country": "AT",
        "postal_code": "1010",
        "abilities": "iot, ai",
        "contact_name": "Eve",
        "contact_email": "eve@dreiwerk.example",
    }
    assert anna.post(f"/programmes/{channel.programme.uid}/partners/new/", form).status_code == 302
    made = Relation.objects.get(name="Dreiwerk GmbH")
    assert made.abilities == ["iot", "ai"]
    assert made.contacts.get().email == "eve@dreiwerk.example"


def test_a_number_of_a_partner_is_given_once(channel):
    anna = browser(channel.cast.anna)
    form = {"name": "Dreiwerk GmbH", "country": "DE", "external_id": "P-1"}
    answer = anna.post(f"/programmes/{channel.programme.uid}/partners/new/", form)
    assert answer.status_code == 422
    assert "P-1" in answer.content.decode()
    assert Relation.objects.count() == 2
