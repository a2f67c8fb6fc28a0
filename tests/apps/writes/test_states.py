"""Nobody overwrites what they have not seen: entity tags for programs, two versions side by side for people."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import Cast, fill, fresh, in_days, opened_room, room_of_two
from apps.writes.scenarios import browser, page, program, room_api
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import Membership, User
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.queries import draft_sheet

pytestmark = pytest.mark.django_db


class Program:
    def __init__(self, cast: Cast) -> None:
        self.token = program(cast.anna)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        import json

        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return Client().generic(
            method,
            path,
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **given},
        )


@pytest.fixture
def ask(cast: Cast) -> Program:
    return Program(cast)


def test_each_thing_has_a_strong_tag_that_changes_with_it(cast: Cast, ask: Program) -> None:
    room = room_of_two(cast)
    paths = {
        "room": room_api("get_room", room),
        "sheet": room_api("get_sheet", room),
        "item": room_api("get_answer", room, item="1.4"),
    }
    before = {name: ask("GET", path)["ETag"] for name, path in paths.items()}
    assert before == {name: ask("GET", path)["ETag"] for name, path in paths.items()}
    assert not any(tag.startswith("W/") for tag in before.values())
    fill(cast.anna, room, {"1.4": "gt3"})
    after = {name: ask("GET", path)["ETag"] for name, path in paths.items()}
    assert all(before[name] != after[name] for name in paths)


def test_what_one_has_already_is_not_sent_again(cast: Cast, ask: Program) -> None:
    path = room_api("get_room", room_of_two(cast))
    tag = ask("GET", path)["ETag"]
    same = ask("GET", path, If_None_Match=tag)
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", tag)
    assert ask("GET", path, If_None_Match='"room-0-0"').status_code == 200


def test_a_tag_tells_nothing_of_the_answers(cast: Cast, ask: Program) -> None:
    """It may stand in the log of a proxy: the same versions have the same tag, whatever the words."""
    rooms = [room_of_two(cast), room_of_two(cast)]
    tags = []
    for room, value in zip(rooms, ("gt3", "open"), strict=True):
        fill(cast.anna, room, {"1.4": value})
        tags.append(ask("GET", room_api("get_sheet", room))["ETag"])
    assert tags[0] == tags[1]


def test_the_tag_of_an_answer_takes_the_place_of_its_version(cast: Cast, ask: Program) -> None:
    room = room_of_two(cast)
    path = room_api("save_answer", room, item="1.4")
    tag = ask("GET", path)["ETag"]
    saved = ask("PUT", path, {"value": "gt3"}, If_Match=tag)
    assert saved.status_code == 200
    again = ask("PUT", path, {"value": "open"}, If_Match=saved["ETag"])
    assert (again.status_code, again.json()["version"]) == (200, 2)
    late = ask("PUT", path, {"value": "1to3"}, If_Match=tag)
    assert late.status_code == 412
    assert late.json()["mine"] == {"value": "1to3", "version": 0}
    assert late.json()["theirs"] == {"value": "open", "version": 2}
    assert late["ETag"] == again["ETag"]
    assert draft_sheet(cast.anna, fresh(room)).answers["1.4"] == "open"


@pytest.mark.parametrize("tag", ['"item-2-0"', '"other"', 'W/"item-1-0"', "item-1-0", ""])
def test_a_tag_of_something_else_never_matches(cast: Cast, ask: Program, tag: str) -> None:
    path = room_api("save_answer", room_of_two(cast), item="1.4")
    answer = ask("PUT", path, {"value": "gt3"}, If_Match=tag)
    assert answer.status_code == 412
    assert answer.json()["mine"]["version"] is None


def test_one_seals_only_what_one_has_read(cast: Cast, ask: Program) -> None:
    room = room_of_two(cast)
    tag = ask("GET", room_api("get_sheet", room))["ETag"]
    fill(cast.anna, room, {"1.4": "gt3"})
    path, body = room_api("seal", room), {"confirm_open_items": True}
    late = ask("POST", path, body, If_Match=tag)
    assert late.status_code == 412
    assert late.json()["theirs"]["etag"] != tag
    assert not draft_sheet(cast.anna, fresh(room)).is_sealed
    tag = ask("GET", room_api("get_sheet", room))["ETag"]
    assert ask("POST", path, body, If_Match=tag).status_code == 200


WRITES: dict[str, tuple[str, Any]] = {
    "change_frame": ("PUT", {"name": "Another"}),
    "move_deadline": ("PUT", {"deadline": "2090-01-31"}),
    "close": ("POST", {"outcome": "ended"}),
    "invite": ("POST", {"name": "J", "email": "j@nordwerk.example", "language": "de"}),
    "delete_room": ("DELETE", None),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_room_changed_meanwhile_stays_as_it_is(cast: Cast, ask: Program, name: str) -> None:
    room = room_of_two(cast)
    tag = ask("GET", room_api("get_room", room))["ETag"]
    actions.move_deadline(actor=cast.anna, room=room, deadline=in_days(5))
    method, body = WRITES[name]
    path = room_api(name, room, **({"seat": "A"} if name == "invite" else {}))
    late = ask(method, path, body, If_Match=tag)
    assert late.status_code == 412, late.content
    assert late.json()["mine"]["version"] < late.json()["theirs"]["version"]
    assert fresh(room).deadline == in_days(5)
    tag = ask("GET", room_api("get_room", room))["ETag"]
    assert ask(method, path, body, If_Match=f'"room-1-x", {tag}').status_code < 300


def test_the_progress_of_others_hinders_nobody(cast: Cast, ask: Program) -> None:
    room = room_of_two(cast)
    tag = ask("GET", room_api("get_room", room))["ETag"]
    fill(cast.clara, room, {"1.4": "gt3"})
    path = room_api("move_deadline", room)
    assert ask("PUT", path, {"deadline": "2090-01-31"}, If_Match=tag).status_code == 200


def test_any_state_will_do_if_one_says_so(cast: Cast, ask: Program) -> None:
    room = room_of_two(cast)
    assert ask("DELETE", room_api("delete_room", room), If_Match="*").status_code == 204


def test_the_frame_can_be_changed_by_a_program(cast: Cast, ask: Program) -> None:
    room = opened_room(cast)
    refused = ask("PUT", room_api("change_frame", room), {"name": "Late"})
    assert (refused.status_code, refused.json()["code"]) == (422, "already_opened")
    early = room_of_two(cast)
    done = ask("PUT", room_api("change_frame", early), {"name": "Renamed", "horizon": 7})
    assert (done.status_code, done.json()["name"]) == (200, "Renamed")
    assert fresh(early).frame["horizon"] == 7


# People


def _two_versions(answer: Any, mine: str, theirs: str) -> str:
    text = answer.content.decode()
    assert answer.status_code == 409, text
    assert mine in text
    assert theirs in text
    return text


def test_two_versions_of_a_deadline(cast: Cast) -> None:
    room, client = room_of_two(cast), browser(cast.anna)
    actions.move_deadline(actor=cast.anna, room=room, deadline=in_days(5))
    form = {"deadline": in_days(9).isoformat(), "seen": ""}
    client.cookies["django_language"] = "en"
    text = _two_versions(client.post(page("deadline", room), form), "Keep mine", "Take theirs")
    assert f'name="seen" value="{in_days(5).isoformat()}"' in text
    assert f'name="deadline" value="{in_days(9).isoformat()}"' in text
    assert fresh(room).deadline == in_days(5)
    form["seen"] = in_days(5).isoformat()
    assert client.post(page("deadline", room), form).status_code == 302
    assert fresh(room).deadline == in_days(9)


def test_two_versions_of_a_role(cast: Cast) -> None:
    member = Membership.objects.get(user_id=cast.ben.user_id, organisation=cast.nordwerk)
    path = reverse("identity:change_role", args=[cast.nordwerk.uid, member.pk])
    client = browser(cast.anna)
    client.cookies["django_language"] = "de"
    identity.change_role(cast.nordwerk.uid, member.pk, "owner", actor=cast.anna)
    answer = client.post(path, {"role": "member", "seen": "reader"})
    text = _two_versions(answer, "Mitglied", "Inhaber")
    assert "Inzwischen an anderer Stelle geändert" in text
    member.refresh_from_db()
    assert member.role == "owner"
    assert client.post(path, {"role": "member", "seen": "owner"}).status_code == 302


def test_two_versions_of_a_name(cast: Cast) -> None:
    client = browser(cast.anna)
    identity.change_name("Anna One", actor=cast.anna)
    form = {"form": "name", "name": "Anna Two", "seen": "Anna"}
    _two_versions(client.post("/account/", form), "Anna Two", "Anna One")
    assert User.objects.get(pk=cast.anna.user_id).name == "Anna One"
    assert client.post("/account/", {**form, "seen": "Anna One"}).status_code == 302
    assert client.post("/account/", {**form, "seen": "whatever"}).status_code == 302, (
        "writing what stands there already is no conflict"
    )


def test_the_forms_say_what_they_have_seen(cast: Cast) -> None:
    room = room_of_two(cast, deadline=in_days(3))
    client = browser(cast.anna)
    assert 'name="seen" value="Anna"' in client.get("/account/").content.decode()
    members = client.get(reverse("identity:members", args=[cast.nordwerk.uid])).content.decode()
    assert 'name="seen" value="reader"' in members
    from mutualist.apps.rooms.models import Room

    Room.objects.filter(pk=room.pk).update(deadline=in_days(-1))
    shown = client.get(page("room", room)).content.decode()
    assert f'name="seen" value="{in_days(-1).isoformat()}"' in shown


@pytest.mark.parametrize(
    "name", ["room_file", "calendar", "board_pdf", "json", "workbook", "result"]
)
def test_a_round_that_is_not_open_is_not_there(cast: Cast, name: str) -> None:
    room, client = opened_room(cast), browser(cast.anna)
    for wrong in ("2", "x", "0", "99999"):
        assert client.get(page(name, room) + f"?round={wrong}").status_code == 404, wrong
    assert client.get(page(name, room) + "?round=1").status_code == 200


def test_the_file_of_an_earlier_round_can_still_be_had(cast: Cast, ask: Program) -> None:
    room, client = opened_room(cast), browser(cast.anna)
    first = client.get(page("room_file", room)).content
    actions.start_round(actor=cast.anna, room=room)
    fill(cast.anna, room, {"1.4": "open"})
    assert client.get(page("room_file", room)).content != first
    assert client.get(page("room_file", room) + "?round=1").content == first
    assert ask("GET", room_api("get_file", room) + "?round=2").status_code == 404
    assert ask("GET", room_api("get_file", room) + "?round=1").json()["answers"]["B"]
