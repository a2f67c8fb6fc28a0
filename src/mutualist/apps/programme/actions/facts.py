"""Take facts in: a table as a file, every row checked, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.actions.ahead import AT_ONCE, look_again
from mutualist.apps.programme.actions.levels import settle_those
from mutualist.apps.programme.models import (
    NAME_LENGTH,
    FactBefore,
    FactImport,
    FactRow,
    Programme,
)
from mutualist.apps.programme.queries.fact_checking import Ready, checked_facts, known_rows
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.scoring.survey import Raw


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Attributes
    ----------
    warnings
        Sentences about rows that were taken, with what follows from them.
    """

    import_uid: UUID
    rows: int
    new: int
    changed: int
    warnings: tuple[str, ...]


def import_facts(
    *,
    standing: Standing,
    table: str,
    rows: Iterable[Raw],
    file_name: str = "",
    waiting: UUID | None = None,
) -> Imported:
    """Store the rows of one table; a row with an id that is known replaces the one before.

    Parameters
    ----------
    table
        One of the tables that the rules of today name.
    rows
        Row numbers with columns: ``partner`` (your number of it), ``id``, and the fields of the table. They are
        gone through twice, so that a file may be read row by row instead of being held in memory.
    waiting
        An import that was looked at before; without it a new one is noted.

    Raises
    ------
    ActionError
        ``facts`` with everything that is wrong; nothing is stored then.
    """
    found = checked_facts(standing, table, rows)
    return _store(standing, found, file_name, waiting)


@transaction.atomic
def _store(standing: Standing, ready: Ready, file_name: str, waiting: UUID | None) -> Imported:
    Programme.objects.select_for_update().get(pk=standing.programme)
    source = _noted(standing, ready.table, file_name, waiting)
    touched: set[int] = set()
    for batch in ready.batches(source):
        touched |= {one.relation_id for one in batch}
        _keep(source, batch)
        source.rows += len(batch)
    source.save()
    record(
        "programme.facts.imported",
        actor=standing.actor,
        obj=Programme(pk=standing.programme),
        chain=standing.chain,
        data={"count": source.rows, "table": ready.table, "import": str(source.uid)},
    )
    follow(standing, touched)
    return Imported(source.uid, source.rows, source.added, source.changed, ready.warnings)


def _noted(standing: Standing, table: str, file_name: str, waiting: UUID | None) -> FactImport:
    """Return the import that is stored now; one that waited may be stored once."""
    noted = FactImport(
        programme_id=standing.programme,
        table=table,
        file_name=file_name[:NAME_LENGTH],
        author_id=standing.actor.user_id,
    )
    if waiting is not None:
        found = (
            FactImport.objects.filter(
                programme=standing.programme, uid=waiting, state=FactImport.State.WAITING
            )
            .defer("content")
            .first()
        )
        if found is None:
            raise ActionError(
                "facts_stored", _("This file is stored already, or was put aside."), 409
            )
        noted = found
    noted.state, noted.content, noted.at = FactImport.State.STORED, None, now()
    noted.save()
    return noted


def _keep(source: FactImport, batch: list[FactRow]) -> None:
    """Store rows; keep what they replace, and leave what is the same where it came from."""
    known = known_rows(batch)
    old = [(one, known.get((one.relation_id, one.external_id))) for one in batch]
    added = [one for one, before in old if before is None]
    changed = [(one, before) for one, before in old if before and before.values != one.values]
    same = [before.pk for one, before in old if before and before.values == one.values]
    FactRow.objects.bulk_create(added)
    FactBefore.objects.bulk_create(
        FactBefore(
            source=source,
            fact=before,
            day=before.day,
            values=before.values,
            imported_at=before.imported_at,
            earlier_id=before.source_id,
        )
        for _one, before in changed
    )
    FactRow.objects.bulk_create(
        [one for one, _before in changed],
        update_conflicts=True,
        unique_fields=["relation", "table", "external_id"],
        update_fields=["day", "values", "imported_at", "source"],
    )
    FactRow.objects.filter(pk__in=same).update(imported_at=batch[0].imported_at)
    source.added += len(added)
    source.changed += len(changed)


def follow(standing: Standing, touched: set[int]) -> None:
    """Let levels and dangers follow from facts that came or went."""
    if len(touched) <= AT_ONCE:
        # Levels rise on the day they are earned; of many partners the clock sees to it.
        settle_those(
            programme=standing.programme, relations=touched, actor=standing.actor, day=today()
        )
    look_again(standing.programme, touched)
