"""Answers as people say them, and only those that every party may see.

A result is read together, often on one large screen. What stays covered is therefore covered
here for everybody, also for the party that gave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.rooms.presenters.views import AnswerRow, Quote, Source
from mutualist.domain.assess.model import Item, Ruleset
from mutualist.reports.answers import UNKNOWN, AnswerWords, public_answers

COVERED = frozenset({"finding", "mutual", "never"})


@dataclass(frozen=True, slots=True)
class Sheets:
    """The answers of a room that may be shown, in one language.

    Attributes
    ----------
    visible
        Party id -> item -> answer, without anything that stays covered.
    changed
        Party id -> items that differ from the round before.
    """

    ruleset: Ruleset
    lang: str
    parties: Mapping[str, str]
    visible: Mapping[str, Mapping[str, Any]]
    changed: Mapping[str, frozenset[str]]
    words: AnswerWords

    def quote(self, item: str, party: str) -> Quote:
        """Return one party's answer to an item in words."""
        value = self.visible.get(party, {}).get(item)
        return Quote(
            self.parties[party],
            self.words.write(item, value),
            unknown=value is None or value == UNKNOWN,
            changed=item in self.changed.get(party, frozenset()),
        )

    def source(self, item: str, parties: Iterable[str] | None = None) -> Source:
        """Return an item with the answers of some parties, by default of all."""
        asked = list(parties) if parties is not None else list(self.parties)
        found = self.ruleset.items[item]
        if found.shown in COVERED:
            return Source(item, found.words[self.lang], (), covered_words(found))
        return Source(item, found.words[self.lang], tuple(self.quote(item, p) for p in asked))

    def row(self, item: Item) -> AnswerRow:
        """Return an item for the table of all answers; covered ones say why."""
        if item.shown in COVERED:
            return AnswerRow(item.number, item.words[self.lang], (), covered_words(item))
        quotes = tuple(self.quote(item.number, party) for party in self.parties)
        return AnswerRow(item.number, item.words[self.lang], quotes)

    def value(self, item: str, party: str, field: str = "") -> Any:
        """Return the bare value of an answer or of one of its fields; unknown is ``None``.

        An answer given per counterpart has one value in a pair, and none with more parties.
        """
        value = self.visible.get(party, {}).get(item)
        if isinstance(value, Mapping) and value and set(value) <= set(self.parties):
            value = next(iter(value.values())) if len(value) == 1 else None
        if field and isinstance(value, Mapping):
            value = value.get(field)
        return None if value == UNKNOWN else value


def covered_words(item: Item) -> str:
    """Say why an answer is not shown."""
    return {
        "finding": _("Covered: only what follows from it is shown."),
        "mutual": _("Covered: only what all would sign is shown."),
        "never": _("Nobody sees this."),
    }[item.shown]


def sheets(
    ruleset: Ruleset,
    lang: str,
    parties: Mapping[str, str],
    visible: Mapping[str, Mapping[str, Any]],
    *,
    currency: str = "EUR",
    changed: Mapping[str, Iterable[str]] | None = None,
) -> Sheets:
    """Gather the answers of a room that may be shown on a common screen."""
    items = ruleset.items
    return Sheets(
        ruleset=ruleset,
        lang=lang,
        parties=parties,
        visible={party: public_answers(answers, items) for party, answers in visible.items()},
        changed={party: frozenset(items) for party, items in (changed or {}).items()},
        words=AnswerWords(items, parties, lang, currency),
    )
