"""The way from a contract to its futures, in both languages."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from apps.rooms.cast import Cast
from apps.ventures.steps import browser, of_organisation, of_room
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures.described import templates
from mutualist.apps.ventures.models import Venture, Version

VALUE = re.compile(r'<input type="text" name="([\w-]+)" value="([^"]*)"')


def typed(page: str) -> dict[str, str]:
    """What a form holds when it is shown."""
    return dict(VALUE.findall(page))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("template", sorted(templates()))
def test_a_contract_becomes_fifty_dots(
    cast: Cast, room: Room, template: str, language: str
) -> None:
    client = browser(cast.anna, language)
    address = reverse("ventures:new")
    assert template in client.get(f"{address}?room={room.uid}").content.decode()
    form = client.get(f"{address}?room={room.uid}&template={template}").content.decode()
    given = {**typed(form), "room": room.uid, "template": template, "first": "B"}
    answer = client.post(address, {**given, "name": "PumpenPuls"})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer.headers["Location"]).content.decode()
    assert page.count('<circle class="dot') == 2 + 150
    said = "Ausgängen" if language == "de" else "futures"
    assert said in page
    made = Version.objects.get()
    assert '"parties":{"B":' in made.content, "the one who was chosen takes the first place"


def test_a_slider_moves_the_futures_and_nothing_is_stored(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.clara)
    address = reverse("ventures:compute", args=[made.uid])
    before = client.get(address).content.decode()
    moved = client.get(address, {"terms-parts-price": "100"}).content.decode()
    assert "futures you lose money" in before
    assert before != moved
    assert client.get(address, {"terms-parts-price": "nan"}).content.decode() == before
    assert client.get(address, {"terms-parts-price": "1e999"}).content.decode() == before
    assert Version.objects.count() == 1


def test_what_was_typed_stays_when_it_cannot_be(cast: Cast) -> None:
    client = browser(cast.anna, "de")
    address = reverse("ventures:new") + "?template=resale"
    given = typed(client.get(address).content.decode())
    given |= {"template": "resale", "name": "Versuch", "drivers-pumps-low": "999.999"}
    answer = client.post(
        reverse("ventures:new"), {**given, "second_name": "Tau", "currency": "EUR"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="999.999"' in page
    assert "Der untere Wert 999999 liegt über dem oberen" in page
    given |= {"drivers-pumps-low": "viele"}
    page = client.post(reverse("ventures:new"), given).content.decode()
    assert "„viele“ ist keine Zahl" in page
    assert not Venture.objects.exists()


@pytest.mark.parametrize(
    ("three", "family"),
    [(("100", "150", "400"), "lognormal"), (("100", "150", "210"), None), (("9", "9", "9"), None)],
)
def test_nobody_has_to_choose_a_family(
    cast: Cast, three: tuple[str, str, str], family: str | None
) -> None:
    client = browser(cast.anna)
    address = reverse("ventures:new") + "?template=resale"
    given = typed(client.get(address).content.decode())
    given |= {"template": "resale", "name": "X", "second_name": "Tau", "currency": "EUR"}
    for part, value in zip(("low", "likely", "high"), three, strict=True):
        given[f"drivers-street_price-{part}"] = value
    answer = client.post(reverse("ventures:new"), given)
    assert answer.status_code == 302, answer.content.decode()
    description = json.loads(Version.objects.get().content)
    assert description["drivers"]["street_price"].get("family") == family


def test_two_equal_values_of_three_are_told_in_plain_words(cast: Cast) -> None:
    client = browser(cast.anna, "de")
    given = typed(client.get(reverse("ventures:new") + "?template=resale").content.decode())
    given |= {"template": "resale", "name": "X", "second_name": "Tau", "currency": "EUR"}
    given |= {"drivers-pumps-low": "330", "drivers-pumps-likely": "330"}
    answer = client.post(reverse("ventures:new"), given)
    assert answer.status_code == 422
    assert "Zwei der drei Werte sind gleich" in answer.content.decode()
    live = client.post(reverse("ventures:new"), given, headers={"HX-Target": "checked"})
    page = live.content.decode()
    assert page.count("Zwei der drei Werte sind gleich") == 2, "in the summary and beside its box"
    assert 'id="drivers-pumps-error" hx-swap-oob' in page
    assert not Venture.objects.exists()


def test_figures_are_checked_before_there_is_a_name(cast: Cast) -> None:
    client = browser(cast.anna)
    address = reverse("ventures:new")
    given = typed(client.get(address + "?template=resale").content.decode())
    given |= {"template": "resale", "drivers-pumps-low": "99999"}
    live = client.post(address, given, headers={"HX-Target": "checked"}).content.decode()
    assert "is above the high value" in live
    given |= {"drivers-pumps-low": "200", "flagged": "drivers-pumps"}
    live = client.post(address, given, headers={"HX-Target": "checked"}).content.decode()
    assert '<p class="field-error" id="drivers-pumps-error" hx-swap-oob="true"></p>' in live


def test_the_short_form_again_makes_a_new_version(cast: Cast) -> None:
    made = of_organisation(cast)
    client = browser(cast.anna)
    address = reverse("ventures:edit", args=[made.uid])
    given = typed(client.get(address).content.decode())
    answer = client.post(address, {**given, "terms-half-share": "40", "seen": "1", "note": "less"})
    assert answer.status_code == 302, answer.content.decode()
    assert Version.objects.first().number == 2
    stale = client.post(address, {**given, "terms-half-share": "30", "seen": "1"})
    assert stale.status_code == 422
    assert "changed elsewhere" in stale.content.decode()
    assert browser(cast.ben).get(address).status_code == 404


def test_the_list_names_what_is_there(cast: Cast, room: Room) -> None:
    of_room(cast.anna, room)
    of_organisation(cast)
    page = browser(cast.anna).get(reverse("ventures:list")).content.decode()
    assert page.count("Version 1, saved") == 2
    assert "No venture yet" in browser(cast.dora).get(reverse("ventures:list")).content.decode()


def test_what_the_sliders_say_can_be_kept(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.clara)
    moved = {"terms-parts-price": "210"}
    page = client.get(reverse("ventures:venture", args=[made.uid]), moved).content.decode()
    assert "nothing is saved yet" in page
    answer = client.post(reverse("ventures:keep", args=[made.uid]), {**moved, "seen": "1"})
    assert answer.status_code == 302
    last = Version.objects.first()
    assert (last.number, '"price":210' in last.content) == (2, True)


def test_two_versions_side_by_side(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.anna)
    client.post(
        reverse("ventures:keep", args=[made.uid]), {"terms-parts-price": "210", "seen": "1"}
    )
    address = reverse("ventures:versions", args=[made.uid])
    page = client.get(address, {"before": "1", "after": "2"}).content.decode()
    for said in (
        "Tauwerk Sensorik GmbH gets for a part",
        "Price of a unit",
        "195",
        "210",
        "What that does",
    ):
        assert said in page, said
    assert client.get(address, {"before": "99", "after": "x"}).status_code == 200
    file = client.get(reverse("ventures:file", args=[made.uid]), {"version": "2"})
    assert file.json()["terms"]["parts"]["price"] == 210
    assert (
        client.get(reverse("ventures:file", args=[made.uid]), {"version": "9"}).status_code == 404
    )


def test_terms_are_proposed_for_a_split(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.anna)
    address = reverse("ventures:terms", args=[made.uid])
    page = client.get(address, {"rule": "shapley"}).content.decode()
    assert "Shapley" in page
    assert "What is reached" in page
    assert client.get(address, {"rule": "no rule"}).status_code == 200


def test_the_second_witness_stands_beside_the_result(cast: Cast, room: Room) -> None:
    address = reverse("rooms:result", args=[room.uid])
    assert "Describe the venture" in browser(cast.anna).get(address).content.decode()
    of_room(cast.anna, room)
    of_room(cast.anna, room, "revenue_share")
    page = browser(cast.clara).get(address).content.decode()
    assert page.count("By the flows") == 2
    assert "The two witnesses disagree" in page


@pytest.mark.parametrize(
    "name",
    [
        "venture",
        "compute",
        "leaving",
        "edit",
        "private",
        "keep",
        "versions",
        "file",
        "terms",
        "paper",
        "workbook",
    ],
)
def test_a_rival_finds_nothing(cast: Cast, room: Room, name: str) -> None:
    shared, own = of_room(cast.anna, room), of_organisation(cast)
    nobody = "00000000-0000-4000-8000-000000000000"
    for venture in (shared, own):
        for client in (browser(cast.dora), browser(cast.greta)):
            address = reverse(f"ventures:{name}", args=[venture.uid])
            for ask in (client.get, client.post):
                there = ask(address)
                nowhere = ask(address.replace(str(venture.uid), nobody))
                assert there.status_code == nowhere.status_code
                assert there.status_code in {404, 405}
    assert Version.objects.count() == 2


def test_a_guest_by_link_sees_and_changes_the_venture_of_its_room(cast: Cast) -> None:
    from django.test import Client

    from apps.rooms.cast import convened_room, seal_short
    from mutualist.apps.rooms import actions as rooms

    found, ida, paul = convened_room(cast)
    seal_short(found, ida, paul)
    for guest in (ida, paul):
        rooms.press_open(actor=guest, room=found)
    made = of_room(ida, found)
    assert Client().get(reverse("ventures:venture", args=[made.uid])).status_code == 302
