"""What one's own answers alone say, and what the others will see of them."""

from __future__ import annotations

import pytest

from apps.rooms.cast import come_in, fill, sheets
from mutualist.apps.rooms import actions
from mutualist.domain.assess import builtin_ruleset

RULES = builtin_ruleset("2026.2")


@pytest.fixture
def filled(cast, room):
    fill(cast.anna, room, sheets()["A"])
    return room


def test_contradictions_are_shown_with_the_answers_they_come_from(cast, room, sheet):
    paid = [{"source": "fixed_price", "percent": 100, "payer": "B"}]
    fill(cast.anna, room, {"5.6": "shared", "5.1": paid})
    response = sheet.get("preview/")
    page = response.content.decode()
    assert "does not fit" in page or "do not fit" in page
    assert "/answer/5/#item-5.6" in page
    finding = next(f for f in response.context["findings"] if len(f["sources"]) > 1)
    left = sheet.client.get(finding["leave_url"])
    assert "You leave this as it is." in left.content.decode()


def test_open_items_are_listed_with_core_items_first(cast, room, sheet):
    fill(cast.anna, room, {"1.1": "x", "2.2": "dont_know", "2.4": {"want": "none"}})
    entries = {entry["number"]: entry for entry in sheet.get("preview/").context["open_items"]}
    assert "1.1" not in entries
    assert "don’t know" in entries["2.2"]["state"]
    assert "We grant" in entries["2.4"]["state"]
    core = [entry["core"] for entry in sheet.get("preview/").context["open_items"]]
    assert core == sorted(core, reverse=True)


def test_a_full_sheet_has_nothing_open(filled, sheet):
    assert sheet.get("preview/").context["open_items"] == []


def test_the_view_of_the_other_side_holds_back_what_is_not_shown(filled, sheet):
    response = sheet.get("preview/?view=theirs")
    entries = {e["number"]: e for q in response.context["questions"] for e in q["entries"]}
    assert len(entries) == 36
    for number, item in RULES.items.items():
        shown = item.shown in {"opening", "split"}
        assert bool(entries[number]["lines"]) == shown, number
        assert bool(entries[number]["hidden"]) == (item.shown != "opening"), number
    assert entries["6.3"]["lines"] == ["Months to a contract: 7"]
    page = response.content.decode()
    assert "own build" not in page
    assert "Pain limit" not in page


def test_the_house_sees_where_its_people_differ_and_nobody_else_does(
    cast, filled, sheet, browser_of
):
    invitation = actions.add_colleague(
        actor=cast.anna, room=filled, name="Einkauf", email="einkauf@nordwerk.test", language="en"
    )
    buyer = come_in(invitation)
    fill(buyer, filled, {"2.6": 9, "1.4": "1to3"})
    response = sheet.get("preview/")
    rows = {row["number"]: row for row in response.context["spread"]}
    assert list(rows) == ["2.6"]
    assert [voice["name"] for voice in rows["2.6"]["voices"]] == ["Anna", "Einkauf"]
    assert "Einkauf" in response.content.decode()
    fill(cast.clara, filled, {"2.6": 2})
    other = browser_of("Clara").get(f"/rooms/{filled.uid}/preview/")
    assert "Einkauf" not in other.content.decode()


def test_a_colleague_hands_in_to_the_lead_and_cannot_seal(cast, filled, client):
    invitation = actions.add_colleague(
        actor=cast.anna, room=filled, name="Einkauf", email="einkauf@nordwerk.test", language="en"
    )
    client.post("/" + invitation.url.split("//", 1)[1].split("/", 1)[1])
    fine = {"version-2.6": "0:none", "2.6.value": "9"}
    assert client.post(f"/rooms/{filled.uid}/answer/2/", fine).status_code == 302
    page = client.get(f"/rooms/{filled.uid}/preview/").content.decode()
    assert "Handed to Anna" in page
    assert "Seal and hand in" not in page


def test_who_sees_what_lists_every_item_once(room, sheet):
    groups = sheet.get("visibility/").context["groups"]
    numbers = [entry["number"] for group in groups for entry in group["items"]]
    assert sorted(numbers) == sorted(RULES.items)
    counts = {group["kind"]: len(group["items"]) for group in groups}
    assert counts == {"opening": 31, "split": 1, "finding": 1, "mutual": 1, "never": 2}


def test_the_neutral_host_may_read_who_sees_what_but_no_sheet(cast, browser_of):
    from apps.rooms.cast import convened_room

    room, *_guests = convened_room(cast)
    host = browser_of("Greta")
    assert host.get(f"/rooms/{room.uid}/visibility/").status_code == 200
    assert host.get(f"/rooms/{room.uid}/preview/").status_code == 404
    assert host.get(f"/rooms/{room.uid}/answer/1/").status_code == 404
