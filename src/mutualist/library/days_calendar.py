"""Days of a programme as a calendar file (.ics) that calendars subscribe to.

Every entry is a whole day, so that no time zone can move it, and carries an alarm one week ahead. Its identity is its
key: what moves is changed in the subscriber's calendar, not doubled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from icalendar import Event

REMINDER: Final = timedelta(days=-7)
#: How often calendars are asked to look again.
REFRESH: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Entry:
    """A day and what it is about; ``url`` may be empty."""

    key: str
    day: date
    text: str
    url: str = ""


def days_calendar(name: str, entries: Iterable[Entry], stamp: datetime) -> bytes:
    """Return a calendar, earliest day first.

    Parameters
    ----------
    stamp
        When the content came to be; an aware time.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Mutualist//Programme//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _one_line(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in sorted(entries, key=lambda one: (one.day, one.key)):
        calendar.add_component(_event(entry, stamp))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry, stamp: datetime) -> Event:
    from icalendar import Alarm, Event

    event, title = Event(), _one_line(entry.text)
    event.add("uid", f"{entry.key}@mutualist")
    event.add("summary", title)
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if entry.url:
        event.add("url", entry.url)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", REMINDER)
    event.add_component(alarm)
    return event


def _one_line(text: str) -> str:
    """Keep a line break in a name from ending the line of the file."""
    return " ".join(text.split())
