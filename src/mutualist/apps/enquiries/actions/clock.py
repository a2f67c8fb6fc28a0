"""What is done with enquiries by the clock: offers that nobody answered go on, what nobody takes is closed."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.enquiries import mails
from mutualist.apps.enquiries.actions.steps import (
    hand_out,
    locked,
    locked_intake,
    note,
    settle,
    take,
)
from mutualist.apps.enquiries.models import Enquiry, Intake, Offer

MOST = 500


def lapse_due() -> int:
    """End offers whose time is over and ask the next partner; return how many."""
    due = Offer.objects.filter(state="open", due_at__lte=now()).order_by("due_at", "pk")
    done = 0
    for pk, programme in list(due.values_list("pk", "enquiry__programme")[:MOST]):
        done += lapse_offer(pk, programme)
    return done


@transaction.atomic
def lapse_offer(pk: int, programme: int) -> int:
    """End one offer if its time is over, and ask the next partner; return how many ended."""
    intake = locked_intake(programme)
    seen = Offer.objects.get(pk=pk)
    enquiry = locked(seen.enquiry_id)
    offer = Offer.objects.select_related("relation").get(pk=pk)
    # Somebody may have answered while this waited for the lock.
    if offer.state != "open" or offer.due_at > now():
        return 0
    offer.enquiry = enquiry
    settle(offer, "lapsed")
    take(enquiry, "lapse", "clock", relation=None)
    actor = Actor.system()
    note("enquiries.offer.lapsed", actor, enquiry, offer.relation_id, name=offer.relation.name)
    mails.tell_partner_gone(offer)
    hand_out(enquiry, intake, actor)
    return 1


def expire_due() -> int:
    """Close what nobody took for as long as the programme says; it can be opened again."""
    done = 0
    for intake in Intake.objects.order_by("pk"):
        until = now() - timedelta(days=intake.open_days)
        old = Enquiry.objects.filter(
            programme=intake.programme_id, status="received", moved_at__lte=until
        )
        for pk in list(old.values_list("pk", flat=True)[:MOST]):
            with transaction.atomic():
                row = locked(pk)
                if row.status == "received" and row.moved_at <= until:
                    take(row, "expire", "clock")
                    note("enquiries.enquiry.expired", Actor.system(), row)
                    done += 1
    return done
