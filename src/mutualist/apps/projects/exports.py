"""Projects as tables, and their days as a calendar."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.downloads import XLSX, download, file_name
from mutualist.apps.programme.public import Standing
from mutualist.apps.projects.queries import Line, Project, lines
from mutualist.apps.projects.words import STATES
from mutualist.library.commission_files import table_csv, table_xlsx

#: Rows of one table: more takes a page of the API after the other.
MOST = 20_000


def table(here: Standing, kind: str, *, view: str, search: str) -> HttpResponse:
    """Answer with all projects of a side as CSV or XLSX."""
    found, _more = lines(here, view=view, search=search, most=MOST)
    heads = [
        *(
            _("Reference"),
            _("Customer"),
            _("Country"),
            _("Postal code"),
            _("Domain"),
            _("Project"),
            _("State"),
        ),
        *(
            _("Partner"),
            _("Registered"),
            _("Answer due"),
            _("Protected until"),
            _("Share of the terms, per cent"),
        ),
    ]
    rows = [_row(line) for line in found]
    name = file_name(here.programme_name, "projects", today(), kind)
    if kind == "csv":
        return download(table_csv(heads, rows), "text/csv; charset=utf-8", name)
    return download(table_xlsx(_("Projects"), heads, rows), XLSX, name)


def _row(line: Line) -> tuple[Any, ...]:
    row = line.row
    return (
        *(row.reference, row.customer, row.country, row.postal_code, row.domain, row.title),
        *(str(STATES[row.state]), line.partner),
        *(_day(row.submitted_at), _day(row.answer_by), row.protected_until or "", row.share),
    )


def _day(moment: Any) -> Any:
    return localdate(moment) if moment else ""


def calendar(shown: Project, address: str) -> HttpResponse:
    """Answer with the last day of a protection as a calendar entry, with a reminder before it."""
    row = shown.row
    until: date = row.protected_until or today()
    text = _("{customer}: protection ends").format(customer=row.customer)
    before = shown.rules.ask_before_days
    content = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mutualist//Projects//EN", "BEGIN:VEVENT"),
        f"UID:project-{row.uid}@mutualist",
        f"DTSTAMP:{now().astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{row.version}",
        f"DTSTART;VALUE=DATE:{until:%Y%m%d}",
        f"DTEND;VALUE=DATE:{until + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(text)}",
        f"DESCRIPTION:{_escaped(row.title)}",
        f"URL:{address}",
        *(
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:-P{before}D",
            f"DESCRIPTION:{_escaped(text)}",
            "END:VALARM",
        ),
        *("END:VEVENT", "END:VCALENDAR"),
    ]
    body = "".join(_folded(line) + "\r\n" for line in content)
    name = file_name(row.customer, "project", until, "ics")
    return download(body, "text/calendar; charset=utf-8", name)


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line after 75 bytes, as RFC 5545 wants it, and never within a character."""
    parts: list[str] = []
    size, current = 0, ""
    for sign in line:
        width = len(sign.encode())
        if size + width > (75 if not parts else 74):
            parts.append(current)
            current, size = "", 0
        current += sign
        size += width
    return "\r\n ".join([*parts, current])
