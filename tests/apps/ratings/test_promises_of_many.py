"""Promises towards many partners: what the vendor's page counts is what each partner reads."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.programme.cast import browser
from mutualist.apps.core.clock import stopped_at
from mutualist.apps.core.isolation import Scope, private_scope
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.programme.models import Programme, Relation
from mutualist.apps.projects.models import Registration
from mutualist.apps.projects.upcoming import measured
from mutualist.apps.ratings.promises import make_promise
from mutualist.apps.ratings.promising import kept_for

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
FIRST = dt.date(2026, 1, 1)
PROMISED = {"enquiry": 1, "answer": 24, "decision": 48, "project": 1}


@pytest.fixture(autouse=True)
def day():
    with stopped_at(NOON):
        yield


def more_partners(channel, count: int) -> list[Relation]:
    """Add partners that came in different months, some of which left again."""
    there = Relation.objects.count()
    return Relation.objects.bulk_create(
        Relation(
            programme=channel.programme,
            name=f"Firm {number:03}",
            country="DE",
            joined=dt.date(2026, 1 + number % 9, 1),
            state="ended" if number % 7 == 6 else "active",
        )
        for number in range(there, there + count)
    )


def busy(relation: Relation, rng: random.Random) -> None:
    """Hand a partner an enquiry, and let it register projects, one of which stays a draft."""
    moment = dt.datetime(2026, rng.randrange(7, 10), rng.randrange(1, 28), 9, tzinfo=dt.UTC)
    enquiry = Enquiry.objects.create(
        programme=relation.programme, source="hand", country="DE", postal_code="70173"
    )
    Offer.objects.create(
        enquiry=enquiry,
        relation=relation,
        number=1,
        offered_at=moment,
        due_at=moment + dt.timedelta(days=2),
        state="accepted",
        answered_at=moment + dt.timedelta(hours=rng.choice((3, 30))),
    )
    with private_scope(Scope(relations=frozenset({relation.pk}))):
        for submitted in (moment, None):
            Registration.objects.create(
                programme=relation.programme,
                relation=relation,
                customer="Muster GmbH",
                country="DE",
                title="Anlage",
                state="approved" if submitted else "draft",
                submitted_at=submitted,
                decided_at=submitted and submitted + dt.timedelta(hours=rng.choice((5, 90))),
            )


@pytest.fixture
def crowd(channel) -> list[Relation]:
    Relation.objects.update(joined=FIRST)
    for about, amount in PROMISED.items():
        make_promise(
            standing=channel.anna, about=about, every="quarter", amount=amount, first=FIRST
        )
    rng = random.Random(5)
    everybody = [channel.tauwerk, channel.grauwerk, *more_partners(channel, 40)]
    for relation in everybody:
        if rng.random() < 0.5:
            busy(relation, rng)
    return everybody


def page_of(channel):
    answer = browser(channel.cast.anna).get(f"/programmes/{channel.programme.uid}/promises/")
    assert answer.status_code == 200
    return answer


def test_the_page_counts_what_each_active_partner_reads(channel, crowd):
    active = [one.pk for one in crowd if one.state == "active"]
    alone = [one for pk in active for one in kept_for(channel.anna, pk)]
    shown = {one["row"].about: one for one in page_of(channel).context["promises"]}
    assert shown.keys() == PROMISED.keys()
    for about, one in shown.items():
        last = [kept.last for kept in alone if kept.row.about == about and kept.last]
        assert one["decided"] == len(last), about
        assert one["kept"] == sum(bool(found.kept) for found in last), about
        assert 0 < one["kept"] < one["decided"] <= len(active), about


def test_more_partners_are_no_more_questions(channel, crowd):
    page_of(channel)
    with CaptureQueriesContext(connection) as few:
        page_of(channel)
    rng = random.Random(6)
    for relation in more_partners(channel, 30):
        busy(relation, rng)
    with CaptureQueriesContext(connection) as many:
        page_of(channel)
    assert 0 < len(many) == len(few) < 40
    # No list of partners either: the database finds them itself.
    assert max(len(one["sql"]) for one in many) == max(len(one["sql"]) for one in few)


def test_projects_of_many_are_those_of_each_and_of_nobody_else(channel, crowd):
    other = Programme.objects.create(organisation=channel.cast.grauwerk, name="Other", slug="other")
    stranger = Relation.objects.create(programme=other, name="Stranger", country="DE")
    busy(stranger, random.Random(7))
    ids = [one.pk for one in crowd]
    together = measured(ids)
    assert together == measured(Relation.objects.filter(pk__in=ids).values_list("pk", flat=True))
    assert together == {pk: found for pk in ids if (found := measured([pk]).get(pk))}
    assert stranger.pk not in together
    # Drafts are the partner's own affair: one project and one answer of each.
    assert {len(found) for found in together.values()} == {2}
    assert set(measured(ids[:2])) <= set(ids[:2])
