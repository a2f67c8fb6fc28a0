"""Parts of commissions over time are booked on their day, by the clock."""

from __future__ import annotations

from itertools import groupby

from django.db import transaction
from django.db.models import F

from mutualist.apps.commissions import books
from mutualist.apps.commissions.actions.booking import accrue_due
from mutualist.apps.commissions.models import Earning, Invoice, Part
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import today
from mutualist.apps.programme.public import Standing


def book_due_parts() -> int:
    """Book every part whose day has come; may be run again at any moment."""
    due = Part.objects.filter(entry__isnull=True, due__lte=today(), dropped__lt=F("amount"))
    found = due.order_by("earning__invoice__programme", "earning").values_list(
        "earning__invoice__programme", "earning"
    )
    count = 0
    for programme, rows in groupby(found.distinct(), key=lambda row: row[0]):
        count += _book(programme, [earning for _programme, earning in rows])
    return count


@transaction.atomic
def _book(programme: int, earnings: list[int]) -> int:
    of = Invoice.objects.filter(programme=programme).select_related("programme")[:1].get().programme
    system = Standing(Actor.system(), of.pk, of.uid, of.name, "vendor", writes=True)
    book = books.opened(system)
    count, last = 0, None
    for earning in Earning.objects.filter(pk__in=earnings).order_by("pk"):
        booked = accrue_due(book, earning)
        count += booked
        last = earning if booked else last
    if last is not None:
        book.record("commissions.parts.booked", last, count=count)
    return count
