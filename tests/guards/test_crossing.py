"""Ids that belong to another room, round or side of the same person: as absent as ids of nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from guards.routes import api_operations, room_address
from guards.world import World, changed, plain, snapshot
from mutualist.apps.rooms.models import Answerer

pytestmark = pytest.mark.django_db
NOBODY = 9_999_999
PEOPLE = ("person_resend", "person_revoke", "person_lead", "person_remove")
OF_A_ROUND = ("api:get_result", "api:get_answers", "api:get_changes", "api:compute")
PAGES_OF_A_ROUND = ("rooms:result", "rooms:json", "rooms:workbook", "rooms:room_file")


def said(answer: Any, uid: object) -> str:
    return plain(answer, uid).replace(str(NOBODY), "ID")


def test_people_of_another_of_ones_own_rooms_are_nobody_here(world: World) -> None:
    here = world.rooms["drafting"]
    elsewhere = Answerer.objects.exclude(room=here).values_list("pk", flat=True)
    before = snapshot()
    for person in [world.people["sealed"], *elsewhere[:2]]:
        for name in PEOPLE:
            found = world.anna.post(room_address(f"rooms:{name}", here.uid, person))
            nobody = world.anna.post(room_address(f"rooms:{name}", here.uid, NOBODY))
            assert found.status_code == nobody.status_code == 404, name
            assert said(found, here.uid) == said(nobody, here.uid), name
        for name in ("api:resend", "api:revoke"):
            found = world.anna.call("POST", room_address(name, here.uid, person))
            nobody = world.anna.call("POST", room_address(name, here.uid, NOBODY))
            assert (found.status_code, found.content) == (404, nobody.content), name
    assert [table for table in changed(before) if table.startswith("rooms_")] == []


def test_a_round_that_is_not_opened_is_no_round(world: World) -> None:
    uid = world.rooms["second"].uid
    for visitor in (world.anna, world.clara, world.ben):
        for name in OF_A_ROUND:
            method = api_operations()[name][0]
            body = {"moves": []} if method == "POST" else None
            path = reverse(name, args=[uid])
            sealed, none = (visitor.call(method, f"{path}?round={n}", body) for n in (2, 9))
            assert (sealed.status_code, sealed.content) == (404, none.content), name
            assert visitor.call(method, f"{path}?round=1", body).status_code == 200, name
        for name in PAGES_OF_A_ROUND:
            path = reverse(name, args=[uid])
            sealed, none = (visitor.get(f"{path}?round={n}") for n in (2, 9))
            assert sealed.status_code == none.status_code, name
            assert plain(sealed, uid).replace("round=2", "") == plain(none, uid).replace(
                "round=9", ""
            )


def test_the_other_side_is_no_seat_of_mine(world: World) -> None:
    asked = {"api:get_sheet": None, "api:save_answer": {"value": "gt3", "version": 0}}
    before = snapshot()
    for state in ("drafting", "sealed", "pressed", "second", "opened"):
        uid = world.rooms[state].uid
        for visitor, theirs in ((world.anna, "B"), (world.clara, "A"), (world.ben, "A")):
            for name, body in asked.items():
                method, path = api_operations()[name][0], room_address(name, uid)
                found, nobody = (
                    visitor.call(method, f"{path}?seat={seat}", body) for seat in (theirs, "Z")
                )
                assert found.status_code == 404, (state, visitor.name, name)
                assert found.content == nobody.content, (state, visitor.name, name)
            page = reverse("rooms:answer", args=[uid, 1])
            found, nobody = (visitor.get(f"{page}?seat={seat}") for seat in (theirs, "Z"))
            told = [
                plain(one, uid).replace(f"seat={k}", "")
                for one, k in ((found, theirs), (nobody, "Z"))
            ]
            assert told[0] == told[1], (state, visitor.name)
    assert [table for table in changed(before) if table.startswith("rooms_")] == []
