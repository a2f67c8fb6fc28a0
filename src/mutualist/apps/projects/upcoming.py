"""What projects add to a partner's weekly mail, to calendars, and to what promises are measured by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mutualist.apps.programme.public import (
    Day,
    News,
    Standing,
    days,
    news,
    partner_names,
    promise_events,
)
from mutualist.apps.projects import scopes
from mutualist.apps.projects.models import Registration
from mutualist.apps.projects.pages.ways import url
from mutualist.domain.programme.rating import Event
from mutualist.domain.programme.registration import PROTECTED, WAITING, State

#: An end of protection is told so many days before.
SOON = timedelta(days=30)


def _rows(standing: Standing, states: Iterable[State]) -> list[Registration]:
    with scopes.own(standing):
        rows = Registration.objects.filter(
            programme=standing.programme, state__in=[one.value for one in states]
        )
        if standing.side == "partner":
            rows = rows.filter(relation=standing.relation)
        return list(rows.order_by("protected_until", "pk")[:500])


def told(standing: Standing, first: date, last: date) -> list[News]:  # noqa: ARG001 - the shape of news
    """Return questions of the vendor, and protections that end soon."""
    lines = [
        News(
            _("{customer}: the vendor has a question about your project").format(
                customer=row.customer
            ),
            _("Answer"),
            f"projects/{row.uid}/",
        )
        for row in _rows(standing, [State.ACTION_REQUIRED])
    ]
    for row in _rows(standing, PROTECTED):
        if row.protected_until is None or row.protected_until > first + SOON:
            continue
        text = _("{customer}: protection ends on {day}").format(
            customer=row.customer, day=date_format(row.protected_until, "SHORT_DATE_FORMAT")
        )
        lines.append(News(text, _("Say how it stands, or extend"), f"projects/{row.uid}/"))
    return lines


def limits(standing: Standing, first: date, last: date) -> list[Day]:
    """Return the ends of protections, and for the vendor the days by which it has promised an answer."""
    vendor = standing.side == "vendor"
    names = {pk: one.name for pk, one in partner_names(standing).items()} if vendor else {}
    found = []
    for row in _rows(standing, PROTECTED):
        day = row.protected_until
        if day is not None and first <= day <= last:
            text = _("{customer}: protection ends").format(customer=row.customer)
            found.append(_day(standing, row, f"project-{row.uid}", day, text, names))
    for row in _rows(standing, WAITING) if vendor else ():
        due = localtime(row.answer_by).date() if row.answer_by else None
        if due is not None and first <= due <= last:
            text = _("{customer}: answer the registration").format(customer=row.customer)
            found.append(_day(standing, row, f"registration-{row.uid}", due, text, names))
    return found


def _day(
    standing: Standing, row: Registration, key: str, day: date, text: str, names: Mapping[int, str]
) -> Day:
    if standing.side == "vendor":
        said = f"{names.get(row.relation_id, '–')}: {text}"
        return Day(key, day, said, url(standing, "project", project=row.uid))
    return Day(key, day, text)


def measured(relations: Iterable[int]) -> Mapping[int, list[Event]]:
    """Return registrations (``project``), and the vendor's answers to them (``decision``)."""
    found: dict[int, list[Event]] = defaultdict(list)
    with scopes.of_partners(relations):
        rows = Registration.objects.filter(
            relation__in=relations, submitted_at__isnull=False
        ).values_list("uid", "relation_id", "submitted_at", "decided_at", "state")
        for uid, relation, submitted, decided, state in rows:
            opened = localtime(submitted)
            found[relation].append(Event(f"project-{uid}", "project", opened))
            if decided is None and state in {State.WITHDRAWN.value, State.EXPIRED.value}:
                # The partner took it back before the vendor could answer.
                continue
            done = localtime(max(submitted, decided)) if decided is not None else None
            found[relation].append(Event(f"decision-{uid}", "decision", opened, done))
    return found


def register() -> None:
    """Name them where programmes look for such things."""
    news.append(told)
    days.append(limits)
    promise_events.append(measured)
