"""Vendor and partner rate each other; neither reads the other before both have rated or the time is over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from apps.programme.cast import browser
from mutualist.apps.core.audit import timeline
from mutualist.apps.core.clock import stopped_at
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import chain_of, more_facts
from mutualist.apps.ratings.actions import give_rating
from mutualist.apps.ratings.models import Rating
from mutualist.apps.ratings.queries import rating_rows, rounds_of
from mutualist.domain.programme.presets import preset_rules

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
GOOD = {"fairness": 4, "planning": 5}
BAD = {"fairness": 1, "payment": 2}


@pytest.fixture(autouse=True)
def day():
    with stopped_at(NOON):
        yield


def give(standing, channel, stars=None, comment=""):
    return give_rating(
        standing=standing, relation=str(channel.tauwerk.uid), stars=stars or GOOD, comment=comment
    )


def read(standing, channel):
    (current, *_) = rounds_of(standing, channel.tauwerk.pk)
    return current


def test_one_side_alone_is_read_by_itself_only(channel):
    give(channel.clara, channel, BAD, "Too slow.")
    assert read(channel.clara, channel).ratings["partner"].comment == "Too slow."
    vendor = read(channel.anna, channel)
    # That the partner has rated may be known; what it said may not.
    assert (vendor.given, dict(vendor.ratings), vendor.public) == ({"partner"}, {}, False)
    assert list(Rating.objects.visible_to(channel.anna)) == []


def test_both_are_open_as_soon_as_both_have_rated(channel):
    give(channel.clara, channel, BAD)
    give(channel.anna, channel)
    for standing in (channel.anna, channel.clara, channel.ben):
        current = read(standing, channel)
        assert current.public
        assert set(current.ratings) == {"vendor", "partner"}
        assert current.ratings["partner"].stars == BAD
    with pytest.raises(ActionError) as refused:
        give(channel.clara, channel, GOOD)
    assert refused.value.code == "rating_published"


def test_silence_does_not_keep_a_rating_back(channel):
    give(channel.clara, channel, BAD)
    with stopped_at(NOON.replace(year=2027, month=1, day=1)):
        current, before = rounds_of(channel.anna, channel.tauwerk.pk)
        assert (current.period.id, before.period.id) == ("2027-1", "2026-2")
        assert before.public
        assert before.ratings["partner"].stars == BAD


def test_a_rating_may_be_changed_while_the_other_side_is_silent(channel):
    give(channel.clara, channel, BAD)
    give(channel.clara, channel, {"fairness": 3})
    assert Rating.objects.get().stars == {"fairness": 3}


def test_what_is_recorded_says_that_and_never_what(channel):
    give(channel.clara, channel, BAD, "Too slow.")
    give(channel.anna, channel)
    entries = timeline(
        chain_of(channel.programme.pk, channel.tauwerk.pk), audiences=["room", "host"]
    )
    said = " ".join(str(entry) for entry in entries)
    assert "Too slow" not in said
    assert "fairness" not in said
    assert said.count("ratings.given") == 2
    assert said.count("ratings.published") == 1


def test_readers_rivals_and_other_programmes_rate_nobody(channel):
    for standing in (channel.ben, channel.dora):
        with pytest.raises(NotAllowed):
            give(standing, channel)
    give(channel.clara, channel, BAD)
    give(channel.anna, channel)
    assert list(Rating.objects.visible_to(channel.dora)) == []
    assert read(channel.dora, channel).given == frozenset()


@pytest.mark.parametrize("stars", [{"fairness": 6}, {"delivery": 3}, {}])
def test_what_is_not_asked_is_refused_and_nothing_is_stored(channel, stars):
    with pytest.raises(ActionError):
        give_rating(standing=channel.clara, relation=str(channel.tauwerk.uid), stars=stars)
    assert not Rating.objects.exists()


def test_open_ratings_count_in_the_rules_of_our_own_programme(channel):
    rules = preset_rules("mutual")
    assert rating_rows in more_facts
    give(channel.clara, channel, BAD)
    ids = [channel.tauwerk.pk, channel.grauwerk.pk]
    assert rating_rows(ids, rules) == {}
    give(channel.anna, channel)
    found = rating_rows(ids, rules)
    assert set(found) == {channel.tauwerk.pk}
    rows = found[channel.tauwerk.pk]["ratings"]
    assert {(row.values["side"], row.values["topic"], row.values["stars"]) for row in rows} == {
        ("vendor", "fairness", 4),
        ("vendor", "planning", 5),
        ("partner", "fairness", 1),
        ("partner", "payment", 2),
    }
    assert {row.values["published"] for row in rows} == {NOON.date()}
    assert rating_rows(ids, preset_rules("odoo")) == {}


def pages(channel):
    vendor = {"programme": channel.programme.uid, "relation": channel.tauwerk.uid}
    own = {"relation": channel.tauwerk.uid}
    return reverse("ratings:rate", kwargs=vendor), reverse("ratings:own", kwargs=own)


def test_both_sides_rate_on_their_pages_and_read_each_other(channel):
    rate, own = pages(channel)
    anna, clara = browser(channel.cast.anna), browser(channel.cast.clara)
    said = {"fairness": "1", "comment": "Please answer <b>faster</b>."}
    assert clara.post(own, said).status_code == 302
    assert "Please answer" in clara.get(own).content.decode()
    seen = anna.get(rate).content.decode()
    assert "Please answer" not in seen
    assert anna.post(rate, {"fairness": "4"}).status_code == 302
    for page in (anna.get(rate), clara.get(own), anna.get(rate.removesuffix("rating/"))):
        text = page.content.decode()
        assert "Please answer &lt;b&gt;faster&lt;/b&gt;." in text
        assert '<form method="post" class="form narrow"' not in text


def test_a_partner_without_an_account_rates_by_the_mailed_link(channel):
    path = channel.link(to="rating/")
    answer = browser().get(path)
    assert answer["Referrer-Policy"] == "same-origin"
    assert browser().post(path, {"payment": "5"}).status_code == 302
    assert Rating.objects.get().side == "partner"
    chain = chain_of(channel.programme.pk, channel.tauwerk.pk)
    (entry, *_) = timeline(chain, audiences=["room"])
    assert "Clara" in entry.sentence


def test_a_form_without_stars_says_so_and_keeps_what_was_typed(channel):
    _rate, own = pages(channel)
    answer = browser(channel.cast.clara).post(own, {"comment": "Only words."})
    assert answer.status_code == 422
    assert "Only words." in answer.content.decode()
    assert not Rating.objects.exists()
