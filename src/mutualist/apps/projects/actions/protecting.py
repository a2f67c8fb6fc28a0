"""The rules of protection of a programme, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from mutualist.apps.core.audit import record
from mutualist.apps.core.errors import CHANGED, Conflict
from mutualist.apps.programme.public import Standing, chain_of
from mutualist.apps.projects import scopes
from mutualist.apps.projects.actions.steps import require_writer
from mutualist.apps.projects.content import Mistakes
from mutualist.apps.projects.models import Check, Protection, Registration, Step, Withheld
from mutualist.apps.projects.queries import protection_of
from mutualist.apps.projects.words import told
from mutualist.domain.programme.registration import RegistrationError, read_rules


@transaction.atomic
def save_protection(
    *, standing: Standing, rules: Mapping[str, Any], seen: int | None = None
) -> Protection:
    """Save new rules; what was registered before keeps those it was promised."""
    require_writer(standing, "vendor")
    try:
        found = read_rules(rules)
    except RegistrationError as error:
        raise Mistakes(told(error.faults)) from error
    _before, number = protection_of(standing.programme)
    if seen is not None and seen != number:
        raise Conflict("changed_elsewhere", CHANGED, mine=seen, theirs=number, version=number)
    try:
        with transaction.atomic():
            made = Protection.objects.create(
                programme_id=standing.programme,
                number=number + 1,
                content=found.to_dict(),
                author_id=standing.actor.user_id,
            )
    except IntegrityError:
        raise Conflict(
            "changed_elsewhere", CHANGED, mine=number, theirs=number + 1, version=number + 1
        ) from None
    record(
        "projects.protection.saved",
        actor=standing.actor,
        obj=made,
        chain=chain_of(standing.programme),
        data={"number": made.number, "version": found.version},
    )
    return made


def delete_projects_of(programme: int) -> int:
    """Delete everything registered in a programme that goes for good; call it before the programme is deleted."""
    with transaction.atomic(), scopes.ending([programme]):
        gone = 0
        for model in (Step, Check, Withheld, Registration):
            gone += model.objects.filter(programme=programme).delete()[0]
        return gone
