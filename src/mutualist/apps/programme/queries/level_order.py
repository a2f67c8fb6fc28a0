"""The names of levels of a programme, in their order."""

from __future__ import annotations

from datetime import date

from mutualist.apps.programme.queries.rules import rules_of, version_on


def levels_of(programme: int, day: date) -> tuple[str, ...]:
    """Return the ids of the levels in force on a day, lowest first; none before the first rules."""
    version = version_on(programme, day)
    return tuple(level.name for level in rules_of(version).levels) if version else ()


def level_names(programme: int, day: date, language: str) -> dict[str, str]:
    """Return what levels are called in a language, by their names in the rules of a day."""
    version = version_on(programme, day)
    return {one.name: one.words.of(language) for one in rules_of(version).levels} if version else {}
