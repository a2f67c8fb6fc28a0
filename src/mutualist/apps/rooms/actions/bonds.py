"""What parties decide after an opening: to be bound, to show the result, to be asked again."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.rooms.actions.ground import enter, note, require_not_closed
from mutualist.apps.rooms.actions.mails import tell_leads
from mutualist.apps.rooms.actions.tallies import leave_out_of_tallies
from mutualist.apps.rooms.models import Answerer, Binding, Opening, OutcomeConsent, Room
from mutualist.apps.rooms.queries.status import binding_status
from mutualist.apps.rooms.standing import Standing
from mutualist.apps.rooms.values import BindingStatus

MAX_BINDING_TEXT = 20_000
MONTHS_UNTIL_ASKED = 12


def _after_opening(actor: Actor, room: Room) -> tuple[Standing, Answerer, int]:
    here = enter(actor, room)
    lead = here.require_lead()
    last = Opening.objects.filter(room=here.room).order_by("-round").first()
    if last is None:
        raise ActionError("not_opened", _("This becomes possible after the opening."))
    return here, lead, last.round


@transaction.atomic
def agree_binding(*, actor: Actor, room: Room, text: str) -> BindingStatus:
    """Confirm for the own party that it wants to be bound by `text`.

    Until every party has confirmed the very same words the room remains a non-binding exploration.
    """
    here, lead, round_ = _after_opening(actor, room)
    require_not_closed(here.room)
    if here.room.mode == Room.Mode.ALONE:
        raise ActionError("alone", _("A self-check binds nobody."))
    words = text.replace("\r\n", "\n").strip()
    if not words or len(words) > MAX_BINDING_TEXT:
        raise ActionError(
            "binding_text",
            _("Please write what you agree on, in up to {most} characters (now {length})."),
            most=MAX_BINDING_TEXT,
            length=len(words),
        )
    _require_unbound(here, round_)
    row, is_new = Binding.objects.get_or_create(
        room=here.room,
        seat=lead.seat,
        round=round_,
        defaults={"text": words, "confirmed_at": now(), "confirmed_by": lead},
    )
    if is_new or row.text != words:
        row.text, row.confirmed_at, row.confirmed_by = words, now(), lead
        row.save(update_fields=["text", "confirmed_at", "confirmed_by"])
        data = {"party": lead.seat.name, "seat": lead.seat.key, "round": round_}
        note("rooms.binding.confirmed", here, data=data, obj=row)
    status = binding_status(here, round_)
    if status.is_bound:
        note("rooms.binding.complete", here, data={"round": round_})
    tell_leads(
        "rooms/mail/binding",
        here,
        skip_actor=True,
        party_agreed=lead.seat.name,
        bound=status.is_bound,
    )
    return status


def _require_unbound(here: Standing, round_: int) -> None:
    if binding_status(here, round_).is_bound:
        raise ActionError(
            "already_bound",
            _(
                "All parties have confirmed the same text. It is on record and does not change here."
            ),
            status=409,
        )


@transaction.atomic
def withdraw_binding(*, actor: Actor, room: Room) -> BindingStatus:
    """Take the own confirmation back while not all have confirmed."""
    here, lead, round_ = _after_opening(actor, room)
    _require_unbound(here, round_)
    gone, _rows = Binding.objects.filter(room=here.room, seat=lead.seat, round=round_).delete()
    if gone:
        data = {"party": lead.seat.name, "seat": lead.seat.key, "round": round_}
        note("rooms.binding.withdrawn", here, data=data)
    return binding_status(here, round_)


@transaction.atomic
def share_result(*, actor: Actor, room: Room, share: bool) -> None:
    """Say whether the own party lets the neutral host see the result; all parties must agree."""
    here = enter(actor, room)
    lead = here.require_lead()
    if here.room.mode != Room.Mode.CONVENED:
        raise ActionError("no_neutral_host", _("This room has no neutral host."))
    if lead.seat.shares_result_with_host == share:
        return
    lead.seat.shares_result_with_host = share
    lead.seat.save(update_fields=["shares_result_with_host"])
    leave_out_of_tallies(here.room)
    kind = "rooms.result.shared" if share else "rooms.result.unshared"
    note(kind, here, data={"party": lead.seat.name, "seat": lead.seat.key})


@transaction.atomic
def set_outcome_consent(*, actor: Actor, room: Room, consent: bool) -> None:
    """Say whether the own party may be asked after twelve months what has become of it."""
    here, lead, _round = _after_opening(actor, room)
    ask_on = _in_a_year() if consent else None
    OutcomeConsent.objects.update_or_create(
        room=here.room,
        seat=lead.seat,
        defaults={"given": consent, "decided_at": now(), "ask_on": ask_on},
    )
    kind = "rooms.outcome.consented" if consent else "rooms.outcome.declined"
    note(kind, here, seat=lead.seat, data={"party": lead.seat.name})


def _in_a_year() -> date:
    day = today()
    # 29 February has no birthday next year.
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)
