"""Bad input for enquiries, by the finder, by the vendor's form and by programs, in both languages: said, nothing stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from apps.enquiries.test_api import BODY
from apps.enquiries.test_pages import ASK
from apps.programme.cast import browser
from apps.writes.wrong_field import words
from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import User
from mutualist.apps.programme.models import Relation

#: A name, what the place is, and what is said in English and German.
PLACES = {
    "no such postal code": (
        {"postal_code": "89074"},
        "There is no postal code 89074 in DE. Near it: 89073",
        "Eine Postleitzahl 89074 gibt es in DE nicht. In der Nähe: 89073",
    ),
    "of another country": (
        {"country": "AT", "postal_code": "89073"},
        "There is no postal code 89073 in AT, but in DE.",
        "Eine Postleitzahl 89073 gibt es in AT nicht, aber in DE.",
    ),
    "words": ({"postal_code": "Atlantis"}, "Atlantis", "Atlantis"),
    "nothing": ({"postal_code": ""}, "", ""),
    "a NUL": ({"postal_code": "89\x00073"}, "", ""),
    "a very long one": ({"postal_code": "8" * 5000}, "", ""),
}
LANGUAGES = ("en", "de")


@pytest.fixture(params=LANGUAGES)
def language(request, channel):
    User.objects.filter(pk=channel.cast.anna.user_id).update(language=request.param)
    return request.param


@pytest.fixture
def ways(channel, language):
    """How an enquiry comes in; each returns the answer to a changed one."""
    actions.save_intake(standing=channel.anna, origins=[], finder=True)
    secret = identity.create_api_token("program", actor=channel.cast.anna)
    asked = {"HTTP_ACCEPT_LANGUAGE": language}
    anna = browser(channel.cast.anna)

    def by_finder(change):
        return Client().post(f"/finder/{channel.programme.slug}/ask/", ASK | change, **asked)

    def by_form(change):
        home = f"/programmes/{channel.programme.uid}/enquiries/new/"
        return anna.post(home, {"country": "DE", "postal_code": "89073"} | change, **asked)

    def by_program(change):
        return Client(HTTP_AUTHORIZATION=f"Bearer {secret}").post(
            f"/api/v1/programmes/{channel.programme.uid}/enquiries",
            BODY | change,
            content_type="application/json",
            **asked,
        )

    return {"finder": by_finder, "form": by_form, "program": by_program}


@pytest.mark.parametrize("way", ["finder", "form", "program"])
@pytest.mark.parametrize("name", PLACES)
def test_a_place_that_is_none_is_said_and_nothing_is_stored(ways, language, way, name):
    change, english, german = PLACES[name]
    answer = ways[way](change)
    # Nobody can type a NUL: a form with one is refused as a whole.
    whole = name == "a NUL" and way != "program"
    assert answer.status_code == (400 if whole else 422), answer.content[:300]
    assert (german if language == "de" else english) in words(answer)
    assert not Enquiry.objects.exists()
    if way != "program" and not whole:
        # What was typed stands there again.
        assert 'name="postal_code"' in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "english", "german"),
    [
        ({"level": "platinum"}, "platinum", "platinum"),
        ({"text": "x" * 100_000}, "text", "text"),
        ({"email": "petra"}, "petra", "petra"),
        ({"consent": False}, "agree", "stimmen Sie zu"),
    ],
)
def test_what_a_program_may_not_ask_is_named(ways, language, change, english, german):
    answer = ways["program"](change)
    assert answer.status_code == 422, answer.content[:300]
    assert (german if language == "de" else english) in words(answer)
    assert not Enquiry.objects.exists()


def test_an_enquiry_nobody_can_serve_waits_with_the_reason(channel, ways, language):
    Relation.objects.update(capacity=0)
    assert ways["finder"]({"ability": "iot"}).status_code == 302
    made = ways["program"]({})
    assert made.status_code == 201
    assert made.json()["partner"] is None
    assert made.json()["nobody"]
    assert Enquiry.objects.filter(status="received").count() == 2
    said = "Niemand kann: kein Platz (2)." if language == "de" else "Nobody can: no room (2)."
    assert made.json()["nobody"] == said
    home = f"/programmes/{channel.programme.uid}/enquiries/{made.json()['uid']}/"
    assert said in words(browser(channel.cast.anna).get(home, HTTP_ACCEPT_LANGUAGE=language))


@pytest.mark.parametrize(
    ("country", "postal_code", "km"), [("DE", "88131", 15), ("LI", "9490", 50), ("CH", "9430", 15)]
)
def test_the_nearest_across_the_border_is_asked(channel, country, postal_code, km):
    # Grauwerk in Bregenz, at the corner of Austria, Germany, Switzerland and Liechtenstein; Tauwerk is in Stuttgart.
    Relation.objects.filter(pk=channel.grauwerk.pk).update(country="AT", postal_code="6900")
    wish = Wish(country, postal_code, abilities=("iot",))
    offer = actions.enter(standing=channel.anna, wish=wish).offers.get()
    assert offer.relation == channel.grauwerk
    assert offer.why["km"] < km
    # Whoever names the countries it serves is asked for those and its own.
    Relation.objects.filter(pk=channel.grauwerk.pk).update(areas=["AT"])
    offer = actions.enter(standing=channel.anna, wish=wish).offers.get()
    assert offer.relation == channel.tauwerk
    assert offer.why["failed"] == {"area": 1}


@pytest.mark.parametrize("move", ["accept", "decline"])
def test_a_reply_after_the_limit_is_told_on_every_way(channel, language, move):
    User.objects.filter(pk=channel.cast.clara.user_id).update(language=language)
    made = actions.enter(standing=channel.anna, wish=Wish("DE", "89073", person="Petra"))
    offer = made.offers.get()
    secret = identity.create_api_token("program", actor=channel.cast.clara)
    asked = {"HTTP_ACCEPT_LANGUAGE": language}
    body = {"reason": "no_time"}
    said = "Die Zeit für eine Antwort endete am" if language == "de" else "The time for an answer"
    with stopped_at(now() + timedelta(hours=49)):
        answers = [
            Client().post(
                channel.link(to=f"enquiries/{offer.uid}/"), {"move": move, **body}, **asked
            ),
            browser(channel.cast.clara).post(
                f"/partner/{channel.tauwerk.uid}/enquiries/{offer.uid}/",
                {"move": move, **body},
                **asked,
            ),
            Client(HTTP_AUTHORIZATION=f"Bearer {secret}").post(
                f"/api/v1/relations/{channel.tauwerk.uid}/enquiries/{offer.uid}/{move}",
                body,
                content_type="application/json",
                **asked,
            ),
        ]
    for answer in answers:
        assert answer.status_code == 409
        assert said in words(answer)
    # Nothing is lost: the enquiry is still somebody's, and the customer stays unknown to who came late.
    assert Enquiry.objects.get().status == "pending"
    assert not Offer.objects.filter(state__in=("accepted", "declined")).exists()
    assert not any("Petra" in words(answer) for answer in answers)
