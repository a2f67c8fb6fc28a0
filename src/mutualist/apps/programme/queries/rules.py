"""The rules of a programme, by version and by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

import yaml

from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.programme.models import RuleSetVersion
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.reading import read_rules


def versions_of(standing: Standing) -> list[RuleSetVersion]:
    """Return all versions of the rules, newest first."""
    return list(
        RuleSetVersion.objects.filter(programme=standing.programme).select_related("author")
    )


def version_of(standing: Standing, number: int) -> RuleSetVersion:
    """Return a version by its number.

    Raises
    ------
    NotAllowed
        If there is none, or it is of another programme.
    """
    found = RuleSetVersion.objects.filter(programme=standing.programme, number=number).first()
    if found is None:
        raise NotAllowed
    return found


def version_on(programme: int, day: date) -> RuleSetVersion | None:
    """Return the version that is in force on a day; None before the first."""
    return (
        RuleSetVersion.objects.filter(programme=programme, since__lte=day)
        .order_by("-since")
        .first()
    )


def versions_begun(programme: int, day: date) -> list[RuleSetVersion]:
    """Return the versions that were in force on a day or before, newest first."""
    return list(RuleSetVersion.objects.filter(programme=programme, since__lte=day))


#: Rule files that are kept read. To read one takes far longer than to score a partner by it, and every page
#: of a programme needs them; what is read never changes, so one copy serves all.
KEPT = 64


def rules_of(version: RuleSetVersion) -> RuleSet:
    """Return the rules of a version, read; the same ones for the same text."""
    return _read(version.content)


def all_rules(programme: int) -> list[RuleSet]:
    """Return the rules of all versions, oldest first, each for the days the programme has it in force."""
    versions = RuleSetVersion.objects.filter(programme=programme).order_by("since")
    return [_in_force(one.content, one.since, one.until) for one in versions]


@lru_cache(maxsize=KEPT)
def _read(content: str) -> RuleSet:
    return read_rules(yaml.safe_load(content))


@lru_cache(maxsize=KEPT)
def _in_force(content: str, since: date, until: date | None) -> RuleSet:
    """Return rules for the days a programme has them in force: one object, so that it is compiled once as well."""
    return replace(_read(content), since=since, until=until)
