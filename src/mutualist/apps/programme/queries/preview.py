"""What rules would change for the partners there are, or have changed; nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.queries.rules import rules_of, version_on
from mutualist.apps.programme.queries.whole import outcomes
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.rules.model import RuleSet


@dataclass(frozen=True, slots=True)
class Change:
    """A partner whose level would be another one.

    Attributes
    ----------
    way
        Whether the partner rises or falls: by the order of levels in the newer rules.
    """

    name: str
    before: str
    after: str
    way: str


def changes_by(standing: Standing, draft: RuleSet, day: date) -> list[Change]:
    """Return the partners to whom a draft gives another level than the rules in force, by name."""
    version = version_on(standing.programme, day)
    return [] if version is None else changes_between(standing, rules_of(version), draft, day)


def changes_between(standing: Standing, older: RuleSet, newer: RuleSet, day: date) -> list[Change]:
    """Return the partners to whom two rule sets give different levels on a day, by name."""
    language = (get_language() or "en")[:2]
    both = (older, newer)
    old, new = (outcomes(standing, one, day) for one in both)
    words = [{one.name: one.words.of(language) for one in each.levels} for each in both]
    order = [[one.name for one in each.levels] for each in both]
    found = []
    for pk, name in Relation.objects.visible_to(standing).values_list("pk", "name"):
        before, after = old[pk].level, new[pk].level
        if before != after:
            was = _place(order[1] if before in order[1] else order[0], before)
            way = "rises" if _place(order[1], after) > was else "falls"
            found.append(
                Change(name, words[0].get(before or "", "–"), words[1].get(after or "", "–"), way)
            )
    return sorted(found, key=lambda one: one.name)


def _place(order: list[str], level: str | None) -> int:
    return order.index(level) if level in order else -1
