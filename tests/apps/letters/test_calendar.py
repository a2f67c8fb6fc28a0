"""Calendars: read by a secret address, one's own days only, revocable, ended with the right to see the programme."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from icalendar import Calendar

from apps.programme.cast import browser
from mutualist.apps.core.clock import stopped_at
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.identity.models import Membership
from mutualist.apps.letters import notices
from mutualist.apps.letters.actions import MOST_FEEDS, make_feed, revoke_feed
from mutualist.apps.letters.calendars import calendar_of
from mutualist.apps.letters.models import Feed
from mutualist.apps.programme.models import FactRow, Relation

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def day():
    with stopped_at(NOON):
        yield


@pytest.fixture
def busy(channel):
    """Both partners have something that ends: a level, and an enquiry to be answered."""
    for relation in (channel.tauwerk, channel.grauwerk):
        FactRow.objects.create(
            relation=relation,
            table="sales",
            external_id="S-1",
            day=dt.date(2026, 2, 10),
            values={"day": "2026-02-10", "customer": "Alpha", "amount": "60000"},
        )
        enquiry = Enquiry.objects.create(
            programme=channel.programme, source="hand", country="DE", postal_code="70173"
        )
        Offer.objects.create(
            enquiry=enquiry, relation=relation, number=1, due_at=NOON + dt.timedelta(days=2)
        )
    notices.run()
    return channel


def events(token):
    read = Calendar.from_ical(calendar_of(token))
    return {
        str(one["uid"]): (one["dtstart"].dt, str(one["summary"])) for one in read.walk("VEVENT")
    }


def test_a_partner_has_its_own_days_and_none_of_a_rival(busy):
    found = events(make_feed(standing=busy.clara))
    said = sorted(found.values())
    assert said == [
        (dt.date(2026, 11, 25), "Answer an enquiry from DE 70173"),
        (dt.date(2027, 2, 10), "Silver is lost if nothing happens"),
    ]
    rival = events(make_feed(standing=busy.dora))
    assert not rival.keys() & found.keys()


def test_the_vendor_has_the_days_of_all_by_name_and_the_reviews(busy):
    said = sorted(events(make_feed(standing=busy.anna)).values())
    assert (dt.date(2027, 2, 10), "Grauwerk AG: Silver is lost if nothing happens") in said
    assert (dt.date(2026, 11, 25), "Tauwerk GmbH answers an enquiry from DE 70173") in said
    assert (dt.date(2027, 1, 1), "Review of levels") in said
    page = browser(busy.cast.anna).get(f"/programmes/{busy.programme.uid}/calendar/")
    offer = Offer.objects.filter(relation=busy.tauwerk).get()
    address = f"/programmes/{busy.programme.uid}/enquiries/{offer.enquiry.uid}/"
    assert f'href="{address}"' in page.content.decode()


def test_what_runs_out_stands_in_it(channel):
    from apps.letters.rules import begin_with_certificates

    relation = begin_with_certificates(channel)
    text = "Certificates: M-1, Basics runs out"
    assert (dt.date(2027, 1, 15), text) in events(make_feed(standing=channel.clara)).values()
    vendor = events(make_feed(standing=channel.anna)).values()
    assert (dt.date(2027, 1, 15), f"{relation.name}: {text}") in vendor
    assert text not in {one for _day, one in events(make_feed(standing=channel.dora)).values()}


def test_a_revoked_address_answers_no_more_and_only_its_owner_revokes_it(busy):
    token = make_feed(standing=busy.clara)
    feed = Feed.objects.get()
    for other in (busy.dora, busy.anna):
        with pytest.raises(NotAllowed):
            revoke_feed(standing=other, feed=feed.uid)
    assert browser().get(f"/calendars/{token}.ics").status_code == 200
    revoke_feed(standing=busy.clara, feed=feed.uid)
    assert browser().get(f"/calendars/{token}.ics").status_code == 404


def test_an_address_ends_with_the_right_to_see_the_programme(busy):
    vendor, partner = make_feed(standing=busy.anna), make_feed(standing=busy.clara)
    Membership.objects.filter(user=busy.cast.anna.user_id).delete()
    Relation.objects.filter(pk=busy.tauwerk.pk).update(state="refused")
    for token in (vendor, partner, "x" * 43):
        assert browser().get(f"/calendars/{token}.ics").status_code == 404


def test_a_contact_without_an_account_subscribes_by_the_mailed_link(busy):
    path = busy.link(to="calendar/")
    page = browser().post(path, {"make": "1"})
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    address = re.search(r"/calendars/[\w-]+\.ics", page.content.decode())
    assert address is not None
    # Shown once: the database knows its digest only.
    assert address[0] not in browser().get(path).content.decode()
    answer = browser().get(address[0])
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"Silver is lost" in answer.content
    # A calendar is no key to the page.
    assert b"/p/" not in answer.content
    assert Feed.objects.get().read_on == NOON.date()


def test_both_sides_see_their_days_on_a_page(busy):
    for person, path in (
        (busy.cast.anna, f"/programmes/{busy.programme.uid}/calendar/"),
        (busy.cast.clara, f"/partner/{busy.tauwerk.uid}/calendar/"),
    ):
        page = browser(person).get(path).content.decode()
        assert "Silver is lost if nothing happens" in page
        made = browser(person).post(path, {"make": "1"})
        assert "/calendars/" in made.content.decode()
        feed = Feed.objects.latest("pk")
        assert browser(person).post(path, {"revoke": str(feed.uid)}).status_code == 200
        assert browser(person).post(path, {"revoke": "nothing"}).status_code == 404
    own = browser(busy.cast.clara).get(f"/partner/{busy.tauwerk.uid}/calendar/").content.decode()
    assert "Grauwerk" not in own


def test_nobody_collects_addresses(busy):
    for _one in range(MOST_FEEDS):
        make_feed(standing=busy.clara)
    with pytest.raises(ActionError):
        make_feed(standing=busy.clara)
