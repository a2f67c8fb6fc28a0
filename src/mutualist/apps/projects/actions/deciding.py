"""The vendor's side: take up, ask, accept, refuse, extend, release."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.public import Standing
from mutualist.apps.projects import mails, scopes
from mutualist.apps.projects.actions.clearing import Cleared, clear
from mutualist.apps.projects.actions.steps import (
    checked_note,
    next_state,
    require_version,
    require_writer,
    take,
)
from mutualist.apps.projects.models import Check, Registration
from mutualist.apps.projects.queries import row_for, rules_of
from mutualist.apps.projects.words import REJECTIONS, RULINGS
from mutualist.domain.programme.registration import Side, State

VENDOR: Side = "vendor"


@transaction.atomic
def take_up(*, standing: Standing, project: UUID | str, seen: int | None = None) -> Registration:
    """Say that somebody is looking at a project."""
    require_writer(standing, VENDOR)
    with scopes.own(standing):
        row = row_for(standing, project, lock=True)
        require_version(row, seen)
        take(row, "take_up", VENDOR, actor=standing.actor)
    return row


def ask(
    *, standing: Standing, project: UUID | str, question: str, seen: int | None = None
) -> Registration:
    """Ask the partner for more; the project is open to it again."""
    words = checked_note(question, needed=_("Write what you want to know."))
    with transaction.atomic():
        require_writer(standing, VENDOR)
        with scopes.own(standing):
            row = row_for(standing, project, lock=True)
            require_version(row, seen)
            until = rules_of(row).reply_until(today())
            take(
                row,
                "ask",
                VENDOR,
                actor=standing.actor,
                note=words,
                answer=words,
                answer_by=None,
                protected_until=until,
            )
        mails.tell_partner(row, "ask")
    return row


@transaction.atomic
def approve(
    *,
    standing: Standing,
    project: UUID | str,
    ruling: str = "",
    note: str = "",
    seen: int | None = None,
) -> Registration:
    """Accept a project and protect it.

    Parameters
    ----------
    ruling
        Where a conflict was found: ``distinct`` (two customers), ``second`` (accepted beside the first, with a part
        of the terms) or ``customer`` (the customer decided in writing; the other protection ends).
    note
        For ``customer`` needed: where the customer's word is kept.
    """
    require_writer(standing, VENDOR)
    words = checked_note(note)
    with scopes.own(standing):
        row = row_for(standing, project, lock=True)
        require_version(row, seen)
        next_state(row, "approve", VENDOR)
        cleared = clear(row.programme_id, row.relation_id, row.who, but=row.pk)
        _require_ruling(cleared, ruling)
        rules = rules_of(row)
        changes: dict[str, Any] = {"share": 100, "claim": row.claim or cleared.claim}
        if ruling == "second":
            changes = {"share": rules.second_share, "claim": None}
        elif ruling == "customer":
            _hand_over(standing, row, cleared, words)
            changes["claim"] = cleared.keys.claim
        elif ruling == "distinct" and changes["claim"] is None:
            # Two firms of one name at one place: told apart by the vendor's word, not by a number.
            changes["claim"] = f"{cleared.keys.claim}#{row.uid.hex}"
        moment = now()
        take(
            row,
            "approve",
            VENDOR,
            actor=standing.actor,
            note=words,
            answer=words,
            decided_at=moment,
            disclosed_at=row.disclosed_at or moment,
            answer_by=None,
            protected_until=rules.protected_until(today()),
            ended_at=None,
            **changes,
        )
        Check.objects.filter(registration=row).update(
            hits=cleared.noted(),
            points_version=cleared.points_version,
            ruling=ruling,
            note=words,
            ruled_at=moment,
        )
    mails.tell_partner(row, "approve")
    return row


def _require_ruling(cleared: Cleared, ruling: str) -> None:
    """Refuse to accept over a conflict without a word about it."""
    if ruling and ruling not in RULINGS:
        raise ActionError(
            "project_ruling", _("Say about the conflict: {rulings}."), rulings=", ".join(RULINGS)
        )
    if cleared.hits and not ruling:
        hit, row = cleared.hits[0]
        raise ActionError(
            "project_conflict",
            _(
                "{customer} ({reference}) is ahead for what may be the same customer, with {points} points. Say first "
                "whether these are two customers, whether this partner is accepted as second, or whether the customer "
                "decided in writing; or do not accept."
            ),
            409,
            customer=row.who.name,
            reference=row.reference,
            points=hit.comparison.points,
        )


def _hand_over(standing: Standing, row: Registration, cleared: Cleared, words: str) -> None:
    """End the protection of whoever is ahead: the customer decided for another partner."""
    if not rules_of(row).customer_decides:
        raise ActionError(
            "project_customer_rule",
            _("The rules of this programme do not let the customer decide."),
        )
    checked_note(
        words,
        needed=_("Write where the customer's decision is kept: the mail, its date, who wrote it."),
    )
    for hit, other in cleared.hits:
        if hit.comparison.decision != "same" and other.claim != cleared.keys.claim:
            continue
        held = Registration.objects.select_for_update().get(pk=other.pk)
        if held.state in {State.APPROVED, State.EXTENDED}:
            _end(standing, held, "release", "customer_decided")
        else:
            _end(standing, held, "reject", "customer_decided")


def _end(standing: Standing, row: Registration, move: str, reason: str, note: str = "") -> None:
    take(
        row,
        move,
        VENDOR,
        actor=standing.actor,
        reason=reason,
        note=note,
        answer=note,
        decided_at=now(),
        answer_by=None,
        protected_until=None,
    )
    mails.tell_partner(row, move)


def reject(
    *,
    standing: Standing,
    project: UUID | str,
    reason: str,
    note: str = "",
    seen: int | None = None,
) -> Registration:
    """Refuse a project, with one of the reasons."""
    return _refuse(standing, project, "reject", reason, note, seen)


def release(
    *,
    standing: Standing,
    project: UUID | str,
    reason: str,
    note: str = "",
    seen: int | None = None,
) -> Registration:
    """End the protection of a project before its time, with one of the reasons."""
    return _refuse(standing, project, "release", reason, note, seen)


@transaction.atomic
def _refuse(
    standing: Standing, project: UUID | str, move: str, reason: str, note: str, seen: int | None
) -> Registration:
    require_writer(standing, VENDOR)
    if reason not in REJECTIONS:
        raise ActionError(
            "project_reason",
            _("Choose one of the reasons: {reasons}."),
            reasons=", ".join(map(str, REJECTIONS.values())),
        )
    words = checked_note(note)
    with scopes.own(standing):
        row = row_for(standing, project, lock=True)
        require_version(row, seen)
        _end(standing, row, move, reason, words)
    return row


@transaction.atomic
def extend(
    *, standing: Standing, project: UUID | str, note: str = "", seen: int | None = None
) -> Registration:
    """Extend a protection by the days of the rules."""
    require_writer(standing, VENDOR)
    words = checked_note(note)
    with scopes.own(standing):
        row = row_for(standing, project, lock=True)
        require_version(row, seen)
        next_state(row, "extend", VENDOR)
        rules = rules_of(row)
        if row.extensions >= rules.extensions:
            raise ActionError(
                "project_extensions",
                _("This project was extended {count} times; the rules allow {most}."),
                409,
                count=row.extensions,
                most=rules.extensions,
            )
        until: date = row.protected_until or today()
        take(
            row,
            "extend",
            VENDOR,
            actor=standing.actor,
            note=words,
            answer=words,
            extensions=row.extensions + 1,
            protected_until=rules.extended_until(until),
            extension_asked_at=None,
            asked_at=None,
        )
    mails.tell_partner(row, "extend")
    return row
