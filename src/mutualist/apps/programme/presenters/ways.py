"""The ways to the next level: what is done, what it costs, how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.programme.models import Plan, PlanStep
from mutualist.apps.programme.presenters.words import shown
from mutualist.apps.programme.queries.plans import Ways
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.library.programme_ahead import shortest_text, way_text


def ways_told(found: Ways, language: str) -> dict[str, Any]:
    """Return the ways, or why there is none.

    Parameters
    ----------
    language
        ``de`` or ``en``.
    """
    paths, rules = found.paths, found.rules
    words = {one.name: one.words.of(language) for one in rules.levels}
    target = words.get(paths.target or "", "")
    return {
        "target": target,
        "level": paths.target or "",
        "ways": [
            {
                "text": way_text(one, rules, language),
                "counts": counts_text(one.counts),
                "money": shown(one.money, language) if _costs(rules) else "",
                "currency": rules.currency,
                "hours": shown(one.hours, language) if _hours(rules) else "",
                "days": one.days,
                "total": shown(one.after.total, language) if rules.total.way != "none" else "",
                "lasts": one.lasts,
                "region": one.region or "",
            }
            for one in paths.paths
        ],
        "shortest": shortest_text(paths, rules, language),
        "none": why_none(found, language),
        "proven": paths.proven,
        "hours": _hours(rules),
        "currency": rules.currency,
    }


def _costs(rules: RuleSet) -> bool:
    return any(one.money for one in rules.steps.values())


def _hours(rules: RuleSet) -> bool:
    return any(one.hours for one in rules.steps.values())


def why_none(found: Ways, language: str) -> str:
    """Return why there is no way; empty where there is one."""
    paths = found.paths
    words = {one.name: one.words.of(language) for one in found.rules.levels}
    target = words.get(paths.target or "", "")
    if paths.paths:
        return ""
    if paths.target is None:
        return _("The highest level is reached.")
    if paths.reached:
        return _("{level} is reached already.").format(level=target)
    if not found.rules.steps:
        return _(
            "The rules name no actions, so no way can be computed. What {level} asks for stands on the scorecard."
        ).format(level=target)
    if paths.proven:
        return _(
            "With the actions that the rules name, {level} cannot be reached. What else it asks for stands on the scorecard."
        ).format(level=target)
    return _("No way was found in the time a page may take. That there is none is not proven.")


def counts_text(counts: Mapping[str, int]) -> str:
    """Return how often each action is done, for a form."""
    return " ".join(f"{name}:{count}" for name, count in counts.items())


def counts_of(text: str) -> dict[str, int]:
    """Return what :func:`counts_text` wrote; empty if it is anything else."""
    found: dict[str, int] = {}
    for part in text.split():
        name, colon, count = part.rpartition(":")
        if not colon or not count.isdecimal() or len(count) > 4:
            return {}
        found[name] = int(count)
    return found


def plan_told(plan: Plan, steps: list[PlanStep], language: str) -> dict[str, Any]:
    """Return a plan as a checklist."""
    return {
        "level": plan.words.get(language, plan.level),
        "begun": plan.begun,
        "done": sum(1 for one in steps if one.done),
        "count": len(steps),
        "steps": [
            {
                "number": one.number,
                "text": one.words.get(language, one.action),
                "due": one.due,
                "done": one.done,
                "contact": one.contact_id,
                "who": one.contact.name if one.contact else "",
            }
            for one in steps
        ],
    }
