"""Calendar files: whole days, stable identities, an alarm a week ahead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from mutualist.library.calendar import add_months, milestones, room_calendar

PARTIES = {"A": "Nordwerk Pumpen AG", "B": "Tauwerk Sensorik GmbH"}
VISIBLE = {
    "A": {"6.1": [{"what": "Pilot; mit, Zeile\nzwei", "due_months": 5, "who": "Leiter Service"}]},
    "B": {"6.1": [{"due_months": 3}, {"what": "Vertrag", "due_months": 6, "who": "CEO"}]},
}
SEALED = {"A": date(2026, 11, 30), "B": date(2026, 11, 14)}


def events(**more):
    values = {
        "uid": "u1",
        "name": "PumpenPuls",
        "lang": "en",
        "stamp": datetime(2026, 11, 28, 9, tzinfo=UTC),
        "steps": milestones(VISIBLE, PARTIES, SEALED),
        **more,
    }
    raw = room_calendar(**values)
    return raw, Calendar.from_ical(raw).walk("VEVENT")


def test_milestones_are_counted_from_the_day_of_sealing_earliest_first():
    found = [(m.key, m.day) for m in milestones(VISIBLE, PARTIES, SEALED)]
    assert found == [
        ("B-1", date(2027, 2, 14)),
        ("A-1", date(2027, 4, 30)),
        ("B-2", date(2027, 5, 14)),
    ]


def test_unknown_or_hidden_milestones_are_left_out():
    assert milestones({"A": {"6.1": "dont_know"}, "B": {}}, PARTIES, SEALED) == ()
    assert milestones(VISIBLE, PARTIES, {}) == ()


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
        (date(2026, 1, 10), 0.5, date(2026, 1, 25)),
        (date(2026, 1, 10), 1_200_000, date(9998, 1, 10)),
    ],
)
def test_months_later(start, months, expected):
    assert add_months(start, months) == expected


def test_entries_are_whole_days_with_an_alarm_a_week_ahead():
    raw, found = events(deadline=date(2026, 11, 28))
    assert b"VTIMEZONE" not in raw
    assert len(found) == 4
    for event in found:
        assert type(event.decoded("dtstart")) is date
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)
        (alarm,) = event.walk("VALARM")
        assert alarm.decoded("trigger") == timedelta(days=-7)


def test_identities_are_stable_and_a_later_round_replaces():
    _, first = events()
    _, second = events(round_=2)
    assert [str(e["uid"]) for e in first] == [str(e["uid"]) for e in second]
    assert len({str(e["uid"]) for e in first}) == 3
    assert {e["sequence"] for e in second} == {2}


def test_text_of_people_cannot_add_lines():
    raw, found = events(name="X\r\nBEGIN:VEVENT\r\nUID:evil")
    assert len(found) == 3
    assert b"\r\nUID:evil" not in raw
    assert any("Pilot; mit, Zeile zwei" in str(e["summary"]) for e in found)


def test_lines_are_in_the_readers_language():
    raw, _ = events(lang="de", deadline=date(2026, 11, 28))
    assert "Antworten bis heute versiegeln" in raw.decode().replace("\r\n ", "")
