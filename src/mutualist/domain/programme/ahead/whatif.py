"""What if: the same partner with other facts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mutualist.domain.programme.ahead.differences import Difference, difference
from mutualist.domain.programme.ahead.timeline import NOBODY, Case
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.facts import Facts, Row


@dataclass(frozen=True, slots=True)
class Changes:
    """What would be otherwise.

    Attributes
    ----------
    add
        Rows by table; one with the id of a row that is there takes its place.
    remove
        Ids of rows by table.
    partner
        Other values of the partner's fields.
    leavers
        Who leaves, with the first day without them.
    """

    add: Mapping[str, tuple[Row, ...]] = field(default_factory=lambda: MappingProxyType({}))
    remove: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    partner: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    leavers: Mapping[str, dt.date] = field(default_factory=lambda: NOBODY)


def changed(facts: Facts, changes: Changes) -> Facts:
    """Return the facts with the changes.

    Examples
    --------
    >>> facts = Facts({"id": "p"}, {"sales": (Row("1", {}), Row("2", {}))})
    >>> changed(facts, Changes(remove={"sales": frozenset({"2"})})).rows["sales"]
    (Row(id='1', values={}),)
    """
    rows = dict(facts.rows)
    for table in {**changes.remove, **changes.add}:
        new = changes.add.get(table, ())
        gone = changes.remove.get(table, frozenset()) | {row.id for row in new}
        rows[table] = (*(row for row in rows.get(table, ()) if row.id not in gone), *new)
    return Facts({**facts.partner, **changes.partner}, rows)


def what_if(
    case: Case, changes: Changes, as_of: dt.date, until: dt.date | None = None
) -> Difference:
    """Say what a score would be with other facts, and why.

    Parameters
    ----------
    case
        As it is.
    changes
        What would be otherwise.
    as_of
        The day.
    until
        A later day that is asked about; without it the day itself.
    """
    other = dataclasses.replace(
        case,
        facts=changed(case.facts, changes),
        leavers={**case.leavers, **changes.leavers},
    )
    return difference(case, other, as_of, until or as_of)
