"""The board at thousands of enquiries, and all open ones handed out at once as the preview showed it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.programme.cast import browser
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.enquiries.planning import plan_for
from mutualist.apps.programme.models import Relation

ROBOTS = Wish("DE", "89073", company="Müller", abilities=("Prüfstände",))


@pytest.fixture
def home(channel):
    return f"/programmes/{channel.programme.uid}/enquiries/"


def many(channel, count: int, **more) -> None:
    rows = [
        Enquiry(
            programme=channel.programme,
            source="api",
            country="DE",
            postal_code="89073",
            company=f"Firma {number:04}",
            abilities=["iot"],
            created_at=now() - timedelta(minutes=number),
            **more,
        )
        for number in range(count)
    ]
    Enquiry.objects.bulk_create(rows)


def shown(client, address, **asked):
    answer = client.get(address, asked)
    assert answer.status_code == 200, answer.content.decode()[:600]
    return answer.content.decode()


def test_thousands_are_counted_and_read_page_by_page(channel, home):
    many(channel, 2001, status="lost", relation=channel.tauwerk)
    many(channel, 3)
    anna = browser(channel.cast.anna)
    with CaptureQueriesContext(connection) as few:
        page = shown(anna, home)
    assert page.count("<article") == 20 + 3
    assert "2001" in page
    assert "All 2001" in page
    page = shown(anna, home, state="closed", page="41")
    assert "Page 41 of 41" in page
    assert page.count("<article") == 1
    assert "Firma 2000" in page
    many(channel, 500, status="won")
    with CaptureQueriesContext(connection) as more:
        shown(anna, home)
    assert len(more) == len(few), "as many questions for more enquiries"


def test_what_is_searched_is_what_is_left(channel, home):
    actions.enter(standing=channel.anna, wish=ROBOTS)
    made = actions.enter(
        standing=channel.anna, wish=Wish("DE", "24103", company="Kieler Werft", abilities=("iot",))
    )
    Relation.objects.filter(pk=channel.tauwerk.pk).update(abilities=["iot", "Prüfstände"])
    anna = browser(channel.cast.anna)

    def found(**asked) -> list[str]:
        return sorted(re.findall(r"· (Müller|Kieler Werft)</a>", shown(anna, home, **asked)))

    assert found() == ["Kieler Werft", "Müller"]
    assert found(search="werft 241") == ["Kieler Werft"]
    assert found(partner=str(made.relation.uid)) == ["Kieler Werft"]
    assert found(partner=str(channel.tauwerk.uid)) == []
    assert found(ability="Prüfstände") == ["Müller"]
    assert found(state="new", search="Müller") == ["Müller"]
    # What cannot be chosen leaves all of them, and is no fault of the page.
    assert found(partner="x") == ["Kieler Werft", "Müller"]


def test_all_open_ones_are_handed_out_as_the_preview_shows(channel, home):
    Relation.objects.filter(pk=channel.tauwerk.pk).update(capacity=2)
    many(channel, 4)
    actions.enter(standing=channel.anna, wish=ROBOTS)
    anna = browser(channel.cast.anna)
    page = shown(anna, f"{home}assign/")
    assert "4 enquiries find a partner. For 1 there is none." in " ".join(page.split())
    assert "At most 2 for one partner; 0 partners get none." in page
    assert "ability missing (2)" in page
    mark = re.search(r'name="mark" value="(\w+)"', page)[1]
    # Somebody else hands one out by hand: what was looked at is no longer what would be done.
    one = Enquiry.objects.filter(company="Firma 0003").get()
    actions.hand_to(standing=channel.anna, enquiry=one.uid, relation=channel.grauwerk.uid)
    late = anna.post(f"{home}assign/", {"mark": mark})
    assert late.status_code == 409
    assert "Look at the new preview" in late.content.decode()
    assert Enquiry.objects.filter(status="pending").count() == 1
    assert actions.hand_out_all(standing=channel.anna, mark=plan_for(channel.anna).mark) == 3
    with pytest.raises(ActionError, match="enquiry_plan"):
        actions.hand_out_all(standing=channel.anna, mark=mark)
    held = Enquiry.objects.filter(status="pending")
    assert sorted(held.values_list("relation", flat=True)) == sorted(
        [channel.tauwerk.pk] * 2 + [channel.grauwerk.pk] * 2
    )
    assert all(row.offers.get().why["weights"] for row in held)
    again = shown(anna, f"{home}assign/")
    assert "For the open enquiry there is no partner now" in again
    assert "Hand out as shown" not in again


def test_only_who_writes_for_the_vendor_hands_out(channel, home):
    many(channel, 1)
    mark = plan_for(channel.anna).mark
    for who in (channel.ben, channel.clara, channel.dora):
        with pytest.raises(NotAllowed):
            actions.hand_out_all(standing=who, mark=mark)
    for actor in (channel.cast.ben, channel.cast.clara, channel.cast.dora):
        assert browser(actor).post(f"{home}assign/", {"mark": mark}).status_code == 404
    assert Enquiry.objects.get().status == "received"


def test_the_board_offers_only_partners_with_an_enquiry(channel, home):
    many(channel, 1)
    anna = browser(channel.cast.anna)
    actions.hand_out_all(standing=channel.anna, mark=plan_for(channel.anna).mark)
    holder = Enquiry.objects.get().relation
    chosen = re.search(r'<select name="partner".*?</select>', shown(anna, home), re.DOTALL)[0]
    assert re.findall(r'value="([^"]+)"', chosen) == [str(holder.uid)]
