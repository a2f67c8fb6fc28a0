"""Levels rise by themselves and fall by decision: every change is on record with its reason."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.programme.models import LevelChange, LevelProposal, Programme, Relation
from mutualist.apps.programme.queries.level_order import level_names
from mutualist.apps.programme.queries.levels import case_of, open_proposals, steadily_held
from mutualist.apps.programme.queries.partners import contacts_of
from mutualist.apps.programme.queries.quiet import Looking, Stamps, quiet, rank
from mutualist.apps.programme.queries.rules import all_rules, version_on
from mutualist.apps.programme.queries.scores import cutoffs_on
from mutualist.apps.programme.queries.whole import FEW
from mutualist.apps.programme.standing import Standing, chain_of, make_link
from mutualist.domain.programme.ahead.timeline import in_force

LONGEST_REASON = 300
CHUNK = 500
#: So many levels are decided by one request: each is told by mail and stands in the log.
MOST_DECIDED = 1_000


def settle_all(day: date | None = None) -> int:
    """Look at every programme, for the clock; return how many levels changed or are to fall."""
    when = day or today()
    return sum(
        settle(programme=one, actor=Actor.system(), day=when) for one in Programme.objects.all()
    )


def settle(*, programme: Programme, actor: Actor, day: date, few: int = FEW) -> int:
    """Let levels rise that are earned, and propose those that are to fall.

    Each partner is settled by itself: whatever stops this halfway, the next time goes on with the others.

    Parameters
    ----------
    few
        Up to so many facts partners are looked at one by one; both ways do the same.
    """
    if version_on(programme.pk, day) is None:
        return 0
    versions = all_rules(programme.pk)
    looking = Looking(
        programme.pk, versions, day, cutoffs_on(programme.pk, in_force(versions, day), day)
    )
    active = Relation.objects.filter(programme=programme, state=Relation.State.ACTIVE)
    relations = list(active.order_by("pk"))
    stamps = Stamps(looking, relations)
    same = quiet(looking, relations, stamps, few=few)
    _note(looking, [one for one in relations if one.pk in same], stamps)
    return sum(
        _settle_one(one.pk, looking, actor, stamps.of(one.pk, day))
        for one in relations
        if one.pk not in same
    )


def _note(looking: Looking, relations: list[Relation], stamps: Stamps) -> None:
    """Note that levels are still what they were."""
    earlier = [one for one in relations if one.settled_on != looking.day]
    for start in range(0, len(earlier), CHUNK):
        some = earlier[start : start + CHUNK]
        for one in some:
            one.settled_on = looking.day
            one.settled_stamp = stamps.of(one.pk, looking.day)
        Relation.objects.bulk_update(some, ["settled_on", "settled_stamp"])


def settle_those(*, programme: int, relations: set[int], actor: Actor, day: date) -> int:
    """Look at some partners whose facts or state have just changed."""
    if version_on(programme, day) is None:
        return 0
    versions = all_rules(programme)
    active = Relation.objects.filter(pk__in=relations, state=Relation.State.ACTIVE)
    pks = list(active.order_by("pk").values_list("pk", flat=True))
    if not pks:
        return 0
    cutoffs = cutoffs_on(programme, in_force(versions, day), day)
    looking = Looking(programme, versions, day, cutoffs)
    return sum(_settle_one(pk, looking, actor) for pk in pks)


def review(*, standing: Standing) -> int:
    """Look at all partners of a programme now."""
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    programme = Programme.objects.get(pk=standing.programme)
    return settle(programme=programme, actor=standing.actor, day=today())


@transaction.atomic
def _settle_one(pk: int, looking: Looking, actor: Actor, stamp: str = "") -> int:
    """Settle a partner; with the digest of what its level follows from, note it where the level is steady."""
    relation = Relation.objects.select_for_update().get(pk=pk)
    versions, day = looking.versions, looking.day
    case = case_of(relation, versions, day, looking.cutoffs)
    held, steady = steadily_held(relation, versions, day, case)
    names = [one.name for one in versions[-1].levels]
    here, there = rank(names, relation.level), rank(names, held.level)
    pending = LevelProposal.objects.filter(relation=relation, state="open").first()
    if there > here:
        _end(pending)
        _change(relation, held.level or "", day, held.why, "", actor)
        return 1
    if stamp:
        found = (day, held.level or "", stamp) if steady else (None, "", "")
        fields = ("settled_on", "settled_level", "settled_stamp")
        if found != tuple(getattr(relation, one) for one in fields):
            Relation.objects.filter(pk=pk).update(**dict(zip(fields, found, strict=True)))
    if there == here:
        _end(pending)
        return 0
    if pending is not None and pending.after == (held.level or ""):
        return 0
    LevelProposal.objects.filter(relation=relation, state="open").delete()
    LevelProposal.objects.create(
        relation=relation,
        day=held.day,
        before=relation.level,
        after=held.level or "",
        why=held.why,
        rules=version_on(relation.programme_id, day),
    )
    return 1


def _end(pending: LevelProposal | None) -> None:
    """Take a proposal back whose facts no longer hold."""
    if pending is not None:
        pending.state, pending.decided_at = LevelProposal.State.GONE, now()
        pending.save(update_fields=["state", "decided_at"])


def _change(
    relation: Relation, level: str, day: date, cause: str, reason: str, actor: Actor
) -> None:
    LevelChange.objects.create(
        relation=relation,
        day=day,
        level=level,
        rules=version_on(relation.programme_id, day),
        cause=cause,
        reason=reason,
    )
    relation.level, relation.level_since, relation.looked_on = level, day, None
    relation.save(update_fields=["level", "level_since", "looked_on"])
    record(
        "programme.level.changed",
        actor=actor,
        obj=relation,
        chain=chain_of(relation.programme_id, relation.pk),
        data={"name": relation.name, "level": level or "–", "cause": cause},
    )
    _tell(relation, level, reason)


def _tell(relation: Relation, level: str, reason: str) -> None:
    programme = Programme.objects.get(pk=relation.programme_id)
    version = version_on(programme.pk, today())
    for contact in contacts_of(relation.pk, "levels"):
        words = level_names(programme.pk, today(), contact.language)
        send_mail_template(
            "programme/mail/level",
            to=contact.email,
            language=contact.language,
            context={
                "person": contact.name,
                "partner": relation.name,
                "programme": programme.name,
                "level": words.get(level, level),
                "reason": reason,
                "version": version.number if version else 0,
                "action_url": absolute(make_link(contact)),
            },
        )


@transaction.atomic
def decide(*, standing: Standing, proposal: int, keep: bool, reason: str = "") -> None:
    """Let a level fall as proposed, or keep it with a reason that the partner reads."""
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    found = (
        LevelProposal.objects.select_for_update(of=("self",))
        .filter(pk=proposal, relation__programme=standing.programme)
        .select_related("relation")
        .first()
    )
    if found is None:
        raise NotAllowed
    if found.state != LevelProposal.State.OPEN:
        raise ActionError(
            "proposal_decided",
            _("This was decided already, on {when}. Nothing was changed now."),
            status=409,
            when=localdate(found.decided_at).isoformat() if found.decided_at else "–",
        )
    clean = " ".join(reason.split())[:LONGEST_REASON]
    if keep and not clean:
        raise ActionError(
            "proposal_reason",
            _("Say why {name} keeps the level; the partner reads it."),
            name=found.relation.name,
        )
    found.state = LevelProposal.State.KEPT if keep else LevelProposal.State.APPLIED
    found.reason, found.decided_at = clean, now()
    found.decided_by_id = standing.actor.user_id
    found.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    if not keep:
        _change(found.relation, found.after, today(), found.why, clean, standing.actor)
        return
    LevelChange.objects.create(
        relation=found.relation,
        day=today(),
        level=found.relation.level,
        rules=found.rules,
        cause="override",
        reason=clean,
    )
    record(
        "programme.level.kept",
        actor=standing.actor,
        obj=found.relation,
        chain=chain_of(standing.programme, found.relation_id),
        data={"name": found.relation.name, "level": found.relation.level or "–"},
    )


def decide_all(
    *,
    standing: Standing,
    keep: bool,
    reason: str = "",
    text: str = "",
    level: str = "",
    most: int = MOST_DECIDED,
) -> tuple[int, int]:
    """Decide what waits in the same way; return how many were decided, and how many still wait.

    Each partner is decided by itself: whatever stops this halfway, nobody is left in between, and the
    next try goes on with those that still wait.

    Parameters
    ----------
    text, level
        Only these, as for :func:`..queries.levels.open_proposals`.
    most
        So many at once.
    """
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    found = list(open_proposals(standing, text, level).values_list("pk", flat=True))
    for pk in found[:most]:
        decide(standing=standing, proposal=pk, keep=keep, reason=reason)
    return len(found[:most]), len(found[most:])
