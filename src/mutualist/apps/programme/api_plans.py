"""The JSON API of ways up and plans; vendor and partner use the same addresses."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Field, Query, Router, Schema, Status

from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.schemas import REFUSED, In
from mutualist.apps.programme.actions.plans import begin_plan, change_step, end_plan
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.presenters.ways import why_none
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.queries.plans import Ways, open_plan, steps_of_plan, ways_of
from mutualist.apps.programme.standing import Standing, either_standing
from mutualist.library.programme_ahead import way_text

router = Router(tags=["programmes"])


class WayOut(Schema):
    """A way to a level; money, hours and gain as exact fractions."""

    actions: dict[str, int]
    text: str
    money: str
    hours: str
    days: int
    gain: str
    lasts: bool


class WaysOut(Schema):
    """The ways to the next level, cheapest first; `none` says why there is no way."""

    target: str | None
    currency: str
    proven: bool
    none: str
    ways: list[WayOut]


class PlanIn(In):
    """A way that becomes the plan of a partner."""

    level: str = Field(max_length=60)
    actions: dict[str, int] = Field(max_length=200)


class StepIn(In):
    """What is said of a step; `due` that is not named stays."""

    done: bool
    due: date | None = None
    contact: int | None = None


class PlanStepOut(Schema):
    """A step of a plan."""

    number: int
    action: str
    text: str
    due: date
    done: date | None
    contact: int | None


class PlanOut(Schema):
    """The open plan of a partner."""

    level: str
    begun: date
    steps: list[PlanStepOut]


def _place(request: HttpRequest, relation: UUID) -> tuple[Standing, Relation]:
    standing = either_standing(request.auth, relation)  # type: ignore[attr-defined]
    return standing, relation_for(standing, relation)


@router.get(
    "/relations/{relation}/ways",
    response={200: WaysOut, **REFUSED},
    summary="Cheapest ways to the next level",
)
def list_ways(
    request: HttpRequest,
    relation: UUID,
    hour: Annotated[int, Query(ge=0, le=10_000)] = 60,
) -> Any:
    """Return the cheapest ways of a partner; `hour` is what an hour is worth."""
    _standing, partner = _place(request, relation)
    found = ways_of(partner, today(), Fraction(hour))
    if found is None:
        raise NotAllowed
    return _ways(found)


@router.get(
    "/relations/{relation}/plan", response={200: PlanOut, **REFUSED}, summary="Plan of a partner"
)
def get_plan(request: HttpRequest, relation: UUID) -> Any:
    """Return the open plan; 404 where there is none."""
    return _told(_place(request, relation)[1])


@router.post(
    "/relations/{relation}/plan", response={201: PlanOut, **REFUSED}, summary="Make a plan"
)
def create_plan(request: HttpRequest, relation: UUID, body: PlanIn) -> Any:
    """Make a way the plan; one that was open before ends."""
    standing, partner = _place(request, relation)
    begin_plan(standing=standing, relation=partner, level=body.level, counts=body.actions)
    return Status(201, _told(partner))


@router.put(
    "/relations/{relation}/plan/steps/{number}",
    response={200: PlanOut, **REFUSED},
    summary="Change a step of the plan",
)
def change_plan_step(request: HttpRequest, relation: UUID, number: int, body: StepIn) -> Any:
    """Say whether a step is done, by when it is due, and who sees to it."""
    standing, partner = _place(request, relation)
    change_step(
        standing=standing,
        relation=partner,
        number=number,
        done=body.done,
        due=body.due,
        contact=body.contact,
    )
    return _told(partner)


@router.delete(
    "/relations/{relation}/plan", response={204: None, **REFUSED}, summary="Give the plan up"
)
def delete_plan(request: HttpRequest, relation: UUID) -> Any:
    """Give the open plan up."""
    standing, partner = _place(request, relation)
    end_plan(standing=standing, relation=partner)
    return Status(204, None)


def _ways(found: Ways) -> WaysOut:
    language = (get_language() or "en")[:2]
    return WaysOut(
        target=found.paths.target,
        currency=found.rules.currency,
        proven=found.paths.proven,
        none=why_none(found, language),
        ways=[
            WayOut(
                actions=dict(one.counts),
                text=way_text(one, found.rules, language),
                money=str(one.money),
                hours=str(one.hours),
                days=one.days,
                gain=str(one.gain),
                lasts=one.lasts,
            )
            for one in found.paths.paths
        ],
    )


def _told(relation: Relation) -> PlanOut:
    plan, language = open_plan(relation.pk), (get_language() or "en")[:2]
    if plan is None:
        raise NotAllowed
    return PlanOut(
        level=plan.level,
        begun=plan.begun,
        steps=[
            PlanStepOut(
                number=one.number,
                action=one.action,
                text=one.words.get(language, one.action),
                due=one.due,
                done=one.done,
                contact=one.contact_id,
            )
            for one in steps_of_plan(plan)
        ],
    )
