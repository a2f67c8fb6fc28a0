"""What other parts may ask of registered projects: those that are won, for the vendor that pays for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.programme.public import Standing
from mutualist.apps.projects import scopes
from mutualist.apps.projects.actions.protecting import delete_projects_of
from mutualist.apps.projects.models import Registration, Withheld
from mutualist.apps.projects.sealing import opened
from mutualist.domain.programme.registration import State

__all__ = ["WonProject", "projects_ended", "won_projects"]

#: So many are told, the newest ones.
MOST = 200


@contextmanager
def projects_ended(programme: int) -> Iterator[None]:
    """Delete everything registered in a programme, and let it be deleted itself in the block."""
    with transaction.atomic():
        delete_projects_of(programme)
        # Whoever deletes a programme looks for what hangs on it: within its end there is nothing left to be found.
        with scopes.ending([programme]):
            yield


@dataclass(frozen=True, slots=True)
class WonProject:
    """A won project.

    Attributes
    ----------
    amount, currency
        As the partner registered it, with a point; empty if it named none.
    share
        What the partner gets of the terms, in per cent: a second registrant less.
    """

    uid: UUID
    reference: str
    relation: int
    customer: str
    title: str
    amount: str
    currency: str
    share: int
    won_on: date


def won_projects(here: Standing) -> tuple[WonProject, ...]:
    """Return the won projects of a vendor's programme, newest first.

    Raises
    ------
    NotAllowed
        For whoever is not on the vendor's side.
    """
    if here.side != "vendor":
        raise NotAllowed
    with scopes.own(here):
        rows = Registration.objects.filter(
            programme=here.programme, state=State.WON.value, ended_at__isnull=False
        )
        found = list(rows.order_by("-ended_at", "-pk")[:MOST])
        kept = Withheld.objects.filter(registration__in=[row.pk for row in found])
        secrets = {one.registration_id: one for one in kept}
    told = []
    for row in found:
        secret = opened(secrets[row.pk], row.uid) if row.pk in secrets else {}
        assert row.ended_at is not None  # asked for above
        told.append(
            WonProject(
                row.uid,
                row.reference,
                row.relation_id,
                row.customer,
                row.title,
                secret.get("amount", ""),
                secret.get("currency", ""),
                row.share,
                localdate(row.ended_at),
            )
        )
    return tuple(told)
