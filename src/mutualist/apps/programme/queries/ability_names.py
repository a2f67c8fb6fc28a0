"""What the abilities of partners are called, by the rules of a programme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from mutualist.apps.core.clock import today
from mutualist.apps.programme.queries.rules import rules_of, version_on


def ability_names(programme: int, day: date, language: str) -> dict[str, str]:
    """Return what abilities are called in a language, by their keys in the rules of a day."""
    version = version_on(programme, day)
    return rules_of(version).ability_words(language) if version else {}


def names_for_reader(programme: int) -> Any:
    """Return the names of abilities for whoever reads a page today, looked up when a page first shows one."""
    return SimpleLazyObject(lambda: ability_names(programme, today(), (get_language() or "en")[:2]))


def abilities_said(keys: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Return abilities as people call them; a key that has no name stands for itself."""
    return [names.get(key, key) for key in keys]


def ability_keys(programme: int, day: date, said: Iterable[str]) -> list[str]:
    """Return the keys of abilities somebody named by key or by name, each once, in the order they were named."""
    version = version_on(programme, day)
    if version is None:
        return list(dict.fromkeys(said))
    rules = rules_of(version)
    return list(dict.fromkeys(rules.ability(one) for one in said))
