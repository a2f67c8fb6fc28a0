"""Why a level changed: what the facts and rules gave when the level before was given, and what on the day of the change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.programme.models import FactRow, LevelChange, Relation, RuleSetVersion
from mutualist.apps.programme.queries.levels import case_of, changes_of
from mutualist.apps.programme.queries.rules import all_rules
from mutualist.domain.programme.ahead.differences import Difference, difference
from mutualist.domain.programme.ahead.timeline import Case
from mutualist.domain.programme.scoring.facts import Facts


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a partner's level is another one since a day.

    Attributes
    ----------
    before
        The change that gave the level before; None where there was none.
    case
        The partner's facts as they are known today, under all versions of the rules.
    shows
        Whether the facts known today still show the change.
    versions
        Versions of the rules that began between the two days.
    """

    change: LevelChange
    before: LevelChange | None
    case: Case
    found: Difference
    shows: bool
    versions: tuple[RuleSetVersion, ...]


def explained(relation: Relation, change: int) -> Explained | None:
    """Explain a change of a partner the caller may know of; None where there were no rules.

    Raises
    ------
    NotAllowed
        If the partner has no such change.
    """
    changes = changes_of(relation.pk)
    place = next((at for at, one in enumerate(changes) if one.pk == change), None)
    if place is None:
        raise NotAllowed
    versions = all_rules(relation.programme_id)
    if not versions:
        return None
    here, before = changes[place], _given(changes[place + 1 :])
    case = case_of(relation, versions, here.day)
    first = before.day if before else min(relation.joined or here.day, here.day)
    found = difference(case, case, first, here.day)
    if not found.steps or not _shows(found, before, here):
        # What was taken in since, of days before, shows only beside what was known then.
        early = replace(case, facts=_known(relation, case.facts, before))
        late = difference(early, case, first, here.day)
        found = late if late.steps else found
    begun = RuleSetVersion.objects.filter(
        programme=relation.programme_id, since__gt=first, since__lte=here.day
    )
    return Explained(
        here, before, case, found, _shows(found, before, here), tuple(begun.order_by("since"))
    )


def _given(earlier: Sequence[LevelChange]) -> LevelChange | None:
    """Return the change that gave the level of the newest: decisions that kept it gave nothing."""
    found = None
    for one in earlier:
        if found is not None and one.level != found.level:
            break
        found = one
    return found


def _shows(found: Difference, before: LevelChange | None, after: LevelChange) -> bool:
    if before is not None and (found.level_before or "") != before.level:
        return False
    return (found.level_after or "") == after.level


def _known(relation: Relation, facts: Facts, before: LevelChange | None) -> Facts:
    """Return the facts without those that were taken in after a change; before the first one none."""
    stored = FactRow.objects.filter(relation=relation)
    later = stored.filter(imported_at__gt=before.recorded_at) if before else stored
    gone = set(later.values_list("table", "external_id"))
    rows = {
        table: tuple(row for row in held if (table, row.id) not in gone)
        for table, held in facts.rows.items()
    }
    return replace(facts, rows=rows)
