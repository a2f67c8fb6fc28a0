"""What a partner can do, as facts: the rows that so many of each action leave behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from mutualist.domain.programme.rules.model import Adds, RuleSet, Step
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.rules.windows import Span
from mutualist.domain.programme.scoring.facts import Facts, Row

NEW = "new"


def with_actions(
    facts: Facts, rules: RuleSet, counts: Mapping[str, int], day: dt.date, region: Value = None
) -> Facts:
    """Return the facts with so many of each action done on a day.

    Parameters
    ----------
    region
        Where the rules count by region: the region in which the actions are done.
    """
    rows: dict[str, list[Row]] = {}
    for name, count in counts.items():
        step = rules.steps[name]
        for number in range(1, count + 1):
            for place, adds in enumerate(step.adds):
                row = _row(rules, step, adds, number, place, day, region)
                rows.setdefault(adds.table, []).append(row)
    if not rows:
        return facts
    merged = {table: (*facts.rows.get(table, ()), *new) for table, new in rows.items()}
    return Facts(facts.partner, {**facts.rows, **merged})


def _row(
    rules: RuleSet, step: Step, adds: Adds, number: int, place: int, day: dt.date, region: Value
) -> Row:
    table = rules.tables[adds.table]
    values: dict[str, Value] = {table.date: day}
    if rules.regions in table.fields:
        values[rules.regions] = region
    for name, value in adds.row.items():
        if isinstance(value, Span):
            values[name] = value.before(day)
        elif value == NEW:
            values[name] = f"{NEW}-{step.name}-{number}"
        else:
            values[name] = value
    return Row(f"{NEW}-{step.name}-{number}-{place}", values)
