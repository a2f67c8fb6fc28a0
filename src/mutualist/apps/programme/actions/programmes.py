"""Begin a programme and save its rules."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import yaml
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, Conflict, NotAllowed
from mutualist.apps.identity.models import Organisation
from mutualist.apps.identity.queries import organisation_for
from mutualist.apps.programme.actions.ahead import look_again
from mutualist.apps.programme.models import NAME_LENGTH, Programme, RuleSetVersion
from mutualist.apps.programme.standing import Standing, chain_of
from mutualist.domain.programme.rules.lint import lint
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.problems import RuleSetError
from mutualist.domain.programme.rules.reading import read_rules

MOST_CHARACTERS = 300_000


def checked_rules(content: str) -> RuleSet:
    """Read a rule file and refuse one that cannot be used, with everything that is wrong.

    Raises
    ------
    ActionError
        ``rules`` with the problems in the language now active.
    """
    if len(content) > MOST_CHARACTERS:
        raise ActionError(
            "rules_size",
            _("The rules have {length} characters; {most} are possible."),
            length=len(content),
            most=MOST_CHARACTERS,
        )
    try:
        source = yaml.safe_load(content)
    except (ValueError, RecursionError) as error:
        # A day that the calendar does not have, such as 2026-02-31, or lists within lists without end.
        raise ActionError(
            "rules_value",
            _("The text holds a value that is none: {error}. Check dates, such as 2026-02-28."),
            error=str(error)[:200],
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ActionError(
            "rules_yaml",
            _(
                "The text is no YAML: line {line}, column {column}. Check indentation, colons and quotes."
            ),
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
        ) from error
    language = (get_language() or "en")[:2]
    try:
        rules = read_rules(source)
    except RuleSetError as error:
        raise ActionError("rules", "{problems}", problems=error.message(language)) from error
    wrong = [one.message(language) for one in lint(rules) if one.severity == "error"]
    if wrong:
        raise ActionError("rules", "{problems}", problems="\n".join(wrong))
    return rules


def _name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH:
        raise ActionError(
            "programme_name",
            _("Give the programme a name of 1 to {most} characters (now {length})."),
            most=NAME_LENGTH,
            length=len(clean),
        )
    return clean


def _slug(name: str) -> str:
    stem = slugify(name)[:50] or "programme"
    slug, number = stem, 1
    while Programme.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug


@transaction.atomic
def begin_programme(
    *, actor: Actor, organisation: UUID, name: str, rules: str, since: date, language: str = "de"
) -> Programme:
    """Begin a programme of an organisation with its first rules."""
    owner = organisation_for(actor, organisation, "owner", "member")
    clean = _name(name)
    checked_rules(rules)
    # Two windows of one person come one after the other here.
    Organisation.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if Programme.objects.filter(organisation=owner, name=clean).exists():
        raise ActionError(
            "programme_twice",
            _(
                "{organisation} has a programme “{name}” already. Open that one, or choose another name."
            ),
            status=409,
            organisation=owner.name,
            name=clean,
        )
    made = Programme.objects.create(
        organisation=owner, name=clean, slug=_slug(clean), language=language
    )
    RuleSetVersion.objects.create(
        programme=made, number=1, content=rules, since=since, author_id=actor.user_id
    )
    record(
        "programme.programme.begun",
        actor=actor,
        obj=made,
        chain=chain_of(made.pk),
        data={"name": clean},
    )
    return made


@transaction.atomic
def save_rules(
    *, standing: Standing, rules: str, since: date, note: str = "", seen: int | None = None
) -> RuleSetVersion:
    """Save rules that are in force from a day on; the version before ends the day before.

    A version that has been in force keeps its first day: history stays what it was.

    Parameters
    ----------
    seen
        The number of the newest version the caller has read; none where any will do.
    """
    if not standing.writes or standing.side != "vendor":
        raise NotAllowed
    programme = Programme.objects.select_for_update().get(pk=standing.programme)
    checked_rules(rules)
    last = programme.rule_sets.order_by("-since").first()
    number = last.number if last else 0
    if seen is not None and seen != number:
        refused = Conflict(
            "rules_newer",
            _("Another version was saved since you read the rules. Read it, then save again."),
            mine=rules,
            theirs=last.content if last else "",
            version=number,
            status=412,
        )
        refused.etag = f'"rules-{number}"'
        raise refused
    if last is not None and since <= last.since:
        raise ActionError(
            "rules_since",
            _("The rules now saved begin on {last}; new ones have to begin later, not on {since}."),
            last=last.since.isoformat(),
            since=since.isoformat(),
        )
    if last is not None and since < today():
        raise ActionError(
            "rules_past",
            _(
                "New rules begin today or later, not on {since}: what partners were told of past days stays true."
            ),
            since=since.isoformat(),
        )
    if last is not None:
        RuleSetVersion.objects.filter(pk=last.pk).update(until=since - timedelta(days=1))
    made = RuleSetVersion.objects.create(
        programme=programme,
        number=number + 1,
        content=rules,
        since=since,
        note=note[:NAME_LENGTH],
        author_id=standing.actor.user_id,
    )
    record(
        "programme.rules.saved",
        actor=standing.actor,
        obj=made,
        chain=standing.chain,
        data={"number": made.number, "since": since.isoformat()},
    )
    look_again(programme.pk)
    return made
