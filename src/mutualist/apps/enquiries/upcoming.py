"""What enquiries add to a partner's weekly mail, to calendars, and to what promises are measured by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mutualist.apps.enquiries.models import Offer
from mutualist.apps.programme.public import (
    Day,
    News,
    Standing,
    abilities_said,
    days,
    names_for_reader,
    news,
    promise_events,
)
from mutualist.domain.programme.rating import Event


def open_offers(standing: Standing) -> list[Offer]:
    """Return the offers that wait for an answer, the most urgent first."""
    found = Offer.objects.visible_to(standing).filter(state="open")
    return list(found.select_related("enquiry", "relation").order_by("due_at", "pk"))


def told(standing: Standing, first: date, last: date) -> list[News]:  # noqa: ARG001 - the shape of news
    """Return each enquiry that waits for the partner, with the time for an answer."""
    lines, names = [], names_for_reader(standing.programme)
    for one in open_offers(standing):
        text = _("Enquiry from {place}: {about}. Answer until {due}").format(
            place=_place(one),
            about=", ".join(abilities_said(one.enquiry.abilities, names)) or "–",
            due=date_format(localtime(one.due_at), "SHORT_DATETIME_FORMAT"),
        )
        lines.append(News(text, _("Accept or decline"), f"enquiries/{one.uid}/"))
    return lines


def limits(standing: Standing, first: date, last: date) -> list[Day]:
    """Return the days on which answers are due: the own ones, for the vendor those of all partners."""
    found = []
    for one in open_offers(standing):
        day = localtime(one.due_at).date()
        if not first <= day <= last:
            continue
        text, address = _("Answer an enquiry from {place}").format(place=_place(one)), ""
        if standing.side == "vendor":
            text = _("{partner} answers an enquiry from {place}").format(
                partner=one.relation.name, place=_place(one)
            )
            address = reverse("enquiries:enquiry", args=[standing.programme_uid, one.enquiry.uid])
        found.append(Day(f"offer-{one.uid}", day, text, address))
    return found


def _place(offer: Offer) -> str:
    return f"{offer.enquiry.country} {offer.enquiry.postal_code}"


def measured(relations: Iterable[int]) -> Mapping[int, list[Event]]:
    """Return enquiries handed to partners (``enquiry``) and the partners' answers to them (``answer``)."""
    found: dict[int, list[Event]] = defaultdict(list)
    rows = Offer.objects.filter(relation__in=relations).exclude(state="withdrawn")
    for uid, relation, offered, answered, state in rows.values_list(
        "uid", "relation_id", "offered_at", "answered_at", "state"
    ):
        found[relation].append(Event(f"enquiry-{uid}", "enquiry", localtime(offered)))
        found[relation].append(
            Event(f"answer-{uid}", "answer", localtime(offered), _done(offered, answered, state))
        )
    return found


def _done(offered: datetime, answered: datetime | None, state: str) -> Any:
    """Return when an answer came; none did where the time ran out."""
    if state == "lapsed" or answered is None:
        return None
    return localtime(max(offered, answered))


def register() -> None:
    """Name them where programmes look for such things."""
    news.append(told)
    days.append(limits)
    promise_events.append(measured)
