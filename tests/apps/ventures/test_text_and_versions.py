"""The file of a venture as text, and its versions."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.rooms.cast import Cast
from apps.ventures.steps import browser, of_organisation, of_room
from apps.ventures.whole_steps import CHECK, page_of, post, saved, sent
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures.models import Version

# The file as text


def test_the_file_can_be_changed_as_text(cast: Cast) -> None:
    made = of_organisation(cast, "supplier_contract")
    client = browser(cast.anna)
    (text,) = sent(page_of(client, made, "text"))["text"]
    changed = text.replace("price: 195", "price: 205")
    answer = post(client, made, {"text": changed, "seen": "1", "do": "save"}, "text")
    assert answer.status_code == 302, answer.content.decode()
    assert saved(made)["terms"]["parts"]["price"] == 205


@pytest.mark.parametrize(
    ("text", "german"),
    [
        ("a: [1", "kein gültiges YAML"),
        ("- 1", "Liste von Namen"),
        ("{", "kein gültiges JSON"),
        ("a: &x 1\nb: *x", "Zeile 2"),
        ("x" * 200_001, "Zeichen"),
        ("periods: {unit: week, count: 4}\nparties: {A: {discount: 0.1}}", "periods.unit"),
        ("", "Liste von Namen"),
    ],
)
def test_text_that_is_no_venture_is_answered_with_words(cast: Cast, text: str, german: str) -> None:
    made = of_organisation(cast)
    client = browser(cast.anna, "de")
    live = post(client, made, {"text": text}, "text", headers=CHECK)
    assert live.status_code == 200
    assert german in live.content.decode()
    answer = post(client, made, {"text": text, "seen": "1", "do": "save"}, "text")
    assert answer.status_code == 422
    assert german in answer.content.decode()
    assert Version.objects.count() == 1


def test_nobody_writes_private_figures_into_a_file_the_other_side_reads(
    cast: Cast, room: Room
) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.anna, "de")
    (text,) = sent(page_of(client, made, "text"))["text"]
    changed = text.replace("discount: 0.08", "discount: 0.08, best_alternative: 777")
    assert changed != text
    answer = post(client, made, {"text": changed, "seen": "1", "do": "save"}, "text")
    assert answer.status_code == 422
    assert "die andere Seite liest" in answer.content.decode().lower() or (
        "Die andere Seite liest" in answer.content.decode()
    )
    assert Version.objects.count() == 1


# Versions


def test_an_earlier_version_is_saved_again_as_the_newest(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.clara)
    given = sent(page_of(client, made)) | {"terms-0-price": "240", "do": "save"}
    assert post(client, made, given).status_code == 302
    address = reverse("ventures:restore", args=[made.uid, 1])
    assert browser(cast.ben).post(address, {"seen": "2"}).status_code == 404
    assert browser(cast.dora).post(address, {"seen": "2"}).status_code == 404
    assert client.post(address, {"seen": "1"}, follow=True).status_code == 200
    assert Version.objects.count() == 2, "somebody saved in the meantime"
    assert client.post(address, {"seen": "2"}).status_code == 302
    assert saved(made)["terms"]["parts"]["price"] == 195
    assert Version.objects.first().note == "Version 1 again"
    assert client.post(reverse("ventures:restore", args=[made.uid, 99])).status_code == 404


def test_versions_are_compared_in_the_words_of_the_form(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.anna, "de")
    given = sent(page_of(client, made)) | {"drivers-0-point.0": "250", "do": "save"}
    assert post(client, made, given).status_code == 302
    page = client.get(reverse("ventures:versions", args=[made.uid]), {"before": 1, "after": 2})
    said = page.content.decode()
    for word in ("Verkaufte Stück im Quartal", "Niedrig", "300", "250", "im Schnitt"):
        assert word in said
    for word in ("drivers", "likely", "point"):
        assert word not in said


@pytest.mark.parametrize("name", ["whole", "text"])
def test_only_whoever_may_write_changes_lines(cast: Cast, room: Room, name: str) -> None:
    for made in (of_room(cast.anna, room), of_organisation(cast)):
        address = reverse(f"ventures:{name}", args=[made.uid])
        for actor in (cast.ben, cast.dora, cast.greta):
            client = browser(actor)
            assert client.get(address).status_code == 404
            assert client.post(address, {"do": "save"}).status_code == 404
