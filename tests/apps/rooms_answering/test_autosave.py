"""Each item saved by itself while one answers."""

from __future__ import annotations

import json

import pytest

from apps.rooms.cast import fill, fresh
from mutualist.apps.rooms import queries


def answers(actor, room):
    return queries.draft_sheet(actor, fresh(room)).answers


def errors_of(response):
    return json.loads(response["HX-Trigger"])["item-errors"]["errors"]


def test_an_item_is_saved_and_says_when(cast, room, sheet):
    response = sheet.save("2.6", {"2.6.value": "4"})
    page = response.content.decode()
    assert response.status_code == 200
    assert answers(cast.anna, room) == {"2.6": 4}
    assert page.strip().split("\n")[0].startswith("saved ")
    assert errors_of(response) == {}
    assert 'value="1:' in page, "the new version comes along"
    assert 'id="progress"' in page


def test_the_stamp_that_comes_back_saves_the_next_change(cast, room, sheet):
    first = sheet.save("2.6", {"2.6.value": "4"})
    stamp = first.context["item"].extra["stamp"]
    assert sheet.save("2.6", {"2.6.value": "5"}, stamp).status_code == 200
    assert answers(cast.anna, room) == {"2.6": 5}


def test_the_same_request_twice_has_one_effect(cast, room, sheet):
    assert sheet.save("2.6", {"2.6.value": "4"}).status_code == 200
    assert sheet.save("2.6", {"2.6.value": "4"}).status_code == 200
    assert queries.draft_sheet(cast.anna, fresh(room)).versions == {"2.6": 1}


def test_a_wrong_value_is_refused_at_its_box(cast, room, sheet):
    fill(cast.anna, room, {"2.6": 3})
    stamp = sheet.stamps(2)["version-2.6"]
    response = sheet.save("2.6", {"2.6.value": "eleven"}, stamp)
    assert response.status_code == 422
    assert list(errors_of(response)) == ["q2-6-value"]
    assert answers(cast.anna, room) == {"2.6": 3}
    assert response.context["item"].extra["stamp"] == stamp


def test_an_unfinished_answer_is_not_called_wrong(cast, room, sheet):
    response = sheet.save("4.1", {"4.1.0.type": "devices"})
    assert response.status_code == 200
    assert errors_of(response) == {}
    assert "is missing in this row" in response.content.decode()
    assert answers(cast.anna, room) == {}


@pytest.mark.parametrize("resolve", ["mine", "theirs"])
def test_a_conflict_shows_both_versions_and_is_settled(cast, room, sheet, resolve):
    sheet.save("1.4", {"1.4.value": "open"})
    response = sheet.save("1.4", {"1.4.value": "gt3"})
    page = response.content.decode()
    assert response.status_code == 409
    assert ">open<" in page
    assert "after more than 3 years" in page
    assert answers(cast.anna, room) == {"1.4": "open"}
    stamp = response.context["item"].extra["stamp"]
    settled = sheet.save("1.4", {"1.4.value": "gt3", "resolve": f"1.4:{resolve}"}, stamp)
    assert settled.status_code == 200
    assert 'id="item-1.4"' in settled.content.decode()
    expected = "gt3" if resolve == "mine" else "open"
    assert answers(cast.anna, room) == {"1.4": expected}


def test_role_and_mandate_are_saved_too(cast, room, sheet):
    response = sheet.save("header", {"header.role": "CEO", "header.mandate": "yes"})
    assert response.status_code == 200
    assert answers(cast.anna, room) == {"header": {"role": "CEO", "mandate": "yes"}}


def test_a_damaged_stamp_never_overwrites(cast, room, sheet):
    sheet.save("1.4", {"1.4.value": "open"})
    for stamp in ("", "x:y", "999999999999:none", "-1:none"):
        assert sheet.save("1.4", {"1.4.value": "gt3"}, stamp).status_code == 409
    assert answers(cast.anna, room) == {"1.4": "open"}


@pytest.mark.parametrize("item", ["7.1", "1.7", "frame", "1.1.value"])
def test_unknown_items_are_not_found(sheet, item):
    assert sheet.save(item, {}).status_code == 404


def test_an_item_is_only_ever_posted(sheet):
    assert sheet.get("item/1.1/").status_code == 405


def test_strangers_cannot_save(room, browser_of):
    assert (
        browser_of("Dora").post(f"/rooms/{room.uid}/item/1.1/", {"1.1.value": "x"}).status_code
        == 404
    )
