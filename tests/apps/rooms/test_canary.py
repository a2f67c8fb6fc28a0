"""Words planted in sealed answers appear nowhere outside the own seat before the opening."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.db import connection

from apps.rooms.cast import (
    Cast,
    come_in,
    convened_room,
    fill,
    fresh,
    in_days,
    invite_clara,
    make_cast,
    on_every_seat,
    open_two_sided,
    sheets,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditEntry, AuditPersonal, OutboxMail
from mutualist.apps.rooms import actions, models
from mutualist.apps.rooms.models import Room
from mutualist.apps.rooms.queries import (
    convened_rooms,
    draft_sheet,
    export_room,
    host_statistics,
    house_spread,
    opened,
    people,
    room_cards,
    room_status,
    room_timeline,
)

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = ("canary-goal-7QX", "canary-milestone-5ZT", "canary-role-3KP", "canary-person-9WM")
AMOUNT = 7318642


def planted(party: str) -> dict[str, Any]:
    """A whole sheet with unique words and an unusual amount in it."""
    answers = {**sheets()[party]}
    answers["header"] = {"role": WORDS[2], "mandate": "up_to", "limit": AMOUNT}
    answers["1.1"] = WORDS[0]
    answers["6.1"] = [{"what": WORDS[1], "due_months": 5, "who": WORDS[3], "pays": "us"}]
    answers["4.4"] = AMOUNT
    return answers


def spoken_of(text: str) -> list[str]:
    return [word for word in (*WORDS, str(AMOUNT)) if word in text]


def text_of(value: Any) -> str:
    """Everything a value holds, also what its repr hides."""
    if is_dataclass(value) and not isinstance(value, type):
        fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
        return json.dumps({name: text_of(field) for name, field in fields.items()})
    if isinstance(value, dict):
        return json.dumps({str(key): text_of(field) for key, field in value.items()})
    if isinstance(value, list | tuple | set | frozenset):
        return json.dumps([text_of(field) for field in value])
    if isinstance(value, models.models.Model):
        return serializers.serialize("json", [value])
    return str(value)


def reads(actor: Actor, room: Room, cast: Cast) -> Iterator[tuple[str, Any]]:
    """Call every read; a refusal is an answer without content."""
    calls = {
        "cards": lambda: room_cards(actor),
        "status": lambda: room_status(actor, room),
        "people": lambda: people(actor, room),
        "timeline": lambda: room_timeline(actor, room),
        "export": lambda: export_room(actor, room),
        "opened": lambda: opened(actor, room),
        "sheet": lambda: draft_sheet(actor, room),
        "sheet A": lambda: draft_sheet(actor, room, "A"),
        "spread": lambda: house_spread(actor, room),
        "spread A": lambda: house_spread(actor, room, "A"),
        "convened": lambda: convened_rooms(actor, cast.cluster),
        "statistics": lambda: host_statistics(actor, cast.cluster),
    }
    for name, call in calls.items():
        try:
            yield name, call()
        except NotAllowed:
            yield name, None


def database_files() -> Iterator[Path]:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        main = next(row[2] for row in cursor.fetchall() if row[1] == "main")
    for suffix in ("", "-wal", "-journal"):
        if main and Path(main + suffix).exists():
            yield Path(main + suffix)


def every_row() -> str:
    """All rows of all tables of the site as text, ciphertexts also as raw bytes."""
    from django.apps import apps

    with on_every_seat():
        return "".join(_rows_as_text(apps.get_models()))


def _rows_as_text(models: Any) -> list[str]:
    parts = []
    for model in models:
        parts.append(serializers.serialize("json", model._default_manager.all()))
        for field in model._meta.fields:
            if field.get_internal_type() == "BinaryField":
                stored = model._default_manager.values_list(field.name, flat=True)
                parts += [bytes(content).decode("latin-1") for content in stored]
                parts += [base64.b64encode(bytes(content)).decode() for content in stored]
    return parts


def assert_silent(cast: Cast, room: Room, others: list[Actor], caplog) -> None:
    for actor in others:
        for name, answer in reads(actor, room, cast):
            assert spoken_of(text_of(answer)) == [], name
    everything = every_row()
    assert len(everything) > 10_000
    assert spoken_of(everything) == []
    assert spoken_of(caplog.text) == []
    if connection.vendor == "sqlite":
        files = list(database_files())
        assert files
        for file in files:
            assert spoken_of(file.read_bytes().decode("latin-1")) == [], file.name
    assert AuditEntry.objects.count() == AuditPersonal.objects.count() > 5
    assert OutboxMail.objects.exists()


@pytest.fixture
def noisy(caplog) -> Iterator[Any]:
    """Log everything, also each statement sent to the database with its values."""
    logger = logging.getLogger("django.db.backends")
    before = logger.level
    caplog.set_level(logging.DEBUG)
    logger.setLevel(logging.DEBUG)
    yield caplog
    logger.setLevel(before)


def test_planted_words_stay_on_the_own_seat(noisy) -> None:
    cast = make_cast()
    room = open_two_sided(cast, deadline=in_days(9))
    clara = come_in(invite_clara(cast, room))
    jonas = come_in(
        actions.add_colleague(
            actor=cast.anna, room=room, name="Jonas", email="jonas@example.org", language="de"
        )
    )
    fill(cast.anna, room, planted("A"))
    fill(clara, room, sheets()["B"])
    outsiders = [clara, cast.ben, cast.dora, cast.greta, jonas]
    assert_silent(cast, fresh(room), outsiders, noisy)
    actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=False)
    assert_silent(cast, fresh(room), outsiders, noisy)
    actions.take_back(actor=cast.anna, room=room)
    actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=False)
    actions.seal_sheet(actor=clara, room=room, confirm_open_items=False)
    actions.press_open(actor=cast.anna, room=room)
    assert_silent(cast, fresh(room), outsiders, noisy)
    # The own side sees its words, so the search above does find what is there.
    assert set(spoken_of(text_of(draft_sheet(cast.anna, fresh(room))))) == {*WORDS, str(AMOUNT)}
    actions.press_open(actor=clara, room=room)
    assert WORDS[0] in text_of(opened(clara, fresh(room)).visible)
    assert spoken_of(every_row()) == [], "answers stay encrypted after the opening"


def test_a_neutral_host_hears_nothing(noisy) -> None:
    cast = make_cast()
    room, ida, paul = convened_room(cast)
    fill(ida, room, planted("A"))
    actions.seal_sheet(actor=ida, room=room, confirm_open_items=False)
    assert_silent(cast, fresh(room), [cast.greta, paul, cast.dora], noisy)
    fill(paul, room, sheets()["B"])
    actions.seal_sheet(actor=paul, room=room, confirm_open_items=False)
    for actor in (ida, paul):
        actions.press_open(actor=actor, room=room)
    assert_silent(cast, fresh(room), [cast.greta, cast.dora], noisy)


def test_drafts_of_the_next_round_are_as_secret(noisy) -> None:
    cast = make_cast()
    room, ida, paul = convened_room(cast)
    for actor, key in ((ida, "A"), (paul, "B")):
        fill(actor, room, sheets()[key])
        actions.seal_sheet(actor=actor, room=room, confirm_open_items=False)
    for actor in (ida, paul):
        actions.press_open(actor=actor, room=room)
    actions.start_round(actor=ida, room=room)
    fill(ida, room, planted("A"))
    actions.seal_sheet(actor=ida, room=room, confirm_open_items=False)
    assert_silent(cast, fresh(room), [paul, cast.greta, cast.dora], noisy)
    assert opened(paul, fresh(room)).round == 1


def test_refusals_do_not_repeat_what_was_written(noisy) -> None:
    cast = make_cast()
    room = open_two_sided(cast)
    attempts = (
        ("1.1", WORDS[0] * 40),
        ("1.2", {WORDS[0]: 100}),
        (WORDS[0], "x"),
        ("4.4", WORDS[1]),
    )
    for item, value in attempts:
        with pytest.raises(ActionError):
            actions.save_answer(actor=cast.anna, room=room, item=item, value=value, version=0)
    assert spoken_of(noisy.text) == []
    assert spoken_of(every_row()) == []


def test_values_that_hold_answers_do_not_print_them() -> None:
    cast = make_cast()
    room = open_two_sided(cast)
    fill(cast.anna, room, planted("A"))
    sheet = draft_sheet(cast.anna, fresh(room))
    spread = house_spread(cast.anna, fresh(room))
    for value in (sheet, spread, *spread.people):
        assert spoken_of(repr(value)) == []
        assert asdict(value)
