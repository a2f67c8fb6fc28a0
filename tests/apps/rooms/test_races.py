"""Two requests at the same instant have one effect."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from apps.rooms.cast import audited, convened_room, fill, fresh, make_cast, seal_short, stored
from mutualist.apps.core.audit import verify
from mutualist.apps.core.errors import ActionError
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Draft, Opening, OpenPress, SealedSheet

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls in threads that start together; return results and refusals in their order."""
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.fail("threads need a database file")
    barrier = threading.Barrier(len(calls), timeout=20)
    found: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            found[number] = call()
        except ActionError as error:
            found[number] = error
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def codes(found: list[Any]) -> list[str]:
    return sorted(error.code if isinstance(error, ActionError) else "done" for error in found)


def test_both_sides_pressing_at_once_open_the_room_once() -> None:
    cast = make_cast()
    room, ida, paul = convened_room(cast)
    seal_short(room, ida, paul)
    found = at_once(
        *(
            lambda actor=actor: actions.press_open(actor=actor, room=room)
            for actor in (ida, paul, ida, paul)
        )
    )
    assert [type(result).__name__ for result in found] == ["Pressed"] * 4, found
    assert sum(result.opened for result in found) >= 1
    assert Opening.objects.count() == 1
    assert OpenPress.objects.count() == 2
    assert fresh(room).state == "opened"
    assert audited(room).count("rooms.room.opened") == 1
    assert list(verify(f"room:{room.pk}")) == []


def test_sealing_twice_at_once_has_one_effect() -> None:
    cast = make_cast()
    room, ida, _paul = convened_room(cast)
    fill(ida, room, {"1.4": "gt3"})
    found = at_once(
        *(
            lambda: actions.seal_sheet(actor=ida, room=room, confirm_open_items=True)
            for _attempt in range(3)
        )
    )
    assert codes(found) == ["already_sealed", "already_sealed", "done"], found
    assert SealedSheet.objects.count() == 1
    assert audited(room).count("rooms.answers.sealed") == 1


def test_one_of_two_windows_wins_and_the_other_is_told() -> None:
    cast = make_cast()
    room, ida, _paul = convened_room(cast)
    found = at_once(
        *(
            lambda value=value: actions.save_answer(
                actor=ida, room=room, item="1.4", value=value, version=0
            )
            for value in ("gt3", "open", "1to3")
        )
    )
    assert codes(found) == ["changed_elsewhere", "changed_elsewhere", "done"], found
    assert [draft.version for draft in stored(Draft)] == [1]


def test_a_late_answer_and_the_seal_do_not_interleave() -> None:
    cast = make_cast()
    room, ida, _paul = convened_room(cast)
    fill(ida, room, {"1.4": "gt3"})
    seal, save = at_once(
        lambda: actions.seal_sheet(actor=ida, room=room, confirm_open_items=True),
        lambda: actions.save_answer(actor=ida, room=room, item="1.4", value="open", version=1),
    )
    from mutualist.apps.rooms.queries import draft_sheet

    sealed = draft_sheet(ida, fresh(room)).answers["1.4"]
    assert seal.fingerprint
    assert sealed == ("gt3" if isinstance(save, ActionError) else "open")


def test_a_party_added_while_another_seals_never_joins_late() -> None:
    from mutualist.apps.rooms.values import PartySpec

    cast = make_cast()
    room, ida, _paul = convened_room(cast)
    fill(ida, room, {"1.4": "gt3"})
    added, _sealed = at_once(
        lambda: actions.add_seat(actor=cast.greta, room=room, party=PartySpec("Late GmbH")),
        lambda: actions.seal_sheet(actor=ida, room=room, confirm_open_items=True),
    )
    actions_done = audited(room)
    if isinstance(added, ActionError):
        assert added.code == "locked_by_seal"
        assert "rooms.party.added" not in actions_done
    else:
        assert actions_done.index("rooms.party.added") < actions_done.index("rooms.answers.sealed")


def test_ticks_at_once_open_a_due_room_once() -> None:
    from apps.rooms.cast import in_days
    from mutualist.apps.rooms.models import Room

    cast = make_cast()
    room, ida, paul = convened_room(cast, opens="deadline", deadline=in_days(1))
    seal_short(room, ida, paul)
    Room.objects.filter(pk=room.pk).update(deadline=in_days(-1))
    assert sorted(at_once(*[actions.open_due] * 3)) == [0, 0, 1]
    assert Opening.objects.count() == 1
