"""Every address with every stranger: nothing is shown, nothing is changed, nothing can be guessed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guards.routes import (
    BODIES,
    FORMS,
    LISTED,
    ROOM,
    ROOM_API,
    all_routes,
    api_operations,
    room_address,
)
from guards.world import ANY_UID, STRANGERS, World, asks, changed, plain, snapshot
from mutualist.apps.identity.models import Membership
from mutualist.apps.identity.queries import tokens_of

pytestmark = pytest.mark.django_db
ROOMS = ("drafting", "sealed", "pressed", "opened", "second", "convened")
NO_METHOD = 405


def test_every_route_is_listed() -> None:
    routes = set(all_routes())
    assert routes - LISTED == set(), "say in guards/routes.py who may reach these"
    assert LISTED - routes == set(), "these are gone"
    assert set(api_operations()) | {"api:openapi-json", "api:openapi-view", "api:api-root"} == {
        name for name in routes if name.startswith("api:")
    }


def test_strangers_find_no_room(world: World) -> None:
    for name in STRANGERS:
        stranger = world.visitors[name]
        before = snapshot()
        nothing = {
            (route, method): plain(answer, ANY_UID)
            for route, method, answer in asks(stranger, ANY_UID, 1)
        }
        for state in ROOMS:
            uid, person = world.rooms[state].uid, world.people[state]
            for route, method, answer in asks(stranger, uid, person):
                place = (name, state, route, method)
                assert plain(answer, uid) == nothing[route, method], place
                assert answer.status_code in _refusals(name, route), place
        assert changed(before) == [], name


def _refusals(name: str, route: str) -> set[int]:
    if route in ROOM_API:
        # A program without a token is asked for one; a browser's session is none.
        return {404} if name == "dora" else {401}
    return {302, NO_METHOD} if name == "anonymous" else {404, NO_METHOD}


def test_a_wrong_method_is_the_only_other_refusal(world: World) -> None:
    """Where strangers are told "method not allowed", so is the owner."""
    uid, person = world.rooms["drafting"].uid, world.people["drafting"]
    for route in sorted(ROOM):
        path = room_address(route, uid, person)
        if world.dora.get(path).status_code == NO_METHOD:
            assert world.anna.get(path).status_code == NO_METHOD, route
        assert world.anna.get(path).status_code < 500, route


def test_anonymous_people_are_led_to_the_login(world: World) -> None:
    uid = world.rooms["opened"].uid
    answer = world.anonymous.get(room_address("rooms:result", uid))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert world.anonymous.get(reverse("rooms:list")).status_code == 302


def test_a_session_is_no_token(world: World) -> None:
    """The JSON API wants a token, so that no foreign page can use somebody's cookies."""
    path = room_address("api:get_room", world.rooms["opened"].uid)
    assert world.anna.client.get(path).status_code == 401
    assert world.anna.call("GET", path).status_code == 200


def test_people_of_one_room_cannot_be_reached_through_another(world: World) -> None:
    """Dora manages a room of her own; the people of Anna's are not to be had there."""
    own, foreign = world.rooms["elsewhere"], world.people["drafting"]
    before = snapshot()
    for route in ("resend", "revoke", "lead", "remove"):
        path = room_address(f"rooms:person_{route}", own.uid, foreign)
        assert world.dora.post(path).status_code == 404, route
    for route in ("api:resend", "api:revoke"):
        path = room_address(route, own.uid, foreign)
        assert world.dora.call("POST", path).status_code == 404, route
    assert changed(before) == []


def test_a_reader_writes_nothing(world: World) -> None:
    for state in ("drafting", "sealed", "pressed", "opened", "second"):
        uid, person = world.rooms[state].uid, world.people[state]
        before = snapshot()
        for route, method, answer in asks(world.ben, uid, person, methods=("POST",)):
            assert answer.status_code < 500, (state, route, method)
        assert changed(before) == [], state


def test_a_party_manages_nothing_of_the_host_or_of_the_other_side(world: World) -> None:
    ways = {
        "rooms:": ("deadline", "remind", "delete", "people"),
        "rooms:person_": ("resend", "revoke", "lead", "remove"),
        "api:": ("move_deadline", "delete_room", "invite", "resend", "revoke"),
    }
    wanted = {prefix + name for prefix, names in ways.items() for name in names}
    for state in ("drafting", "sealed"):
        uid, person = world.rooms[state].uid, world.people[state]
        before = snapshot()
        for route in sorted(wanted & ROOM):
            answer = world.clara.post(room_address(route, uid, person), FORMS.get(route))
            assert answer.status_code in {302, 404, 422}, (state, route)
        for route in sorted(wanted & ROOM_API):
            method = next(m for m in api_operations()[route] if m != "GET")
            path = room_address(route, uid, person)
            answer = world.clara.call(method, path, BODIES.get(route))
            assert answer.status_code in {404, 422}, (state, route)
        assert changed(before) == [], state


@pytest.mark.parametrize("name", ["greta", "dora"])
def test_a_neutral_host_gets_neither_answers_nor_result(world: World, name: str) -> None:
    refused = {
        *("result", "compute", "guide", "pledges", "part", "board_pdf", "report_pdf", "workbook"),
        *("json", "answer", "item", "preview", "answers_workbook", "next_round"),
        *("get_result", "get_answers", "get_changes", "get_sheet", "save_answer"),
    }
    uid, person = world.rooms["convened"].uid, world.people["convened"]
    for route, method, answer in asks(world.visitors[name], uid, person, methods=("GET",)):
        if route.split(":")[1] in refused:
            assert answer.status_code in {404, NO_METHOD}, (route, method)
    for route in ("api:compute", "api:save_answer"):
        answer = world.visitors[name].call("POST", room_address(route, uid), {"moves": []})
        assert answer.status_code in {404, NO_METHOD}, route


def test_organisations_are_closed_to_strangers(world: World) -> None:
    uid = world.cast.nordwerk.uid
    member = Membership.objects.get(organisation=world.cast.nordwerk, role="reader").pk
    before = snapshot()
    ways = {
        reverse("identity:members", args=[uid]): {
            "email": "x@y.example",
            "role": "owner",
            "language": "en",
        },
        reverse("identity:change_role", args=[uid, member]): {"role": "owner"},
        reverse("identity:remove_member", args=[uid, member]): {},
        reverse("identity:revoke_invitation", args=[uid, 1]): {},
        reverse("privacy:end_organisation", args=[uid]): {"name": world.cast.nordwerk.name},
        reverse("privacy:keep_organisation", args=[uid]): {},
    }
    for path, form in ways.items():
        elsewhere = path.replace(str(uid), ANY_UID)
        for name in ("dora", "clara", "greta"):
            visitor = world.visitors[name]
            assert visitor.post(path, form).status_code == 404, (name, path)
            assert plain(visitor.get(path), uid) == plain(visitor.get(elsewhere), ANY_UID)
        assert world.ben.post(path, form).status_code == 404, path
        assert world.guest.post(path, form).status_code == 302, path
        assert world.anonymous.get(path).status_code in {302, NO_METHOD}, path
    assert world.ben.get(next(iter(ways))).status_code == 200
    assert changed(before) == []


def test_tokens_of_others_stay(world: World) -> None:
    token = tokens_of(world.cast.anna).first()
    assert token is not None
    path = reverse("identity:revoke_token", args=[token.pk])
    assert world.dora.post(path).status_code == 404
    assert tokens_of(world.cast.anna).filter(pk=token.pk).exists()


def test_demo_and_outbox_are_hidden(world: World) -> None:
    from mutualist.apps.identity.demo import demo_link
    from mutualist.apps.identity.models import User

    link = demo_link(User.objects.get(pk=world.cast.anna.user_id))
    path = "/demo/" + link.split("/demo/")[1]
    for visitor in world.visitors.values():
        assert visitor.get(path).status_code == 404, visitor.name
        assert visitor.get(reverse("core:outbox")).status_code == 404, visitor.name
        assert visitor.get(reverse("core:styleguide")).status_code == 404, visitor.name
