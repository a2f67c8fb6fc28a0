"""Imports of facts: which there were, and what one that waits would do."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.programme.models import FactImport
from mutualist.apps.programme.queries.fact_checking import Ready, known_rows
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.scoring.survey import Raw
from mutualist.library.programme_sheets import columns_of

MOST_LISTED = 30
FIRST_ROWS = 5
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Preview:
    """What storing a file would do.

    Attributes
    ----------
    new, changed, same
        Facts that are not known yet, that replace others, and that are known as they are.
    columns
        Of the file, each of which the rules name.
    without
        Columns of the table that the file lacks.
    first
        The first rows, as they stand in the file.
    """

    table: str
    new: int
    changed: int
    same: int
    partners: int
    columns: tuple[str, ...]
    without: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]


def preview(ready: Ready, rows: Iterable[Raw]) -> Preview:
    """Compare rows with what is stored, without storing them."""
    new = changed = same = 0
    partners: set[int] = set()
    for batch in ready.batches():
        known = known_rows(batch)
        partners |= {one.relation_id for one in batch}
        for one in batch:
            before = known.get((one.relation_id, one.external_id))
            if before is None:
                new += 1
            elif before.values == one.values:
                same += 1
            else:
                changed += 1
    begin = [row for _at, row in islice(rows, FIRST_ROWS)]
    columns = tuple(begin[0]) if begin else ()
    first = tuple(tuple(str(row.get(name) or "") for name in columns) for row in begin)
    wanted = columns_of(ready.rules.tables[ready.table])
    without = tuple(name for name in wanted if name not in columns)
    return Preview(
        ready.table,
        new,
        changed,
        same,
        len(partners),
        columns,
        without,
        first,
        ready.warnings,
    )


def import_for(standing: Standing, uid: UUID) -> FactImport:
    """Return an import of the own programme; nobody else knows of it."""
    found = FactImport.objects.filter(programme=standing.programme, uid=uid).first()
    if found is None or standing.side != "vendor":
        raise NotAllowed
    return found


def content_of(found: FactImport) -> bytes:
    """Return the file that waits. It is stored small: PostgreSQL takes eight times its size in memory to send it.

    Some files that wait were stored as they came; no table begins as a compressed file does.
    """
    content = bytes(found.content or b"")
    return gzip.decompress(content) if content.startswith(_GZIP) else content


def imports_of(standing: Standing) -> list[FactImport]:
    """Return the last imports of the own programme, the newest first."""
    if standing.side != "vendor":
        raise NotAllowed
    found = FactImport.objects.filter(programme=standing.programme)
    found = found.exclude(state=FactImport.State.WAITING).defer("content")
    return list(found.select_related("author").order_by("-at", "-pk")[:MOST_LISTED])


def last_imports(standing: Standing, *, since: datetime) -> set[UUID]:
    """Return the last stored import of each table: only that can be taken back."""
    found = FactImport.objects.filter(
        programme=standing.programme, state=FactImport.State.STORED
    ).order_by("at", "pk")
    last = {one.table: one for one in found.only("uid", "table", "at")}
    return {one.uid for one in last.values() if one.at >= since}
