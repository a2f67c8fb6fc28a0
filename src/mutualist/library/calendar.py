"""Deadline and milestones of a room as a calendar file (.ics).

Every entry is a whole day, so that no time zone can move it, and carries an alarm one week ahead.
The identity of an entry depends on the room and the place of the milestone only: a file of a later
round updates the entries of the one before instead of doubling them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from mutualist.reports.dates import add_months
from mutualist.reports.words import say

if TYPE_CHECKING:
    from icalendar import Event

REMINDER: Final = timedelta(days=-7)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A row of 6.1 on a day of the calendar.

    Attributes
    ----------
    key
        Party id and row, such as ``"A-1"``.
    party
        Name of the party that names the milestone.
    what, who
        Words of the row, possibly empty.
    """

    key: str
    party: str
    what: str
    who: str
    day: date


def milestones(
    visible: Mapping[str, Mapping[str, Any]],
    parties: Mapping[str, str],
    counted_from: Mapping[str, date],
) -> tuple[Milestone, ...]:
    """Return the milestones of the answers that may be seen, earliest first.

    Parameters
    ----------
    visible : mapping
        Party id -> item -> answer; only 6.1 is read.
    parties : mapping
        Party id -> name.
    counted_from : mapping
        Party id -> day on which it sealed its sheet: months are counted from there.
    """
    found = []
    for party, name in parties.items():
        rows = visible.get(party, {}).get("6.1")
        if not isinstance(rows, (list, tuple)) or party not in counted_from:
            continue
        for index, row in enumerate(rows, 1):
            found.append(
                Milestone(
                    key=f"{party}-{index}",
                    party=name,
                    what=str(row.get("what") or "").strip(),
                    who=str(row.get("who") or "").strip(),
                    day=add_months(counted_from[party], row["due_months"]),
                )
            )
    return tuple(sorted(found, key=lambda m: (m.day, m.key)))


def room_calendar(
    *,
    uid: str,
    name: str,
    lang: str,
    stamp: datetime,
    deadline: date | None = None,
    steps: Sequence[Milestone] = (),
    url: str = "",
    round_: int = 1,
) -> bytes:
    """Return the calendar of a room.

    Parameters
    ----------
    uid, name : str
        Stable identity and name of the room.
    stamp : datetime
        When the content came to be; an aware time.
    deadline : date, optional
        Until when answers can be sealed.
    steps : sequence of Milestone
        Only after the opening.
    url : str
        Address of the room.
    """
    name = _one_line(name)
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Mutualist//Room//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for event in _events(uid, name, lang, deadline, steps):
        event.add("dtstamp", stamp)
        event.add("sequence", round_)
        event.add("transp", "TRANSPARENT")
        if url:
            event.add("url", url)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _events(
    uid: str, name: str, lang: str, deadline: date | None, steps: Iterable[Milestone]
) -> Iterable[Event]:
    if deadline is not None:
        title = say("{room}: seal your answers by today", lang, room=name)
        yield _event(f"{uid}-deadline", deadline, title, "")
    for step in steps:
        what = _one_line(step.what) or say("Milestone", lang)
        lines = [_one_line(step.party)]
        if step.who:
            lines.append(say("In person: {who}", lang, who=_one_line(step.who)))
        yield _event(f"{uid}-{step.key}", step.day, f"{name}: {what}", "\n".join(lines))


def _one_line(text: str) -> str:
    """Keep a line break in a name from ending the line of the file."""
    return " ".join(text.split())


def _event(uid: str, day: date, title: str, description: str) -> Event:
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", f"{uid}@mutualist")
    event.add("summary", title)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    if description:
        event.add("description", description)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", REMINDER)
    event.add_component(alarm)
    return event
