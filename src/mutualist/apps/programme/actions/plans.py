"""Make a plan of a way to a level, and tick its steps off; vendor and partner do it alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.models import Contact, Plan, PlanStep, Relation
from mutualist.apps.programme.queries.levels import case_of
from mutualist.apps.programme.queries.rules import all_rules
from mutualist.apps.programme.standing import Standing, chain_of, require_active
from mutualist.domain.programme.ahead.actions import with_actions
from mutualist.domain.programme.ahead.timeline import Case
from mutualist.domain.programme.rules.model import Level
from mutualist.domain.programme.scoring.score import regions_of, score

#: Nobody plans further ahead than this.
YEARS = 5


@transaction.atomic
def begin_plan(
    *, standing: Standing, relation: Relation, level: str, counts: Mapping[str, int]
) -> Plan:
    """Store a way to a level as the next steps of a partner; a plan that was open before ends.

    Parameters
    ----------
    relation
        A partner the caller may know of.
    counts
        How often each action of the rules is done.

    Raises
    ------
    ActionError
        ``plan_way`` if by the facts and rules of today this does not lead to the level.
    """
    found = _own(standing, relation)
    require_active(standing)
    day = today()
    versions = all_rules(found.programme_id)
    target = _reached(case_of(found, versions, day), level, counts, day) if versions else None
    if target is None:
        raise ActionError(
            "plan_way",
            _(
                "By the facts and rules of today these steps do not lead to the level. Look at the ways again and choose one."
            ),
            status=409,
        )
    Plan.objects.filter(relation=found, ended=None).update(ended=day)
    words = {"de": target.words.de, "en": target.words.en}
    plan = Plan.objects.create(relation=found, level=level, words=words, begun=day)
    steps = case_of(found, versions, day).rules(day).steps
    order = sorted(counts, key=lambda name: (steps[name].days, list(steps).index(name)))
    every = [name for name in order for _time in range(counts[name])]
    PlanStep.objects.bulk_create(
        PlanStep(
            plan=plan,
            number=number,
            action=name,
            words={"de": steps[name].words.de, "en": steps[name].words.en},
            due=day + timedelta(days=steps[name].days),
        )
        for number, name in enumerate(every, 1)
    )
    _record("programme.plan.begun", standing, found, level=level, steps=len(every))
    return plan


@transaction.atomic
def change_step(
    *,
    standing: Standing,
    relation: Relation,
    number: int,
    done: bool,
    due: date | None,
    contact: int | None,
) -> PlanStep:
    """Say of a step of the open plan whether it is done, by when it is due, and who sees to it.

    Parameters
    ----------
    due
        None leaves it.
    contact
        Id of one of the partner's people; None: nobody in particular.
    """
    found = _own(standing, relation)
    step = PlanStep.objects.filter(plan__relation=found, plan__ended=None, number=number).first()
    if step is None:
        raise NotAllowed
    if contact and not Contact.objects.filter(relation=found, pk=contact).exists():
        raise NotAllowed
    if due is not None and not today() - timedelta(days=366) <= due <= today() + timedelta(
        days=366 * YEARS
    ):
        raise ActionError(
            "plan_due",
            _("{day} is too far away. Choose a day within the next {years} years."),
            day=due.isoformat(),
            years=YEARS,
        )
    step.due = due or step.due
    step.contact_id = contact or None
    step.done = (step.done or today()) if done else None
    step.save(update_fields=["due", "contact", "done"])
    _record("programme.plan.changed", standing, found, number=number)
    return step


@transaction.atomic
def end_plan(*, standing: Standing, relation: Relation) -> None:
    """Give the open plan up; what was done of it stays on record."""
    found = _own(standing, relation)
    if not Plan.objects.filter(relation=found, ended=None).update(ended=today()):
        raise NotAllowed
    _record("programme.plan.ended", standing, found)


def _own(standing: Standing, relation: Relation) -> Relation:
    """Lock the partner; refuse whoever may not write on either side of it."""
    if not standing.writes:
        raise NotAllowed
    found = Relation.objects.visible_to(standing).select_for_update().filter(pk=relation.pk).first()
    if found is None:
        raise NotAllowed
    return found


def _reached(case: Case, level: str, counts: Mapping[str, int], day: date) -> Level | None:
    """Return the level if it is reached by doing this, in whichever region."""
    rules = case.rules(day)
    known = all(
        name in rules.steps and 0 < count <= rules.steps[name].at_most
        for name, count in counts.items()
    )
    target = next((one for one in rules.levels if one.name == level), None)
    if not known or not counts or target is None or level in case.score(day).met:
        return None
    for region in regions_of(rules, case.facts, day):
        facts = with_actions(case.facts, rules, counts, day, region)
        if level in score(facts, rules, day, cutoffs=case.cutoffs, explain=False).met:
            return target
    return None


def _record(kind: str, standing: Standing, relation: Relation, **said: object) -> None:
    record(
        kind,
        actor=standing.actor,
        obj=relation,
        chain=chain_of(relation.programme_id, relation.pk),
        data={"name": relation.name, **said},
    )
