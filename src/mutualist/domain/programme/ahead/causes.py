"""What made a measure change: facts that began, ran out, left the time that is looked at, items that ceased to count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mutualist.domain.programme.ahead.timeline import Case
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import RuleSet, Source
from mutualist.domain.programme.rules.trees import Formula, Value
from mutualist.domain.programme.scoring.facts import Row
from mutualist.domain.programme.scoring.plan import plan_of
from mutualist.domain.programme.scoring.running import Run
from mutualist.domain.programme.scoring.score import best_run
from mutualist.domain.programme.status.model import sentences

CauseKind = Literal[
    "added",
    "removed",
    "corrected",
    "left",
    "expired",
    "out_of_window",
    "retired",
    "no_longer",
    "began",
    "into_window",
    "counts_now",
]
MOST_SHOWN = 3
MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a measure changed.

    Attributes
    ----------
    kind
        ``expired``: its last day is over; ``out_of_window`` and ``into_window``: by its date it is no longer, or
        now, in the time looked at; ``began``: its first day; ``retired``: an item of a list no longer counts;
        ``left``: the person has left; ``no_longer`` and ``counts_now``: the condition of the measure turned, for
        another reason; ``added``, ``removed``, ``corrected``: the facts were changed.
    rows
        Ids of the facts.
    names
        What the facts are about: their texts.
    """

    kind: CauseKind
    measure: str
    table: str
    rows: tuple[str, ...]
    names: tuple[str, ...]
    item: str = ""

    def message(self, rules: RuleSet, language: str) -> str:
        """Return a sentence in ``de`` or ``en``."""
        german = language == "de"
        table = rules.tables.get(self.table)
        listed = list(dict.fromkeys(self.names)) or list(self.rows)
        shown = ", ".join(listed[:MOST_SHOWN])
        if len(listed) > MOST_SHOWN:
            more = len(listed) - MOST_SHOWN
            shown += f" und {more} weitere" if german else f" and {more} more"
        item = next(
            (one.items[self.item].words for one in rules.lists.values() if self.item in one.items),
            None,
        )
        text: str = sentences()["causes"][self.kind]["de" if german else "en"]
        return text.format(
            table=table.words.of(language) if table else self.table,
            rows=shown,
            item=item.of(language) if item else self.item,
        )


def look(case: Case, day: dt.date, rules: RuleSet | None = None) -> Run:
    """Return the computation of a partner on a day."""
    return best_run(plan_of(rules or case.rules(day)), case.on(day), day, case.cutoffs)


def causes(case: Case, before: Run, after: Run) -> tuple[Cause, ...]:
    """Return why measures changed from one computation to another.

    Parameters
    ----------
    case
        Says who leaves.
    before, after
        Of the same partner.
    """
    found: dict[tuple[str, str, CauseKind, str], list[Row]] = {}
    for name, measure in after.rules.measures.items():
        if name not in before.rules.measures:
            continue
        old, new = before.gathered(name), after.gathered(name)
        if old.value == new.value and old.evidence == new.evidence:
            continue
        tables = _tables(after.rules, measure.source)
        wheres = [measure.source.where]
        lost = set(old.evidence) - set(new.evidence)
        gained = set(new.evidence) - set(old.evidence)
        for table, row in _rows(before, tables, lost):
            kind, item = _lost(case, after, table, row, measure.source, wheres)
            found.setdefault((name, table, kind, item), []).append(row)
        for table, row in _rows(after, tables, gained):
            kind = _gained(before, table, row, measure.source)
            found.setdefault((name, table, kind, ""), []).append(row)
        for table, row in _rows(after, tables, set(old.evidence) & set(new.evidence)):
            known = _row(before, table, row.id)
            if old.value != new.value and known is not None and known != row:
                found.setdefault((name, table, "corrected", ""), []).append(row)
    return tuple(
        Cause(
            kind,
            name,
            table,
            tuple(row.id for row in rows),
            tuple(_named(after.rules, table, row) for row in rows),
            item,
        )
        for (name, table, kind, item), rows in found.items()
    )


def _named(rules: RuleSet, table: str, row: Row) -> str:
    """Return the texts of a row in the order of the rules."""
    values = [row.values.get(name) for name in rules.tables[table].fields]
    texts = [value for value in values if isinstance(value, str) and value]
    return " · ".join(texts[:MOST_WORDS]) or row.id


def _tables(rules: RuleSet, source: Source) -> Sequence[str]:
    return list(rules.tables) if source.is_group else [source.name]


def _rows(run: Run, tables: Sequence[str], ids: set[str]) -> Iterable[tuple[str, Row]]:
    for table in tables:
        for row in run.facts.rows.get(table, ()):
            if row.id in ids:
                yield table, row


def _row(run: Run, table: str, row_id: str) -> Row | None:
    return next((one for one in run.facts.rows.get(table, ()) if one.id == row_id), None)


def _bounds(run: Run, source: Source) -> tuple[dt.date, dt.date]:
    window = source.window
    since = run.partner.get(window.since) if window.since else None
    known = since if isinstance(since, dt.date) else None
    found = window.bounds(run.as_of, run.rules.fiscal_start, known)
    return found or (dt.date.max, dt.date.min)


def _lost(
    case: Case,
    after: Run,
    table: str,
    row: Row,
    source: Source,
    wheres: Sequence[Formula | None],
) -> tuple[CauseKind, str]:
    gone = case.leavers.get(str(row.values.get(case.person)))
    if gone is not None and gone <= after.as_of:
        return "left", ""
    now = _row(after, table, row.id)
    if now != row:
        return ("removed" if now is None else "corrected"), ""
    columns, first = after.rules.tables[table], _bounds(after, source)[0]
    ended, begun = row.values.get(columns.until), row.values.get(columns.date)
    if columns.until and not source.is_group:
        if isinstance(ended, dt.date) and ended < first and source.window.kind == "valid":
            return "expired", ""
        if isinstance(ended, dt.date) and ended < first and source.window.touching:
            return "out_of_window", ""
    spans = source.window.kind == "valid" or source.window.touching
    if not spans and not source.is_group and isinstance(begun, dt.date) and begun < first:
        return "out_of_window", ""
    return _retired(after, row, source, wheres)


def _retired(
    after: Run, row: Row, source: Source, wheres: Sequence[Formula | None]
) -> tuple[CauseKind, str]:
    """Look for an item that no longer counts, in the lists that the condition asks about."""
    day = source.window.day(after.as_of)
    for where in wheres:
        for listing in _listings(where.tree) if where else ():
            items, counting = after.rules.lists[listing].items, after.counting(listing, day)
            for value in row.values.values():
                if isinstance(value, str) and value in items and value not in counting:
                    return "retired", value
    return "no_longer", ""


def _listings(tree: trees.Tree) -> Iterable[str]:
    if isinstance(tree, trees.ValidIn):
        yield tree.listing
    for part in trees.parts_of(tree):
        yield from _listings(part)


def _gained(before: Run, table: str, row: Row, source: Source) -> CauseKind:
    old = _row(before, table, row.id)
    if old != row:
        return "added" if old is None else "corrected"
    begun: Value = row.values.get(before.rules.tables[table].date)
    last = _bounds(before, source)[1] if not source.is_group else before.as_of
    if isinstance(begun, dt.date) and begun > last:
        return "began" if begun > before.as_of else "into_window"
    return "counts_now"
