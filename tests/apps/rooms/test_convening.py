"""Conveners: rooms from a workbook, progress, and figures that give nobody away."""

from __future__ import annotations

import io
from datetime import datetime, time
from importlib import import_module

import pytest
from django.apps import apps
from openpyxl import Workbook, load_workbook

from apps.rooms.cast import (
    ANONYMOUS,
    Cast,
    audited,
    convened_room,
    fill,
    fresh,
    in_days,
    mails_to,
    seal_short,
    sheets,
)
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.actions.rounds import erase_room
from mutualist.apps.rooms.bulk import bulk_template
from mutualist.apps.rooms.errors import Refused
from mutualist.apps.rooms.models import Opening, Room
from mutualist.apps.rooms.queries import convened_rooms, host_statistics, room_status
from mutualist.apps.rooms.tallies import HostTally

HEAD = ["Room", "Offer", "Deadline"]


def row(name="Pumps", mail_a="a@firm.test", mail_b="b@firm.test", deadline=None) -> list:
    return [
        name, "What it is", deadline,
        "Firm A", "Ida", mail_a, "de",
        "Firm B", "Paul", mail_b, "en",
    ]  # fmt: skip


def workbook(*rows: list) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(HEAD)
    for values in rows:
        sheet.append(values)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def convene(cast: Cast, data: bytes, actor=None):
    return actions.create_rooms_from_workbook(
        actor=actor or cast.greta, host=cast.cluster, data=data
    )


def refused_cells(cast: Cast, data: bytes) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        convene(cast, data)
    assert not Room.objects.exists()
    return {problem.cell: problem.message for problem in refused.value.problems}


def test_a_workbook_makes_rooms_and_invites_everybody(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    day = in_days(30)
    rows = [
        row("Pumps", deadline=datetime.combine(day, time())),
        row("Valves", deadline=day.strftime("%d.%m.%Y")),
        [None] * 11,
        row("Seals", deadline=day.isoformat()),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        rooms = convene(cast, workbook(*rows))
    assert [room.name for room in rooms] == ["Pumps", "Valves", "Seals"]
    assert {fresh(room).deadline for room in rooms} == {day}
    assert len(mails_to("a@firm.test")) == 3
    assert "Guten Tag" in mails_to("a@firm.test")[0].text
    assert "Hello" in mails_to("b@firm.test")[0].text
    assert audited(rooms[0]) == ["rooms.room.created"] + ["rooms.party.invited"] * 2


def test_every_broken_cell_is_named_and_nothing_is_stored(cast: Cast) -> None:
    bad = row("", mail_a="no mail", mail_b="", deadline="soon")
    bad[6] = "fr"
    twice = row("Valves", mail_b="A@firm.test")
    twice[7] = "firm a"
    alone = ["One party", "", "2020-01-01", "Firm A", "Ida", "a@firm.test", "de"]
    cells = refused_cells(cast, workbook(row(), bad, twice, alone))
    assert set(cells) == {"A3", "C3", "F3", "G3", "J3", "H4", "J4", "C5", "H5"}
    assert "soon" in cells["C3"]
    assert not OutboxMail.objects.exists()


def test_a_refusal_of_the_room_itself_names_its_row(cast: Cast) -> None:
    cells = refused_cells(cast, workbook(row(), row(mail_a="greta@example.org")))
    assert list(cells) == ["A3"]
    assert "neutral" in cells["A3"]


@pytest.mark.parametrize(
    "data",
    [b"", b"no workbook", b"PK\x03\x04 broken", workbook(), b"x" * (2 * 1024 * 1024 + 1)],
    ids=["empty", "text", "zip", "no rows", "too large"],
)
def test_a_file_that_is_no_usable_workbook_is_refused(cast: Cast, data) -> None:
    assert len(refused_cells(cast, data)) == 1


def test_a_bomb_is_not_unpacked(cast: Cast) -> None:
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (50 * 1024 * 1024))
    assert len(refused_cells(cast, stream.getvalue())) == 1


def test_the_empty_workbook_fits_the_reader(cast: Cast) -> None:
    for language in ("de", "en"):
        book = load_workbook(io.BytesIO(bulk_template(language)))
        book.worksheets[0].append(row())
        stream = io.BytesIO()
        book.save(stream)
        (room,) = convene(cast, stream.getvalue())
        assert room.name == "Pumps"
    assert "E-Mail" in str(
        [c.value for c in load_workbook(io.BytesIO(bulk_template("de"))).worksheets[0][1]]
    )


def test_only_members_of_the_host_convene(cast: Cast) -> None:
    for actor in (cast.anna, cast.dora, ANONYMOUS):
        with pytest.raises(NotAllowed):
            convene(cast, workbook(row()), actor)
        with pytest.raises(NotAllowed):
            convened_rooms(actor, cast.cluster)
        with pytest.raises(NotAllowed):
            host_statistics(actor, cast.cluster)


def test_the_host_sees_progress_and_nothing_else(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    fill(ida, room, {i: v for i, v in sheets()["A"].items() if i[0] in "12"})
    seal_short(room, paul)
    status = room_status(cast.greta, fresh(room))
    assert status.is_neutral_host
    assert status.my_seat is None
    assert not any((status.may_answer, status.may_seal, status.may_press))
    assert status.seats[0].segments == (1.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    (card,) = convened_rooms(cast.greta, cast.cluster)
    assert (card.sealed, card.total, card.my_seat) == (1, 2, None)
    assert card.segments[status.seats[0].name] == status.seats[0].segments


def open_many(cast: Cast, count: int) -> list[Room]:
    rooms = []
    for _number in range(count):
        room, ida, paul = convened_room(cast)
        seal_short(room, ida, paul)
        actions.press_open(actor=ida, room=room)
        actions.press_open(actor=paul, room=room)
        rooms.append((room, ida, paul))
    return rooms


def test_figures_appear_from_five_rooms_on_and_in_steps_of_five(cast: Cast) -> None:
    open_many(cast, 4)
    few = host_statistics(cast.greta, cast.cluster)
    assert (few.opened, few.counted, few.kinds, few.mean_load) == (4, 0, None, None)
    rooms = open_many(cast, 2)
    five = host_statistics(cast.greta, cast.cluster)
    assert (five.opened, five.counted) == (6, 5)
    assert five.kinds is not None
    assert sum(five.kinds.values()) == 5
    # The sixth room changes nothing in the figures, whatever its result.
    Opening.objects.filter(room=rooms[-1][0]).update(
        result={"kind": "logo", "load": 99, "conflicts": {}}
    )
    assert host_statistics(cast.greta, cast.cluster) == five


def show_host(entry: tuple, *, share: bool = True) -> None:
    room, *people = entry
    for actor in people:
        actions.share_result(actor=actor, room=room, share=share)


def set_result(room: Room, kind: str, load: int, *conflicts: str) -> None:
    """As if its parties had answered so, before their host hears of it."""
    result = {"kind": kind, "load": load, "conflicts": dict.fromkeys(conflicts, 1)}
    Opening.objects.filter(room=room).update(result=result)


def test_rooms_shown_to_the_host_do_not_fill_up_the_five(cast: Cast) -> None:
    rooms = open_many(cast, 4)
    show_host(rooms[0])
    rooms += open_many(cast, 1)
    assert host_statistics(cast.greta, cast.cluster).kinds is None
    # Nor once they are hidden again: the host has seen it and would know the other four.
    show_host(rooms[0], share=False)
    assert host_statistics(cast.greta, cast.cluster).kinds is None
    open_many(cast, 1)
    assert host_statistics(cast.greta, cast.cluster).counted == 5


def test_a_room_shown_before_it_opens_is_never_counted(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    show_host((room, ida, paul))
    seal_short(room, ida, paul)
    for actor in (ida, paul):
        actions.press_open(actor=actor, room=room)
    show_host((room, ida, paul), share=False)
    open_many(cast, 4)
    assert host_statistics(cast.greta, cast.cluster).kinds is None


def test_no_room_shows_as_a_difference_of_two_figures(cast: Cast) -> None:
    """Whatever happens to one room, the figures before and after are the same."""
    rooms = open_many(cast, 4)
    loads = [11, 23, 47, 95]
    for (room, *_), load in zip(rooms, loads, strict=True):
        set_result(room, "logo", load, f"only-{load}")
    rooms += open_many(cast, 2)
    before = host_statistics(cast.greta, cast.cluster)
    assert (before.counted, before.kinds["logo"]) == (5, 4)
    assert "only-11" in before.conflicts

    def figures():
        found = host_statistics(cast.greta, cast.cluster)
        return found.counted, found.kinds, found.mean_load, found.conflicts

    fixed = figures()
    show_host(rooms[0])
    assert figures() == fixed, "shown to the host"
    show_host(rooms[0], share=False)
    assert figures() == fixed, "hidden again"
    erase_room(rooms[1][0])
    assert figures() == fixed, "erased"
    show_host(rooms[5])
    assert figures() == fixed, "one that was not counted yet"
    # What was counted once is counted with no others: five new ones make the next step.
    open_many(cast, 4)
    assert figures() == fixed
    open_many(cast, 1)
    after = host_statistics(cast.greta, cast.cluster)
    assert (after.counted, after.kinds["logo"]) == (10, 4)


def test_the_upgrade_writes_down_the_figures_that_were_shown(cast: Cast) -> None:
    rooms = open_many(cast, 8)
    for number, (room, *_people) in enumerate(rooms):
        set_result(room, "logo" if number % 2 else "supplier", number, f"c{number}")
    # As the version before kept them: nothing but rooms, two of them shown to the host.
    HostTally.objects.all().delete()
    Opening.objects.update(tallied=None)
    for entry in (rooms[1], rooms[3]):
        room, *_people = entry
        room.seats.update(shares_result_with_host=True)
    assert host_statistics(cast.greta, cast.cluster).kinds is None
    migration = import_module("mutualist.apps.rooms.migrations.0005_tallies")
    migration.add_up(apps, None)
    found = host_statistics(cast.greta, cast.cluster)
    assert (found.counted, found.kinds) == (5, {"supplier": 4, "logo": 1})
    assert found.mean_load == (0 + 2 + 4 + 5 + 6) / 5
    assert set(found.conflicts) == {"c0", "c2", "c4", "c5", "c6"}
    marks = dict(Opening.objects.values_list("room", "tallied"))
    assert [marks[room.pk] for room, *_people in rooms] == [
        True, False, True, False, True, True, True, None,
    ]  # fmt: skip
