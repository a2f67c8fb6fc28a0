"""The JSON API of rules, scores, reviews and levels: the same queries and actions as the pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router, Status

from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.programme import schemas_rules as s
from mutualist.apps.programme.actions.levels import decide, review
from mutualist.apps.programme.actions.programmes import checked_rules, save_rules
from mutualist.apps.programme.models import Relation, RuleSetVersion
from mutualist.apps.programme.queries.changes import explained
from mutualist.apps.programme.queries.doubts import doubts_about
from mutualist.apps.programme.queries.levels import MONTHS, changes_of, open_proposals, outlook
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.queries.rules import rules_of, version_of, version_on, versions_of
from mutualist.apps.programme.queries.scores import scores_of
from mutualist.apps.programme.standing import Standing, partner_standing, vendor_standing
from mutualist.domain.programme.rules.windows import add_months
from mutualist.library.programme_ahead import (
    DIFF,
    FORECAST,
    Telling,
    difference_entry,
    document,
    forecast_entry,
)
from mutualist.library.programme_changes import line_of
from mutualist.library.programme_results import scores_document

router = Router(tags=["programmes"])
#: So many partners come with one answer.
MOST = 100
TAG = re.compile(r'"rules-(\d{1,9})"')
#: No version has this number: a tag that cannot be read matches nothing.
NO_VERSION = -1


def _vendor(request: HttpRequest, programme: UUID) -> Standing:
    return vendor_standing(request.auth, programme)  # type: ignore[attr-defined]


def _partner(request: HttpRequest, relation: UUID) -> Standing:
    return partner_standing(request.auth, relation)  # type: ignore[attr-defined]


def _language() -> str:
    return (get_language() or "en")[:2]


@router.get(
    "/programmes/{programme}/rules",
    response={200: list[s.ProgrammeRulesOut], **REFUSED},
    summary="Versions of the rules",
)
def list_rules(request: HttpRequest, response: HttpResponse, programme: UUID) -> Any:
    """Return all versions, newest first; the tag to save a new one with stands in `ETag`."""
    found = versions_of(_vendor(request, programme))
    response["ETag"] = f'"rules-{found[0].number if found else 0}"'
    return [_version(one) for one in found]


# Before the address of a version, which would take "lint" for one.
@router.post(
    "/programmes/{programme}/rules/lint",
    response={200: s.LintOut, **REFUSED},
    summary="Check rules",
)
def lint_rules(request: HttpRequest, programme: UUID, body: s.LintIn) -> Any:
    """Say what is wrong with rules and what to look at again, with place and line; nothing is stored."""
    leave_out(request)
    here = _vendor(request, programme)
    try:
        rules = checked_rules(body.rules)
    except ActionError as error:
        return s.LintOut(usable=False, problems=_problems(error.message, body.rules, "error"))
    doubts = "\n".join(one.message(_language()) for one in doubts_about(here, rules))
    return s.LintOut(usable=True, problems=_problems(doubts, body.rules, "warning"))


@router.get(
    "/programmes/{programme}/rules/{version}",
    response={200: s.RulesTextOut, **REFUSED},
    summary="A version of the rules",
)
def get_rules(request: HttpRequest, response: HttpResponse, programme: UUID, version: int) -> Any:
    """Return a version with its text."""
    found = version_of(_vendor(request, programme), version)
    response["ETag"] = f'"rules-{found.number}"'
    return _with_text(found)


@router.put(
    "/programmes/{programme}/rules",
    response={201: s.RulesTextOut, **REFUSED},
    summary="Save a version of the rules",
)
def put_rules(
    request: HttpRequest, response: HttpResponse, programme: UUID, body: s.ProgrammeRulesIn
) -> Any:
    """Save rules that are in force from a day on; with `If-Match` only if the newest is the one you have read."""
    header = request.headers.get("If-Match")
    seen = None
    if header is not None and header.strip() != "*":
        found = None if header.strip().startswith("W/") else TAG.search(header)
        seen = int(found[1]) if found else NO_VERSION
    made = save_rules(
        standing=_vendor(request, programme),
        rules=body.rules,
        since=body.since,
        note=body.note,
        seen=seen,
    )
    response["ETag"] = f'"rules-{made.number}"'
    return Status(201, _with_text(made))


@router.get(
    "/programmes/{programme}/scores",
    response={200: dict[str, Any], **REFUSED},
    summary="Scores of all partners",
)
def list_scores(
    request: HttpRequest, programme: UUID, as_of: date | None = None, after: str = ""
) -> Any:
    """Return `score/1` as the command line does, for 100 partners by name; `after` is the name you have last."""
    standing, day = _vendor(request, programme), as_of or today()
    version = version_on(standing.programme, day)
    if version is None:
        raise NotAllowed
    partners = Relation.objects.visible_to(standing).filter(name__gt=after).order_by("name")[:MOST]
    rules = rules_of(version)
    found = scores_of(list(partners), rules, day)
    return scores_document(found, rules, _language()) | {"as_of": day.isoformat()}


@router.get(
    "/programmes/{programme}/partners/{relation}/forecast",
    response={200: dict[str, Any], **REFUSED},
    summary="Forecast of a partner",
)
def get_partner_forecast(request: HttpRequest, programme: UUID, relation: UUID) -> Any:
    """Return `forecast/1` for the next twelve months: what changes by itself, and which level falls on which day."""
    return _forecast(relation_for(_vendor(request, programme), relation))


@router.get(
    "/relations/{relation}/forecast",
    response={200: dict[str, Any], **REFUSED},
    summary="Your own forecast",
)
def get_own_forecast(request: HttpRequest, relation: UUID) -> Any:
    """Return the same for the own firm."""
    return _forecast(relation_for(_partner(request, relation), relation))


@router.get(
    "/programmes/{programme}/partners/{relation}/levels",
    response={200: list[s.LevelOut], **REFUSED},
    summary="Levels a partner held",
)
def list_partner_levels(request: HttpRequest, programme: UUID, relation: UUID) -> Any:
    """Return each change of level, newest first, with its cause and the version of the rules."""
    return _levels(relation_for(_vendor(request, programme), relation))


@router.get(
    "/relations/{relation}/levels",
    response={200: list[s.LevelOut], **REFUSED},
    summary="Levels you held",
)
def list_own_levels(request: HttpRequest, relation: UUID) -> Any:
    """Return the same for the own firm."""
    return _levels(relation_for(_partner(request, relation), relation))


@router.get(
    "/programmes/{programme}/partners/{relation}/levels/{change}",
    response={200: dict[str, Any], **REFUSED},
    summary="Why a level changed",
)
def explain_partner_level(
    request: HttpRequest, programme: UUID, relation: UUID, change: int
) -> Any:
    """Return `diff/1` from the day the level before was given: which metrics moved, by which facts or rules."""
    return _explained(relation_for(_vendor(request, programme), relation), change)


@router.get(
    "/relations/{relation}/levels/{change}",
    response={200: dict[str, Any], **REFUSED},
    summary="Why your level changed",
)
def explain_own_level(request: HttpRequest, relation: UUID, change: int) -> Any:
    """Return the same for the own firm."""
    return _explained(relation_for(_partner(request, relation), relation), change)


@router.get(
    "/programmes/{programme}/reviews",
    response={200: list[s.ProposalOut], **REFUSED},
    summary="Levels to decide about",
)
def list_reviews(request: HttpRequest, programme: UUID) -> Any:
    """Return every level that is to fall and waits for a decision."""
    return [
        s.ProposalOut(
            id=one.pk,
            partner=one.relation.uid,
            name=one.relation.name,
            day=one.day,
            before=one.before,
            after=one.after,
            why=one.why,
            version=one.rules.number if one.rules else None,
        )
        for one in open_proposals(_vendor(request, programme))
    ]


@router.post(
    "/programmes/{programme}/reviews",
    response={200: s.ReviewOut, **REFUSED},
    summary="Look at all partners",
)
def run_review(request: HttpRequest, programme: UUID) -> Any:
    """Let levels rise that are earned, and propose those that are to fall."""
    return s.ReviewOut(changed=review(standing=_vendor(request, programme)))


@router.post(
    "/programmes/{programme}/reviews/{proposal}",
    response={200: s.DecidedOut, **REFUSED},
    summary="Decide about a level",
)
def decide_review(request: HttpRequest, programme: UUID, proposal: int, body: s.DecisionIn) -> Any:
    """Let a level fall, or keep it with a reason that the partner reads."""
    standing = _vendor(request, programme)
    decide(standing=standing, proposal=proposal, keep=body.keep, reason=body.reason)
    return s.DecidedOut(id=proposal, state="kept" if body.keep else "applied")


def _version(one: RuleSetVersion) -> s.ProgrammeRulesOut:
    return s.ProgrammeRulesOut(
        number=one.number,
        since=one.since,
        until=one.until,
        note=one.note,
        saved_at=one.saved_at,
        author=one.author.name if one.author else None,
    )


def _with_text(one: RuleSetVersion) -> s.RulesTextOut:
    return s.RulesTextOut(**_version(one).dict(), rules=one.content)


def _problems(message: str, text: str, severity: s.Severity) -> list[s.LintProblem]:
    found = []
    for line in message.splitlines():
        place, colon, _rest = line.partition(": ")
        at = line_of(text, place) if colon else None
        known = place if at else ""
        found.append(s.LintProblem(message=line, place=known, line=at, severity=severity))
    return found


def _forecast(relation: Relation) -> dict[str, Any]:
    day = today()
    found = outlook(relation, day)
    if found is None:
        raise NotAllowed
    entry = forecast_entry(found.case.facts.id, found.ahead, Telling(found.case, _language()))
    return document(
        FORECAST,
        found.case.versions,
        [entry],
        as_of=day.isoformat(),
        until=add_months(day, MONTHS).isoformat(),
    )


def _explained(relation: Relation, change: int) -> dict[str, Any]:
    found = explained(relation, change)
    if found is None:
        raise NotAllowed
    telling = Telling(found.case, _language())
    entry = difference_entry(found.case.facts.id, found.found, telling)
    days = [found.found.first.isoformat(), found.found.last.isoformat()]
    return document(DIFF, found.case.versions, [entry], days=days)


def _levels(relation: Relation) -> list[s.LevelOut]:
    return [
        s.LevelOut(
            id=one.pk,
            day=one.day,
            level=one.level or None,
            cause=one.cause,
            reason=one.reason,
            version=one.rules.number if one.rules else None,
        )
        for one in changes_of(relation.pk)
    ]
