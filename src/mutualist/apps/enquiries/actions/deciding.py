"""The vendor's side: hand to another partner, ask the next one, close, open again, change how it is done."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.errors import ActionError
from mutualist.apps.enquiries import mails
from mutualist.apps.enquiries.actions.steps import (
    checked_note,
    checked_reason,
    hand_out,
    locked_intake,
    note,
    offer_to,
    require_version,
    require_writer,
    settle,
    take,
    why_of,
)
from mutualist.apps.enquiries.models import Enquiry, Intake, Offer
from mutualist.apps.enquiries.queries import asked, enquiry_for, field_of, partners_of
from mutualist.apps.enquiries.words import CLOSE
from mutualist.apps.programme.public import Standing, chain_of
from mutualist.domain.programme.routing import route

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", re.IGNORECASE)
#: Smallest and largest that may be set.
BOUNDS = {"answer_hours": (1, 720), "attempts": (1, 20), "open_days": (1, 365)}


def _withdraw(standing: Standing, enquiry: Enquiry) -> None:
    """Take back what a partner has, and tell it."""
    for held in enquiry.offers.select_related("relation").filter(state__in=("open", "accepted")):
        settle(held, "withdrawn")
        held.enquiry = enquiry
        note(
            "enquiries.offer.withdrawn",
            standing.actor,
            enquiry,
            held.relation_id,
            name=held.relation.name,
        )
        mails.tell_partner_gone(held)


@transaction.atomic
def hand_to(
    *, standing: Standing, enquiry: UUID | str, relation: UUID | str, seen: int | None = None
) -> Offer:
    """Hand an enquiry to a partner of the vendor's choice; it is taken back from whoever has it."""
    require_writer(standing, "vendor")
    intake = locked_intake(standing.programme)
    row = enquiry_for(standing, enquiry, lock=True)
    require_version(row, seen)
    card = next(
        (one for one in partners_of(standing).values() if str(one.uid) == str(relation)), None
    )
    if card is None:
        raise ActionError(
            "enquiry_partner",
            _("There is no active partner “{partner}”. Choose one of the list."),
            partner=str(relation)[:40],
        )
    field = field_of(standing.programme)
    every = route(field, asked(row), len(field)).candidates
    chosen = next((one for one in every if one.partner == str(card.id)), None)
    why = why_of(field, row, chosen, by_hand=True)
    _withdraw(standing, row)
    return offer_to(row, intake, card.id, card.name, why, standing.actor, "vendor")


@transaction.atomic
def route_again(
    *, standing: Standing, enquiry: UUID | str, seen: int | None = None
) -> Offer | None:
    """Ask the next partner by the rules, as if nobody had been asked too often."""
    require_writer(standing, "vendor")
    intake = locked_intake(standing.programme)
    row = enquiry_for(standing, enquiry, lock=True)
    require_version(row, seen)
    had = row.relation_id
    if row.status != "received":
        _withdraw(standing, row)
        take(row, "close", "vendor", relation=None)
        take(row, "reopen", "vendor")
    return hand_out(row, intake, standing.actor, "vendor", skip=had)


@transaction.atomic
def close(
    *,
    standing: Standing,
    enquiry: UUID | str,
    reason: str,
    words: str = "",
    seen: int | None = None,
) -> Enquiry:
    """Close an enquiry that is none, or that the vendor serves itself."""
    require_writer(standing, "vendor")
    row = enquiry_for(standing, enquiry, lock=True)
    require_version(row, seen)
    reason, said = checked_reason(reason, CLOSE), checked_note(words)
    take(row, "close", "vendor", relation=None, reason=reason, note=said)
    _withdraw(standing, row)
    note("enquiries.enquiry.closed", standing.actor, row, reason=reason)
    return row


@transaction.atomic
def reopen(*, standing: Standing, enquiry: UUID | str, seen: int | None = None) -> Enquiry:
    """Open a closed enquiry again and hand it out."""
    require_writer(standing, "vendor")
    intake = locked_intake(standing.programme)
    row = enquiry_for(standing, enquiry, lock=True)
    require_version(row, seen)
    for held in row.offers.filter(state="accepted"):
        settle(held, "returned")
    take(row, "reopen", "vendor", relation=None, reason="", note="")
    note("enquiries.enquiry.reopened", standing.actor, row)
    hand_out(row, intake, standing.actor, "vendor")
    return row


@transaction.atomic
def save_intake(*, standing: Standing, origins: list[str], finder: bool, **numbers: int) -> Intake:
    """Change hours, attempts and days, and which sites may show the finder."""
    require_writer(standing, "vendor")
    for name, value in numbers.items():
        low, high = BOUNDS[name]
        if not low <= value <= high:
            raise ActionError(
                "intake_number",
                _("{value} is not possible: give a whole number from {low} to {high}."),
                value=value,
                low=low,
                high=high,
            )
    intake = locked_intake(standing.programme)
    intake.origins = [_origin(one) for one in origins if one.strip()]
    intake.finder = finder
    for name, value in numbers.items():
        setattr(intake, name, value)
    intake.save()
    record(
        "enquiries.intake.saved",
        actor=standing.actor,
        obj=intake,
        chain=chain_of(standing.programme),
        data=_shown(intake),
    )
    return intake


def _shown(intake: Intake) -> dict[str, Any]:
    return {"origins": intake.origins, "hours": intake.answer_hours, "attempts": intake.attempts}


def _origin(written: str) -> str:
    """Return the origin of a site; what is no origin would let nobody or everybody frame the finder."""
    clean = written.strip().rstrip("/").lower()
    if not ORIGIN.fullmatch(clean):
        raise ActionError(
            "intake_origin",
            _("“{value}” is no site. Write it as https://www.firm.example, without a path."),
            value=written[:80],
        )
    return clean
