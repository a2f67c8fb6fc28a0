"""Somebody with many rooms reaches all of them."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import FRAME, Cast
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import User
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.queries import lists
from mutualist.apps.rooms.values import PartySpec

pytestmark = pytest.mark.django_db
UID = re.compile(r"/rooms/([0-9a-f-]{36})/")


@pytest.fixture
def rooms(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(lists, "CARDS_A_PAGE", 3)
    monkeypatch.setattr(lists, "ROWS_A_PAGE", 3)
    made = [
        actions.create_room(
            actor=cast.greta,
            mode="convened",
            host=cast.cluster,
            frame={**FRAME, "name": f"Room {number}"},
            parties=[PartySpec("Nordwerk"), PartySpec("Tauwerk")],
        )
        for number in range(7)
    ]
    return [str(room.uid) for room in reversed(made)]


@pytest.fixture
def greta(cast: Cast, client: Client) -> Client:
    client.force_login(User.objects.get(pk=cast.greta.user_id))
    return client


def shown(client: Client, address: str) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200
    return list(dict.fromkeys(UID.findall(page.content.decode())))


@pytest.mark.parametrize("name", ["rooms:list", "rooms:convene"])
def test_all_rooms_are_reached_page_by_page(greta: Client, rooms: list[str], name: str) -> None:
    address, found, pages = reverse(name), [], 0
    while address:
        found += shown(greta, address)
        pages += 1
        html = greta.get(address).content.decode()
        after = re.search(r'rel="next" href="([^"]+)"', html)
        address = reverse(name) + after[1].replace("&amp;", "&") if after else ""
    assert (found, pages) == (rooms, 3)


@pytest.mark.parametrize(
    ("number", "first"), [("0", 6), ("-1", 6), ("99", 6), ("x", 0), ("", 0), ("9" * 5000, 0)]
)
def test_a_wrong_page_number_is_brought_into_bounds(
    greta: Client, rooms: list[str], number: str, first: int
) -> None:
    assert shown(greta, f"{reverse('rooms:list')}?page={number}")[0] == rooms[first]


def test_programs_go_on_from_a_number(cast: Cast, client: Client, rooms: list[str]) -> None:
    token = identity.create_api_token("list", actor=cast.greta)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    answer = client.get("/api/v1/rooms?start=5")
    assert [room["uid"] for room in json.loads(answer.content)] == rooms[5:]
    assert client.get("/api/v1/rooms?start=-1").status_code == 422
    assert client.get("/api/v1/rooms?start=1" + "0" * 30).status_code == 422
