"""Imports of facts before and after they are stored: looked at first, put aside, taken back."""

from __future__ import annotations

import gzip
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.facts import follow
from mutualist.apps.programme.models import (
    NAME_LENGTH,
    FactBefore,
    FactImport,
    FactRow,
    Programme,
)
from mutualist.apps.programme.queries.fact_checking import BATCH
from mutualist.apps.programme.queries.fact_imports import import_for
from mutualist.apps.programme.standing import Standing

#: A file that was looked at waits for so long.
WAITS = timedelta(days=1)
#: What an import replaced is kept for so long; until then it can be taken back.
KEPT = timedelta(days=90)


def put_by(*, standing: Standing, table: str, file_name: str, content: bytes) -> FactImport:
    """Keep a file until somebody has looked at what storing it would do."""
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    return FactImport.objects.create(
        programme_id=standing.programme,
        table=table,
        file_name=file_name[:NAME_LENGTH],
        content=gzip.compress(content, 1),
        author_id=standing.actor.user_id,
    )


def put_aside(*, standing: Standing, waiting: UUID) -> None:
    """Forget a file that was looked at."""
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    found = import_for(standing, waiting)
    if found.state == FactImport.State.WAITING:
        found.delete()


@transaction.atomic
def take_back(*, standing: Standing, stored: UUID) -> FactImport:
    """Take an import back: what it added goes, what it replaced comes back.

    Raises
    ------
    ActionError
        If a later import of the same table is still there, or this one is too old.
    """
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    Programme.objects.select_for_update().get(pk=standing.programme)
    found = import_for(standing, stored)
    if found.state != FactImport.State.STORED:
        raise ActionError("facts_taken_back", _("This import is taken back already."), 409)
    if found.at < now() - KEPT:
        raise ActionError(
            "facts_old",
            _("Imports can be taken back for {days} days. Import the right rows instead."),
            409,
            days=KEPT.days,
        )
    later = FactImport.objects.filter(
        Q(at__gt=found.at) | Q(at=found.at, pk__gt=found.pk),
        programme=standing.programme,
        table=found.table,
        state=FactImport.State.STORED,
    ).order_by("-at", "-pk")
    if (last := later.first()) is not None:
        raise ActionError(
            "facts_later",
            _("Facts of this table came later, with {name} on {day}. Take that back first."),
            409,
            name=last.file_name or _("a program"),
            day=date_format(localtime(last.at), "SHORT_DATETIME_FORMAT"),
        )
    touched = set(found.facts.order_by().values_list("relation_id", flat=True).distinct())
    _restore(found)
    _forget(found)
    found.state = FactImport.State.TAKEN_BACK
    found.save(update_fields=["state"])
    record(
        "programme.facts.taken_back",
        actor=standing.actor,
        obj=Programme(pk=standing.programme),
        chain=standing.chain,
        data={"count": found.rows, "table": found.table, "import": str(found.uid)},
    )
    follow(standing, touched)
    return found


def _restore(found: FactImport) -> None:
    """Put back what was replaced; it belongs to the import it came with again."""
    while replaced := list(found.replaced.select_related("fact")[:BATCH]):
        for before in replaced:
            fact = before.fact
            fact.day, fact.values = before.day, before.values
            fact.imported_at, fact.source_id = before.imported_at, before.earlier_id
        # An update of many rows would name each value in a condition of its own, which takes ten times as long.
        FactRow.objects.bulk_create(
            [before.fact for before in replaced],
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=["day", "values", "imported_at", "source"],
        )
        FactBefore.objects.filter(pk__in=[before.pk for before in replaced]).delete()


def _forget(found: FactImport) -> None:
    """Delete what the import added, in parts: a million facts at once would all be read into memory first."""
    own = found.facts.order_by("pk")
    while some := list(own.values_list("pk", flat=True)[:BATCH]):
        FactRow.objects.filter(pk__in=some).delete()


def sweep() -> int:
    """Forget files that nobody stored, and what was replaced long ago, for the clock."""
    waiting = FactImport.objects.filter(state=FactImport.State.WAITING, at__lt=now() - WAITS)
    old = FactBefore.objects.filter(source__at__lt=now() - KEPT)
    return waiting.delete()[0] + old.delete()[0]
