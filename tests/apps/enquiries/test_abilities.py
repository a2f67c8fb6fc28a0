"""Abilities are read by their names, wherever they stand; programs and tables have the keys beside them."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from apps.enquiries.test_api import BODY, program
from apps.enquiries.test_pages import ASK, text
from apps.programme.cast import RULES, browser, make_channel
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.core.outbox import message_of
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.identity.models import User
from mutualist.apps.programme.actions.partners import add_partner

NAMED = """abilities:
  iot: {de: "Vernetzte Maschinen", en: "Connected machines"}
  ai: {de: "Vorhersage", en: "Prediction"}
"""


@pytest.fixture
def channel(cast, monkeypatch):
    """The programme with names for two abilities; a third partner can something nobody has named."""
    monkeypatch.setattr("apps.programme.cast.RULES", RULES + NAMED)
    made = make_channel(cast)
    fields = {"external_id": "P-3", "abilities": ["prediction", "robots"], "in_finder": True}
    add_partner(standing=made.anna, name="Isarwerk GmbH", postal_code="80331", **fields)
    User.objects.filter(pk=cast.anna.user_id).update(language="de")
    return made


@pytest.fixture
def home(channel):
    return f"/programmes/{channel.programme.uid}/"


def test_strangers_choose_by_name_and_read_names(channel):
    finder, stranger = f"/finder/{channel.programme.slug}/", Client(HTTP_ACCEPT_LANGUAGE="de")
    page = text(stranger.get(finder, {"ability": "ai"}))
    assert '<option value="iot">Vernetzte Maschinen</option>' in page
    assert '<option value="robots">robots</option>' in page
    assert "Vernetzte Maschinen, Vorhersage" in page
    # Its people wrote the name where the key belongs; it is found by the key.
    assert "Isarwerk" in page
    assert "Grauwerk" not in page
    assert "Connected machines" in text(Client(HTTP_ACCEPT_LANGUAGE="en").get(finder))


def test_both_sides_read_names_on_pages_and_in_mails(channel, home):
    Client().post(f"/finder/{channel.programme.slug}/ask/", ASK)
    made = Enquiry.objects.get()
    sent = [message_of(one) for one in OutboxMail.objects.all()]
    asked = next(one for one in sent if one.to == ["clara@tauwerk.example"])
    assert "Vernetzte Maschinen" in asked.body
    anna = browser(channel.cast.anna)
    for page in ("enquiries/", f"enquiries/{made.uid}/", ""):
        assert "Vernetzte Maschinen" in text(anna.get(home + page)), page
    partner = Client(HTTP_ACCEPT_LANGUAGE="de")
    for place in ("", "enquiries/", f"enquiries/{made.offers.get().uid}/", "profile/"):
        assert "Vernetzte Maschinen" in text(partner.get(channel.link(to=place))), place


def test_a_program_may_name_an_ability_by_its_word(channel, home):
    anna = program(channel.cast.anna)
    body = BODY | {"abilities": ["Vorhersage"], "postal_code": "20095"}
    made = anna.post(f"/api/v1{home}enquiries", body, content_type="application/json").json()
    assert made["abilities"] == ["ai"]
    assert made["ability_names"] == {"ai": "Prediction"}
    assert made["partner"] == str(channel.tauwerk.uid)


def test_a_profile_is_written_by_names_and_kept_by_keys(channel):
    form = {
        "country": "DE",
        "postal_code": "70173",
        "abilities": "Prediction, IOT, Schweißen",
        "languages": "de",
    }
    answer = Client().post(channel.link(to="profile/"), form)
    assert answer.status_code == 302
    channel.tauwerk.refresh_from_db()
    assert channel.tauwerk.abilities == ["ai", "iot", "Schweißen"]


@pytest.mark.parametrize("place", ["partners.csv", "enquiries/enquiries.csv"])
def test_tables_have_names_and_keys(channel, home, place):
    Client().post(f"/finder/{channel.programme.slug}/ask/", ASK)
    sent = browser(channel.cast.anna).get(home + place)
    rows = list(csv.DictReader(io.StringIO(text(sent).lstrip("\ufeff")), delimiter=","))
    assert rows[0]["Fähigkeiten"].startswith("Vernetzte Maschinen")
    assert rows[0]["Schlüssel der Fähigkeiten"].startswith("iot")


def test_programs_read_both(channel, home):
    (first, *_rest) = program(channel.cast.anna).get(f"/api/v1{home}partners").json()
    assert first["abilities"] == ["iot"]
    assert first["ability_names"] == {"iot": "Connected machines"}


def test_who_writes_rules_is_told_which_abilities_have_no_name(channel, home):
    anna = browser(channel.cast.anna)
    sent = anna.post(f"{home}rules/", {"rules": RULES + NAMED}, headers={"HX-Request": "true"})
    page = text(sent)
    assert "Die Fähigkeit robots haben Partner" in page
    assert "Die Fähigkeit iot" not in page
    told = program(channel.cast.anna).post(
        f"/api/v1{home}rules/lint", {"rules": RULES}, content_type="application/json"
    )
    assert {one["message"].split(", but")[0] for one in told.json()["problems"]} >= {
        "abilities: Partners have the ability ai",
        "abilities: Partners have the ability robots",
    }


def test_every_form_says_which_abilities_the_programme_knows(channel, home):
    said = "Hier bekannt: Vernetzte Maschinen, Vorhersage. Andere sind möglich."
    vendor = browser(channel.cast.anna)
    asked = {"headers": {"accept-language": "de"}}
    for page in (
        vendor.get(f"{home}partners/new/", **asked),
        vendor.get(f"{home}partners/{channel.tauwerk.uid}/change/", **asked),
        browser().get(f"/apply/{channel.programme.slug}/", **asked),
        browser().get(channel.link(to="profile/"), **asked),
    ):
        assert said in page.content.decode(), page.request["PATH_INFO"]
