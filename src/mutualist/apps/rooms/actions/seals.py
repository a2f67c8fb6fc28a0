"""Sealing a party's answers, and taking the seal back while somebody else is still answering."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.actions.ground import enter, note, require_answering
from mutualist.apps.rooms.actions.heads import head_lines
from mutualist.apps.rooms.actions.mails import leads, tell, tell_leads
from mutualist.apps.rooms.actions.openings import open_round, opens_now
from mutualist.apps.rooms.errors import OpenItems, Refused
from mutualist.apps.rooms.models import Answerer, Room, SealedAnswers, SealedSheet
from mutualist.apps.rooms.queries.access import parties_of
from mutualist.apps.rooms.queries.sheets import DONT_KNOW, load_sheet, open_items
from mutualist.apps.rooms.sealing import vault_of
from mutualist.apps.rooms.standing import Standing
from mutualist.apps.rooms.values import Sealed
from mutualist.domain.assess import builtin_ruleset, check_sheet
from mutualist.domain.shared import fingerprint


@transaction.atomic
def seal_sheet(
    *, actor: Actor, room: Room, confirm_open_items: bool, seat: str | None = None
) -> Sealed:
    """Seal the lead's answers of the current round.

    Parameters
    ----------
    confirm_open_items
        Unanswered items are sealed as "don't know", but only if the lead has said so.

    Raises
    ------
    OpenItems
        If items are unanswered and the lead has not confirmed it; `items` names them.
    ActionError
        ``already_sealed`` if this was done before: a second press has no effect.
    """
    here = enter(actor, room)
    alone = here.room.mode == Room.Mode.ALONE
    people = list(here.answerers) if alone else [here.require_lead(seat)]
    if not people:
        raise NotAllowed
    _require_unsealed(here, people)
    with scopes.own(here):
        sheets = {one.pk: load_sheet(here.room, one.seat, one).answers for one in people}
    left_open = _left_open(here, people, sheets)
    if left_open and not confirm_open_items:
        raise OpenItems(
            _(
                "{count} items have no answer yet: {items}. Answer them, or seal them as “don’t know”."
            ),
            items=left_open,
        )
    for person in people:
        _require_valid(here, person, sheets[person.pk])
    with scopes.own(here):
        rows = [_seal(here, person, sheets[person.pk]) for person in people]
    own = rows[0]
    opened = _after_sealing(here, people[0], fingerprint(own.commitment))
    return Sealed(fingerprint(own.commitment), own.sealed_at, left_open, opened)


_sheets = Prepared(lambda room, number: SealedSheet.objects.filter(room=room, round=number))


def _sealed_now(here: Standing) -> list[SealedSheet]:
    return _sheets(room=here.room.pk, number=here.room.round)


def _require_unsealed(here: Standing, people: list[Answerer]) -> None:
    own = {person.seat_id for person in people}
    done = next((row for row in _sealed_now(here) if row.seat_id in own), None)
    if done is not None:
        raise ActionError(
            "already_sealed",
            _("These answers were sealed already, with the seal {fingerprint}. Nothing changed."),
            status=409,
            fingerprint=fingerprint(done.commitment),
        )
    require_answering(here.room)


def _left_open(
    here: Standing, people: list[Answerer], sheets: dict[int, dict[str, Any]]
) -> tuple[str, ...]:
    """Return the unanswered items, with the party where one person seals for several."""
    several = len(people) > 1
    return tuple(
        f"{item}:{person.seat.key}" if several else item
        for person in people
        for item in open_items(here.room, sheets[person.pk])
    )


def _require_valid(here: Standing, person: Answerer, sheet: dict[str, Any]) -> None:
    """Check the whole sheet again: parties may have changed since an answer was saved."""
    rules = builtin_ruleset(here.room.ruleset)
    parties = tuple(parties_of(here.seats))
    problems = tuple(check_sheet(sheet, person.seat.key, parties, rules))
    if problems:
        raise Refused(
            "invalid_answer",
            _("Some answers no longer fit this room. Please correct them before sealing."),
            problems=problems,
        )


def _seal(here: Standing, person: Answerer, sheet: dict[str, Any]) -> SealedSheet:
    unknown = dict.fromkeys(open_items(here.room, sheet), DONT_KNOW)
    parts = vault_of(here.room, person.seat).seal(here.room.round, {**sheet, **unknown})
    row = SealedSheet.objects.create(
        room=here.room,
        seat=person.seat,
        round=here.room.round,
        question_set=parts.question_set,
        commitment=parts.commitment,
        sealed_at=now(),
        sealed_by=person,
    )
    SealedAnswers.objects.create(
        room=here.room,
        seat=person.seat,
        round=row.round,
        sheet=row,
        ciphertext=parts.ciphertext,
    )
    note(
        "rooms.answers.sealed",
        here,
        data={
            "seat": person.seat.key,
            "party": person.seat.name,
            "round": row.round,
            "commitment": row.commitment,
            "fingerprint": fingerprint(row.commitment),
        },
    )
    return row


def _after_sealing(here: Standing, person: Answerer, print_: str) -> bool:
    """Open, or tell people what comes next; return whether the room is open now."""
    room = here.room
    if room.mode == Room.Mode.ALONE or opens_now(here):
        open_round(here)
        return True
    if len(_sealed_now(here)) == len(here.seats):
        tell_leads("rooms/mail/all_sealed", here, **head_lines(here))
    else:
        known = next((lead for lead in leads(here) if lead.pk == person.pk), person)
        tell("rooms/mail/sealed", known, here, fingerprint=print_)
    return False


@transaction.atomic
def take_back(*, actor: Actor, room: Room, seat: str | None = None) -> None:
    """Take the own seal back; possible only while at least one other party has not sealed.

    It tells nobody anything about the answers, and nothing of the other side is known yet.
    """
    here = enter(actor, room)
    person = here.require_lead(seat)
    require_answering(here.room)
    rows = _sealed_now(here)
    own = next((row for row in rows if row.seat_id == person.seat_id), None)
    if own is None:
        raise ActionError("not_sealed", _("These answers are not sealed; you can change them."))
    if len(rows) == len(here.seats):
        raise ActionError(
            "all_sealed",
            _("All parties have sealed. From here on the only way is to open together."),
        )
    with scopes.own(here):
        own.delete()
    note(
        "rooms.answers.taken_back",
        here,
        data={"seat": person.seat.key, "party": person.seat.name, "round": here.room.round},
    )
