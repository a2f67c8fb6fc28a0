"""The partner finder: places in every spelling, words instead of names of rules, and a way on where nobody fits."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from mutualist.apps.programme.actions.partners import add_partner
from mutualist.apps.programme.models import Relation
from mutualist.library.places import SeveralPlacesError, UnknownPlaceError, code_at


@pytest.fixture
def look(channel):
    def looked(language: str = "en", status: int = 200, **asked: str) -> str:
        client = Client(HTTP_ACCEPT_LANGUAGE=language)
        answer = client.get(f"/finder/{channel.programme.slug}/", asked)
        assert answer.status_code == status, answer.content.decode()[:800]
        return " ".join(answer.content.decode().split())

    return looked


def results(page: str) -> list[str]:
    return re.findall(r"<article.*?</article>", re.sub(r'href="[^"]*"', "", page))


def test_each_spelling_of_a_place_finds_the_same(look):
    first = results(look(postal_code="80331"))
    assert "Tauwerk" in first[0]
    for written in ("München", "Muenchen", "MUNCHEN", "80331 München", "D-80331", " 80331 "):
        assert results(look(postal_code=written)) == first, written


@pytest.mark.parametrize(
    ("country", "written", "found"),
    [
        ("DE", "A-6900", ("AT", "6900")),
        ("DE", "CH 8001", ("CH", "8001")),
        ("LI", "Vaduz", ("LI", "9490")),
        ("AT", "Wien", ("AT", "1010")),
        ("CH", "Zuerich", ("CH", "8000")),
        ("DE", "FL-9490", ("LI", "9490")),
    ],
)
def test_places_beyond_the_border(country, written, found):
    assert code_at(country, written) == found


@pytest.mark.parametrize(
    ("country", "written", "says"),
    [
        ("DE", "89074", "Near it: 89073"),
        ("DE", "8001", "no postal code 8001 in DE, but in CH"),
        ("DE", "Nirgendwo", "Write the postal code"),
        ("DE", "Neustadt", "31535 Neustadt am Rübenberge"),
        ("FR", "75001", "DE, AT, CH, LI"),
        ("DE", "-1", "Write the postal code"),
        ("DE", "", "no postal code"),
    ],
)
def test_a_place_that_is_none_says_what_to_write(country, written, says):
    with pytest.raises(UnknownPlaceError) as error:
        code_at(country, written)
    assert says in error.value.message("en")
    assert error.value.message("de") != error.value.message("en")
    assert isinstance(error.value, SeveralPlacesError) == (written == "Neustadt")


def test_a_wrong_place_is_said_at_its_field_without_a_result(look):
    page = look(status=422, postal_code="89074")
    assert "There is no postal code 89074 in DE" in page
    assert "0 partners" not in page
    assert "Write where you are" in look(status=422, within="50")


def test_nobody_within_the_distance_says_what_to_widen(look):
    page = look(postal_code="89073", within="25", ability="iot")
    assert "0 partners within 25 km" in page
    assert "Without “Within”: 2 partners" in page
    assert "Without “Ability”" not in page, "that alone would not help"
    assert "1 partner within 100 km" in look(postal_code="89073", within="100")


def test_levels_and_languages_are_said_in_words(channel, look):
    Relation.objects.filter(pk=channel.tauwerk.pk).update(level="silver")
    english, german = look(), look("de")
    assert ">Silver<" in english.replace(" ", "")
    assert "Silber" in german
    assert "silver" not in re.sub(r'value="[^"]*"|href="[^"]*"', "", english)
    for words in ("Deutsch", "Englisch"):
        assert words in german
    only = results(look(level="silver"))
    assert len(only) == 1
    assert "Tauwerk" in only[0]


def test_every_listed_partner_can_be_found(channel, look):
    for number in range(35):
        add_partner(
            standing=channel.anna,
            name=f"Firma {number:02}",
            postal_code="10115",
            abilities=["iot"],
            in_finder=True,
        )
    told = "".join(look(postal_code="89073", page=page) for page in ("1", "2"))
    assert "37 partners" in told
    assert "Page 2 of 2" in told
    assert all(f"Firma {number:02}" in told for number in range(35))
    assert "Tauwerk" in told
    assert "Grauwerk" in told
