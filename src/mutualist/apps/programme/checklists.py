"""What a new partner does before it is active, by kind of partner: read from YAML, every mistake with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from mutualist.apps.core.errors import ActionError
from mutualist.domain.programme.checklist import read_checklist as read
from mutualist.domain.programme.rules.problems import RuleSetError
from mutualist.library.errors import FileError
from mutualist.library.yamlfile import load

#: To begin with: kinds of partners as most programmes have them.
EXAMPLE = """\
schema: checklist/1
kinds:
  reseller: {de: Händler, en: Reseller}
  integrator: {de: Integrator, en: Integrator}
  referrer: {de: Empfehler, en: Referral partner}
steps:
  - {id: kickoff, by: vendor, words: {de: Auftaktgespräch geführt, en: Kick-off held}}
  - {id: course, by: partner, kinds: [reseller, integrator], words: {de: Grundkurs besucht, en: Basic course attended}}
  - {id: demo, by: partner, kinds: [integrator], words: {de: Demosystem eingerichtet, en: Demo system set up}}
  - {id: prices, by: vendor, kinds: [reseller], words: {de: Preisliste freigeschaltet, en: Price list opened}}
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A step of the checklist.

    Attributes
    ----------
    by
        Who ticks it: ``partner`` or ``vendor``.
    kinds
        Kinds of partners it is for; empty: all.
    """

    id: str
    by: str
    kinds: tuple[str, ...]
    words: Mapping[str, str]


def items_of(checklist: Any, kind: str) -> tuple[Item, ...]:
    """Return the steps of a stored checklist that are for a kind of partner."""
    steps = checklist.get("steps", ()) if isinstance(checklist, dict) else ()
    found = [Item(one["id"], one["by"], tuple(one.get("kinds", ())), one["words"]) for one in steps]
    return tuple(one for one in found if not one.kinds or kind in one.kinds)


def kinds_of(checklist: Any, language: str) -> dict[str, str]:
    """Return the kinds of partners of a stored checklist, with their words in a language."""
    kinds = checklist.get("kinds", {}) if isinstance(checklist, dict) else {}
    return {name: words[language] for name, words in kinds.items()}


def read_checklist(text: str) -> dict[str, Any]:
    """Read a checklist as it is written; empty text is none.

    Raises
    ------
    ActionError
        ``checklist`` with every place that is wrong and what would be right.
    """
    if not text.strip():
        return {}
    try:
        return read(load(text))
    except FileError as error:
        problems = error.message((get_language() or "en")[:2])
    except RuleSetError as error:
        problems = error.message((get_language() or "en")[:2])
    raise ActionError("checklist", "{problems}", problems=problems)
