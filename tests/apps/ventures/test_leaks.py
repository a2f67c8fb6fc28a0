"""What a party keeps to itself is found in nothing that anybody else gets, and nowhere in the clear."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import (
    Cast,
    come_in,
    convened_room,
    invite_clara,
    open_two_sided,
    room_of_two,
    seal_short,
)
from apps.ventures.steps import browser, of_organisation, of_room
from guards.canaries import database_content, found_in
from guards.routes import VENTURE, api_operations
from guards.world import plain
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.models import AuditEntry, OutboxMail
from mutualist.apps.delivery import actions as delivery
from mutualist.apps.delivery.models import Event
from mutualist.apps.identity import actions as identity
from mutualist.apps.rooms import actions as rooms
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures import actions, queries
from mutualist.apps.ventures.models import Venture

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = "00000000-0000-4000-8000-000000000000"
# Nothing else in a venture has seven digits like these.
OF_ANNA = {
    "best_alternative": 7100137,
    "pain_limit": 7100256,
    "risk_tolerance": 7100375,
    "business": {"mean": 7100494, "sd": 7100613},
}
OF_CLARA = {"best_alternative": 7200137, "pain_limit": 7200256}
ANNAS = {str(number) for number in (7100137, 7100256, 7100375, 7100494, 7100613)}
CLARAS = {"7200137", "7200256"}


@pytest.fixture
def venture(cast: Cast, room: Room) -> Venture:
    for owner, uid in ((cast.anna, cast.nordwerk.uid), (cast.clara, cast.tauwerk.uid)):
        delivery.add_endpoint(uid, address=f"https://9.9.9.9/{owner.name}", actor=owner)
    made = of_room(cast.anna, room)
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures=OF_ANNA)
    actions.keep_figures(actor=cast.clara, venture=made.uid, figures=OF_CLARA)
    return made


def addresses(uid: object) -> Iterator[tuple[str, str]]:
    """Yield name and address of everything about a venture that can be read."""
    for name in sorted(VENTURE):
        if name.startswith("api:"):
            if "GET" in api_operations()[name]:
                yield name, reverse(name, args=[uid])
        elif name not in {"ventures:restore", "ventures:keep"}:
            yield name, reverse(name, args=[uid])


def everything(client: Client, token: str, uid: object) -> Iterator[tuple[str, Any]]:
    """Ask for all of it, programs by their token."""
    for name, address in addresses(uid):
        headers = {"Authorization": f"Bearer {token}"} if name.startswith("api:") else {}
        yield name, client.get(address, headers=headers)


def content_of(name: str, answer: Any) -> bytes:
    if name != "ventures:parquet" or answer.status_code != 200:
        return bytes(answer.content) + repr(answer.headers).encode()
    from pyarrow import parquet

    table = parquet.read_table(io.BytesIO(answer.content))
    assert table.num_rows == 100_000
    return json.dumps([str(table.schema.metadata), table.slice(0, 2000).to_pydict()]).encode()


def test_the_other_side_is_shown_no_private_figure_anywhere(cast: Cast, venture: Venture) -> None:
    clara, ben = (identity.create_api_token("t", actor=who) for who in (cast.clara, cast.ben))
    for who, language, token, hidden in (
        (cast.clara, "de", clara, ANNAS),
        (cast.ben, "en", ben, ANNAS | CLARAS),
    ):
        seen = 0
        for name, answer in everything(browser(who, language), token, venture.uid):
            assert answer.status_code in {200, 404}, name
            assert found_in(content_of(name, answer), hidden) == [], (who.name, name)
            seen += answer.status_code == 200
        assert seen > 10, "most of it can be read"
    anna = identity.create_api_token("t", actor=cast.anna)
    found = {
        name: set(found_in(content_of(name, answer), ANNAS))
        for name, answer in everything(browser(cast.anna), anna, venture.uid)
    }
    assert found["ventures:private"] == ANNAS, "the search finds what is there"
    assert found["api:get_figures"] == ANNAS
    for name in ("paper", "workbook", "parquet", "file"):
        assert found[f"ventures:{name}"] == set(), "a paper is passed on"


def test_nothing_stands_in_the_clear_in_database_log_mails_events_or_audit(
    cast: Cast, room: Room, caplog: Any
) -> None:
    logger = logging.getLogger("django.db.backends")
    before, forced = logger.level, connection.force_debug_cursor
    caplog.set_level(logging.DEBUG)
    logger.setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    try:
        made = of_room(cast.anna, room)
        client = browser(cast.anna)
        form = {"best_alternative": "7100137", "pain_limit": "7100256"}
        assert client.post(reverse("ventures:private", args=[made.uid]), form).status_code == 302
        client.get(reverse("ventures:venture", args=[made.uid]))
    finally:
        connection.force_debug_cursor = forced
        logger.setLevel(before)
    assert "ventures_privatefigures" in caplog.text, "this is the log"
    for what in (
        caplog.text.encode(),
        database_content(),
        "".join(f"{m.subject}{m.text}{m.html}" for m in OutboxMail.objects.all()).encode(),
        "".join(Event.objects.values_list("body", flat=True)).encode(),
        json.dumps([[e.body, e.personal.data] for e in AuditEntry.objects.all()]).encode(),
    ):
        assert found_in(what, ANNAS) == []


def test_the_log_of_the_other_side_does_not_even_say_that_there_are_any(
    cast: Cast, room: Room, venture: Venture
) -> None:
    from mutualist.apps.rooms.queries import room_timeline

    def said(actor: Any) -> str:
        return " ".join(str(entry) for entry in room_timeline(actor, room))

    assert "Anna" in said(cast.anna)
    assert said(cast.anna).count("private figures") == 1
    assert said(cast.clara).count("private figures") == 1
    assert "Clara changed your private figures" not in said(cast.anna)


def test_strangers_find_nothing_at_any_address(cast: Cast, venture: Venture) -> None:
    """The rival, somebody by link from elsewhere, the visitor: all as if it did not exist."""
    own = of_organisation(cast)
    elsewhere = open_two_sided(cast)
    link = invite_clara(cast, elsewhere)
    guest = Client()
    guest.post(link.url.replace("http://testserver", ""))
    dora = identity.create_api_token("t", actor=cast.dora)
    for client, token in ((browser(cast.dora), dora), (guest, "none"), (Client(), "none")):
        nothing = {
            name: plain(answer, NOBODY) for name, answer in everything(client, token, NOBODY)
        }
        for made in (venture, own):
            for name, answer in everything(client, token, made.uid):
                assert answer.status_code in {302, 401, 404}, name
                assert plain(answer, made.uid) == nothing[name], name
    clara = identity.create_api_token("t", actor=cast.clara)
    for name, answer in everything(browser(cast.clara), clara, own.uid):
        assert answer.status_code == 404, (name, "a venture of Nordwerk alone")


def test_a_neutral_host_and_their_colleagues_find_nothing_until_they_may(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    seal_short(room, ida, paul)
    for guest in (ida, paul):
        rooms.press_open(actor=guest, room=room)
    made = of_room(ida, room)
    actions.keep_figures(actor=ida, venture=made.uid, figures=OF_ANNA)
    greta = identity.create_api_token("t", actor=cast.greta)
    for name, answer in everything(browser(cast.greta), greta, made.uid):
        assert answer.status_code == 404, name
    for guest in (ida, paul):
        rooms.share_result(actor=guest, room=room, share=True)
    for name, answer in everything(browser(cast.greta), greta, made.uid):
        assert found_in(content_of(name, answer), ANNAS) == [], name
    private = browser(cast.greta).get(reverse("ventures:private", args=[made.uid]))
    assert private.status_code == 404


def test_moving_sliders_tells_nothing_of_a_pain_limit_or_business(cast: Cast, room: Room) -> None:
    """Whatever the other side moves, what it gets is the same with and without these figures."""
    made = of_room(cast.anna, room)
    clara = browser(cast.clara)
    address = reverse("ventures:compute", args=[made.uid])
    moves = [{}, {"terms-parts-price": "100"}, {"correlation": "90"}, {"terms-parts-price": "260"}]
    before = [plain(clara.get(address, move), made.uid) for move in moves]
    only = {key: value for key, value in OF_ANNA.items() if key != "best_alternative"}
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures=only)
    assert [plain(clara.get(address, move), made.uid) for move in moves] == before


def test_somebody_who_left_their_party_gets_its_figures_no_more(
    cast: Cast,
) -> None:
    room = room_of_two(cast)
    colleague = rooms.add_colleague(
        actor=cast.anna, room=room, name="Jonas", email="jonas@nordwerk.example", language="en"
    )
    jonas = come_in(colleague)
    seal_short(room, cast.anna, cast.clara)
    for actor in (cast.anna, cast.clara):
        rooms.press_open(actor=actor, room=room)
    venture = of_room(cast.anna, room)
    actions.keep_figures(actor=cast.anna, venture=venture.uid, figures=OF_ANNA)
    assert queries.own_figures(queries.get_venture(jonas, venture.uid)) == OF_ANNA
    rooms.revoke_link(actor=cast.anna, room=room, answerer_id=colleague.answerer.pk)
    with pytest.raises(NotAllowed):
        queries.get_venture(jonas, venture.uid)
