"""What commissions add to a partner's weekly mail, to calendars, and to what promises are measured by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from mutualist.apps.commissions import queries
from mutualist.apps.commissions.models import Line, Payment, PaymentRun
from mutualist.apps.commissions.pages.ways import url
from mutualist.apps.core.language import reading
from mutualist.apps.programme.public import Day, News, Standing, days, news, promise_events
from mutualist.domain.programme.commission.money import said
from mutualist.domain.programme.rating import Event


def told(standing: Standing, first: date, last: date) -> list[News]:  # noqa: ARG001 - the shape of news
    """Return the money that is approved and not paid yet."""
    language = reading()
    return [
        News(
            _("{amount} approved for you, not paid yet").format(
                amount=said(one.payable, one.currency, language)
            ),
            _("See your statement"),
            "commissions/",
        )
        for one in queries.balances(standing)
        if one.relation == standing.relation and one.payable > 0
    ]


def payouts(standing: Standing, first: date, last: date) -> list[Day]:
    """Return the days on which money is paid out: all of the vendor, for a partner those that pay it."""
    runs = PaymentRun.objects.filter(
        programme=standing.programme,
        reversed_at=None,
        execute_on__gte=first,
        execute_on__lte=last,
    )
    if standing.side == "partner":
        paid = Payment.objects.filter(relation=standing.relation or 0)
        runs = runs.filter(pk__in=paid.values("run"))
        address = ""
    else:
        address = url(standing, "payments")
    return [
        Day(f"payout-{run.uid}", run.execute_on, _("Commissions are paid out"), address)
        for run in runs
    ]


def measured(relations: Iterable[int]) -> Mapping[int, list[Event]]:
    """Return what was approved and when it was paid (``payout``): the oldest is paid first."""
    rows = (
        Line.objects.filter(relation__in=relations, account="payable")
        .select_related("entry")
        .order_by("entry__day", "entry__number", "pk")
    )
    lanes: dict[tuple[int, str], list[Line]] = defaultdict(list)
    for line in rows:
        lanes[line.relation_id, line.currency].append(line)
    found: dict[int, list[Event]] = defaultdict(list)
    for (relation, _currency), lines in lanes.items():
        found[relation] += _paid(lines)
    return found


def _paid(lines: list[Line]) -> list[Event]:
    """Match what is owed with what is paid, first in, first out; a credit is below zero."""
    owed = [line for line in lines if line.amount < 0]
    open_ = {line.pk: -line.amount for line in owed}
    done: dict[int, datetime] = {}
    for paid in (line for line in lines if line.amount > 0):
        left = paid.amount
        for line in owed:
            part = min(left, open_[line.pk])
            open_[line.pk] -= part
            left -= part
            if part and not open_[line.pk]:
                done[line.pk] = max(_noon(line.entry.day), _noon(paid.entry.day))
    return [
        Event(f"payout-{line.entry.uid}", "payout", _noon(line.entry.day), done.get(line.pk))
        for line in owed
    ]


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def register() -> None:
    """Name them where programmes look for such things."""
    news.append(told)
    days.append(payouts)
    promise_events.append(measured)
