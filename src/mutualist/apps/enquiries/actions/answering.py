"""The partner's side: accept, decline with a reason, win, lose, give back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.enquiries import mails
from mutualist.apps.enquiries.actions.steps import (
    checked_note,
    checked_reason,
    hand_out,
    locked,
    locked_intake,
    note,
    require_version,
    require_writer,
    settle,
    take,
)
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.enquiries.queries import enquiry_for, offer_for
from mutualist.apps.enquiries.words import DECLINE, LOSE, OFFER
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.routing.lifecycle import Side


def _mine(standing: Standing, offer: UUID | str, state: str) -> tuple[Enquiry, Offer]:
    """Return enquiry and offer, locked; say it where the offer is no longer in the state the move needs."""
    require_writer(standing, "partner")
    seen = offer_for(standing, offer)
    enquiry = locked(seen.enquiry_id)
    held = Offer.objects.select_for_update().select_related("relation").get(pk=seen.pk)
    held.enquiry = enquiry
    if state == "open" and (
        held.state == "lapsed" or (held.state == "open" and held.due_at <= now())
    ):
        raise ActionError(
            "enquiry_late",
            _("The time for an answer ended on {due}. The enquiry goes to somebody else."),
            409,
            due=date_format(localtime(held.due_at), "SHORT_DATETIME_FORMAT"),
        )
    if held.state != state:
        raise ActionError(
            "enquiry_answered",
            _("This is settled already: {state}."),
            409,
            state=OFFER[held.state],
        )
    return enquiry, held


@transaction.atomic
def accept(*, standing: Standing, offer: UUID | str) -> Offer:
    """Accept an enquiry: from now on the partner knows who asks, and the customer who will write."""
    enquiry, held = _mine(standing, offer, "open")
    take(enquiry, "accept", "partner")
    settle(held, "accepted")
    note("enquiries.offer.accepted", standing.actor, enquiry, held.relation_id)
    mails.tell_customer(enquiry, held.relation.name)
    return held


@transaction.atomic
def decline(*, standing: Standing, offer: UUID | str, reason: str, words: str = "") -> Offer:
    """Decline an enquiry; the next partner is asked at once."""
    require_writer(standing, "partner")
    intake = locked_intake(standing.programme)
    enquiry, held = _mine(standing, offer, "open")
    reason, said = checked_reason(reason, DECLINE), checked_note(words)
    take(enquiry, "turn_down", "partner", relation=None)
    settle(held, "declined", reason=reason, words=said)
    note("enquiries.offer.declined", standing.actor, enquiry, held.relation_id, reason=reason)
    hand_out(enquiry, intake, standing.actor)
    return held


@transaction.atomic
def give_back(*, standing: Standing, offer: UUID | str, reason: str, words: str = "") -> Offer:
    """Give back what was accepted; the next partner is asked at once."""
    require_writer(standing, "partner")
    intake = locked_intake(standing.programme)
    enquiry, held = _mine(standing, offer, "accepted")
    reason, said = checked_reason(reason, DECLINE), checked_note(words)
    take(enquiry, "give_back", "partner", relation=None)
    settle(held, "returned", reason=reason, words=said)
    note("enquiries.offer.declined", standing.actor, enquiry, held.relation_id, reason=reason)
    hand_out(enquiry, intake, standing.actor)
    return held


def win(
    *,
    standing: Standing,
    offer: UUID | str = "",
    enquiry: UUID | str = "",
    words: str = "",
    seen: int | None = None,
) -> Enquiry:
    """Note that a customer was won; the partner names the offer, the vendor the enquiry."""
    return _end(standing, offer or enquiry, "win", "", words, seen)


def lose(
    *,
    standing: Standing,
    offer: UUID | str = "",
    enquiry: UUID | str = "",
    reason: str,
    words: str = "",
    seen: int | None = None,
) -> Enquiry:
    """Note that a customer was lost, and why."""
    return _end(standing, offer or enquiry, "lose", checked_reason(reason, LOSE), words, seen)


@transaction.atomic
def _end(
    standing: Standing, what: UUID | str, move: str, reason: str, words: str, seen: int | None
) -> Enquiry:
    side: Side = standing.side
    if not standing.writes:
        raise NotAllowed
    if side == "partner":
        row, held = _mine(standing, what, "accepted")
        relation: int | None = held.relation_id
    else:
        row = enquiry_for(standing, what, lock=True)
        require_version(row, seen)
        relation = row.relation_id
    take(row, move, side, reason=reason, note=checked_note(words))
    kind = "enquiries.enquiry.won" if move == "win" else "enquiries.enquiry.lost"
    note(kind, standing.actor, row, relation)
    return row
