"""What a partner does with a registered project: object, ask for time, win, lose, withdraw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.public import Standing, chain_of
from mutualist.apps.projects import scopes
from mutualist.apps.projects.actions.steps import (
    checked_note,
    next_state,
    require_version,
    require_writer,
    take,
)
from mutualist.apps.projects.models import Registration
from mutualist.apps.projects.queries import row_for, rules_of
from mutualist.apps.projects.words import LOSSES
from mutualist.domain.programme.registration import PROTECTED


def win(*, standing: Standing, project: UUID | str, seen: int | None = None) -> Registration:
    """Say that the customer bought."""
    return _step(standing, project, "win", seen=seen)


def lose(
    *, standing: Standing, project: UUID | str, reason: str, note: str = "", seen: int | None = None
) -> Registration:
    """Say that the customer did not buy, and why."""
    if reason not in LOSSES:
        raise ActionError(
            "project_loss",
            _("Choose one of the reasons: {reasons}."),
            reasons=", ".join(map(str, LOSSES.values())),
        )
    return _step(standing, project, "lose", reason=reason, note=checked_note(note), seen=seen)


def withdraw(*, standing: Standing, project: UUID | str, seen: int | None = None) -> Registration:
    """Take a registration back."""
    return _step(standing, project, "withdraw", seen=seen)


def appeal(
    *, standing: Standing, project: UUID | str, text: str, seen: int | None = None
) -> Registration:
    """Object to a decision; the vendor looks at it once more."""
    words = checked_note(text, needed=_("Write why the decision should be looked at again."))
    with transaction.atomic():
        require_writer(standing, "partner")
        with scopes.own(standing):
            row = row_for(standing, project, lock=True)
            require_version(row, seen)
            next_state(row, "appeal", "partner")
            rules = rules_of(row)
            last = rules.appeal_until(localdate(row.decided_at or now()))
            if today() > last:
                raise ActionError(
                    "project_appeal_late",
                    _("Objections were possible until {day}."),
                    409,
                    day=date_format(last, "SHORT_DATE_FORMAT"),
                )
            moment = now()
            take(
                row,
                "appeal",
                "partner",
                actor=standing.actor,
                note=words,
                appeal=words,
                appealed_at=moment,
                answer_by=rules.answer_by(moment),
                told_at=None,
                reminded_at=None,
            )
    return row


@transaction.atomic
def ask_extension(
    *, standing: Standing, project: UUID | str, note: str = "", seen: int | None = None
) -> Registration:
    """Ask the vendor to extend the protection; the vendor's move."""
    require_writer(standing, "partner")
    words = checked_note(note)
    with scopes.own(standing):
        row = row_for(standing, project, lock=True)
        require_version(row, seen)
        rules = rules_of(row)
        if row.state not in PROTECTED:
            next_state(row, "extend", "partner")
        if row.extensions >= rules.extensions:
            raise ActionError(
                "project_extensions",
                _("This project was extended {count} times; the rules allow {most}."),
                409,
                count=row.extensions,
                most=rules.extensions,
            )
        row.extension_asked_at = now()
        row.told_at = None
        row.version += 1
        row.save()
        record(
            "projects.extension.asked",
            actor=standing.actor,
            obj=row,
            chain=chain_of(row.programme_id, row.relation_id),
            data={"reference": row.reference, "project": str(row.uid), "note": words},
        )
    return row


@transaction.atomic
def _step(
    standing: Standing, project: UUID | str, move: str, *, seen: int | None, **more: Any
) -> Registration:
    require_writer(standing, "partner")
    with scopes.own(standing):
        row = row_for(standing, project, lock=True)
        require_version(row, seen)
        take(row, move, "partner", actor=standing.actor, answer_by=None, **more)
    return row
