"""What was promised stands beside what happened, for both sides; kept and broken promises count in the score."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from apps.programme.cast import browser
from mutualist.apps.core.clock import stopped_at
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.programme.models import Relation, RuleSetVersion
from mutualist.apps.programme.queries.scores import scored
from mutualist.apps.ratings.actions import give_rating
from mutualist.apps.ratings.models import Promise
from mutualist.apps.ratings.promises import end_promise, make_promise
from mutualist.apps.ratings.promising import kept_for, promise_rows
from mutualist.apps.ratings.reminding import remind
from mutualist.domain.programme.presets import preset, preset_rules

pytestmark = pytest.mark.django_db
JULY = dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC)
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def day():
    with stopped_at(NOON):
        yield


@pytest.fixture
def long(channel):
    """The channel, whose partners have been there since January."""
    Relation.objects.update(joined=dt.date(2026, 1, 1))
    return channel


def offered(relation, day, hours=None, state="accepted"):
    moment = dt.datetime.combine(day, dt.time(9), dt.UTC)
    enquiry = Enquiry.objects.create(
        programme=relation.programme, source="hand", country="DE", postal_code="70173"
    )
    return Offer.objects.create(
        enquiry=enquiry,
        relation=relation,
        number=1,
        offered_at=moment,
        due_at=moment + dt.timedelta(days=2),
        state=state,
        answered_at=moment + dt.timedelta(hours=hours) if hours is not None else None,
    )


def promise(channel, about, amount, **more):
    return make_promise(
        standing=channel.anna,
        about=about,
        every="quarter",
        amount=amount,
        first=JULY.date(),
        **more,
    )


def test_a_number_of_enquiries_is_counted_by_partner(long):
    promise(long, "enquiry", 2)
    for day in (dt.date(2026, 7, 5), dt.date(2026, 8, 5)):
        offered(long.tauwerk, day, 3)
    offered(long.grauwerk, dt.date(2026, 8, 6), 3)
    # Taken back by the vendor: nothing that was handed over.
    offered(long.grauwerk, dt.date(2026, 8, 7), state="withdrawn")
    (ours,) = kept_for(long.clara, long.tauwerk.pk)
    (theirs,) = kept_for(long.dora, long.grauwerk.pk)
    assert (ours.last.kept, ours.last.actual) == (True, 2)
    assert (theirs.last.kept, theirs.last.actual) == (False, 1)
    # The quarter that runs is open: nothing is kept or broken before it is over.
    assert (ours.running.kept, ours.running.actual) == (None, 0)


def test_a_time_limit_counts_what_lapsed_as_late(long):
    promise(long, "answer", 24, share=60)
    offered(long.tauwerk, dt.date(2026, 7, 5), 3)
    offered(long.tauwerk, dt.date(2026, 7, 6), 20)
    offered(long.tauwerk, dt.date(2026, 7, 7), state="lapsed")
    offered(long.grauwerk, dt.date(2026, 7, 7), 30, state="declined")
    (ours,) = kept_for(long.anna, long.tauwerk.pk)
    (theirs,) = kept_for(long.anna, long.grauwerk.pk)
    assert (ours.last.kept, ours.last.actual) == (True, Fraction(2, 3))
    assert (theirs.last.kept, theirs.last.actual) == (False, 0)


def test_a_partner_that_came_later_is_owed_whole_periods_only(channel):
    promise(channel, "enquiry", 1)
    Relation.objects.update(joined=dt.date(2026, 8, 1))
    (found,) = kept_for(channel.clara, channel.tauwerk.pk)
    # July to September is no whole quarter with this partner: nothing was broken.
    assert [one.start for one in found.realities] == [dt.date(2026, 10, 1)]


def test_promises_and_ratings_of_the_web_count_in_our_own_programme(long):
    RuleSetVersion.objects.update(content=preset("mutual").text)

    def points():
        long.tauwerk.refresh_from_db()
        found = scored(long.tauwerk, NOON.date()).score.metrics
        return [found[name].points for name in ("promises", "rating", "has_rated")]

    assert points() == [0, 0, 0]
    promise(long, "answer", 24)
    offered(long.tauwerk, dt.date(2026, 7, 5), 3)
    assert points() == [10, 0, 0]
    for standing in (long.clara, long.anna):
        give_rating(standing=standing, relation=str(long.tauwerk.uid), stars={"fairness": 5})
    assert points() == [10, 4, 2]
    rows = promise_rows([long.tauwerk.pk, long.grauwerk.pk], preset_rules("mutual"))
    assert set(rows) == {long.tauwerk.pk}
    assert promise_rows([long.tauwerk.pk], preset_rules("odoo")) == {}


def test_a_new_promise_ends_the_one_before_and_decided_periods_stay(long):
    first = promise(long, "enquiry", 1)
    offered(long.tauwerk, dt.date(2026, 7, 5), 3)
    make_promise(standing=long.anna, about="enquiry", every="quarter", amount=5)
    assert Promise.objects.get(pk=first.pk).last == NOON.date()
    before = {one.row.pk: one for one in kept_for(long.clara, long.tauwerk.pk)}[first.pk]
    assert before.last.kept is True
    end_promise(standing=long.anna, promise=Promise.objects.get(last=None).uid)
    assert not Promise.objects.filter(last=None).exists()


def test_only_the_vendors_owners_and_members_promise(long):
    made = promise(long, "payout", 720)
    for standing in (long.ben, long.clara, long.dora):
        with pytest.raises(NotAllowed):
            make_promise(standing=standing, about="enquiry", every="month", amount=1)
        with pytest.raises(NotAllowed):
            end_promise(standing=standing, promise=made.uid)


@pytest.mark.parametrize(
    "wrong",
    [{"about": "love"}, {"every": "day"}, {"amount": 0}, {"amount": 10**9}, {"share": 101}],
)
def test_what_cannot_be_promised_is_refused_and_nothing_is_stored(channel, wrong):
    said = {"about": "answer", "every": "month", "amount": 24, "share": 90, **wrong}
    with pytest.raises(ActionError):
        make_promise(standing=channel.anna, **said)
    assert not Promise.objects.exists()


def test_both_sides_read_the_same_beside_each_other(long):
    page = f"/programmes/{long.programme.uid}/promises/"
    said = {
        "about": "enquiry",
        "amount": "2",
        "share": "90",
        "every": "quarter",
        "first": "2026-07-01",
    }
    anna = browser(long.cast.anna)
    assert anna.post(page, said).status_code == 302
    offered(long.tauwerk, dt.date(2026, 7, 5), 3)
    assert "0 of 2 partners" in anna.get(page).content.decode()
    promised, line = "at least 2 per quarter", "– 30 Sep 2026: 1"
    vendor = anna.get(f"/programmes/{long.programme.uid}/partners/{long.tauwerk.uid}/")
    partner = browser(long.cast.clara).get(f"/partner/{long.tauwerk.uid}/")
    for answer in (vendor, partner):
        assert promised in answer.content.decode()
        assert line in answer.content.decode()
    rival = browser(long.cast.dora).get(f"/partner/{long.grauwerk.uid}/").content.decode()
    assert "– 30 Sep 2026: 0" in rival
    assert line not in rival
    bad = anna.post(page, {**said, "amount": "many"})
    assert bad.status_code == 422
    assert 'value="many"' in bad.content.decode()


def test_who_has_not_rated_is_reminded_21_and_7_days_before_the_end(long):
    OutboxMail.objects.all().delete()
    give_rating(standing=long.dora, relation=str(long.grauwerk.uid), stars={"fairness": 3})
    give_rating(standing=long.anna, relation=str(long.tauwerk.uid), stars={"fairness": 3})
    days = [(11, 30), (12, 10), (12, 11), (12, 24), (12, 31)]
    assert [remind(dt.date(2026, *day)) for day in days] == [0, 1, 0, 1, 0]
    letters = [one.letter for one in OutboxMail.objects.all()]
    assert {one.to for one in OutboxMail.objects.all()} == {"clara@tauwerk.example"}
    assert "Nordwerk" in letters[0]["subject"]
    assert "hat die Arbeit mit Ihnen bewertet" in letters[0]["text"]
    assert "31.12.2026" in letters[0]["text"]
    assert "/rating/" in letters[0]["text"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_form_of_a_promise_begins_today_in_every_language(long, language):
    anna = browser(long.cast.anna)
    anna.post("/language/", {"language": language, "next": "/"})
    page = anna.get(f"/programmes/{long.programme.uid}/promises/").content.decode()
    assert f'<html lang="{language}"' in page
    assert 'name="first" value="2026-11-22"' in page


def test_every_page_of_a_programme_marks_programmes_in_the_header(long):
    anna = browser(long.cast.anna)
    for place in ("", "enquiries/", "projects/", "commissions/", "mails/", "promises/"):
        page = anna.get(f"/programmes/{long.programme.uid}/{place}").content.decode()
        assert '<a href="/programmes/" aria-current="true">' in page, place
