"""Who answers, in which room, in which language, by which rule file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

_CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


@dataclass(frozen=True)
class Scene:
    """Everything outside an answer that its form depends on.

    Attributes
    ----------
    party
        Id of the answering party.
    parties
        Names by id, in the order of the room.
    frame
        The frame of the room.
    language
        ``de`` or ``en``.
    rules
        The rule file as read, a mapping of its keys.
    facing
        Id of the other party a question is put towards; empty for all.
    """

    party: str
    parties: Mapping[str, str]
    rules: Mapping[str, Any] = field(repr=False)
    frame: Mapping[str, Any] = field(default_factory=dict)
    language: str = "de"
    facing: str = ""

    @property
    def others(self) -> dict[str, str]:
        """Names of the other parties by id."""
        return {key: name for key, name in self.parties.items() if key != self.party}

    @property
    def several(self) -> bool:
        """Whether there is more than one other party."""
        return len(self.parties) > 2

    @property
    def other_name(self) -> str:
        """Name of the party that is "the other side"; empty if that is several."""
        if self.facing:
            return self.parties[self.facing]
        return next(iter(self.others.values())) if len(self.others) == 1 else ""

    @property
    def money_unit(self) -> str:
        """The unit money is typed in: thousands of the room's currency."""
        code = str(self.frame.get("currency") or "EUR")
        sign = _CURRENCY_SIGNS.get(code, code)
        return f"Tsd. {sign}" if self.language == "de" else f"{sign} thousand"

    @property
    def currency_sign(self) -> str:
        """Sign or code of the room's currency."""
        code = str(self.frame.get("currency") or "EUR")
        return _CURRENCY_SIGNS.get(code, code)

    def towards(self, party: str) -> Scene:
        """Return the scene of a question put towards one party."""
        return replace(self, facing=party)

    def words(self, entry: Mapping[str, Any]) -> str:
        """Return the words of an entry of the rule file in the person's language."""
        return str(entry.get(self.language) or entry.get("en") or "")

    def named(self, entry: Mapping[str, Any]) -> str:
        """Return the words of an entry with the name of the other party in them."""
        text = self.words(entry)
        return name_other_side(text, self.other_name, self.language) if self.other_name else text

    def options(self, name: str) -> dict[str, str]:
        """Return the words of a list of the rule file by key."""
        return {str(entry["key"]): self.named(entry) for entry in self.rules["lists"][name]}


_GERMAN = (
    # "von der anderen Seite": the name simply follows the preposition
    (re.compile(r"\b(von|bei|mit|gegenüber) der anderen Seite\b"), r"\1 {name}"),
    # "den Beitrag der anderen Seite": a noun before it makes it a genitive
    (re.compile(r"\b((?!Sie\b|Ihnen\b)[A-ZÄÖÜ]\w+) der anderen Seite\b"), r"\1 von {name}"),
    (re.compile(r"\b(?:[Dd]er anderen|[Dd]ie andere) Seite\b"), "{name}"),
)
_ENGLISH = (
    (re.compile(r"\b[Tt]he other side['’]s\b"), "{name}’s"),
    (re.compile(r"\b[Tt]he other side\b"), "{name}"),
    (re.compile(r"\bif they do\b"), "if {name} does"),
    (re.compile(r"\bmostly with them\b"), "mostly with {name}"),
)


def name_other_side(text: str, name: str, language: str) -> str:
    """Put the name of the other party in the place of "the other side".

    Examples
    --------
    >>> name_other_side("Was versprechen Sie der anderen Seite?", "Nordwerk", "de")
    'Was versprechen Sie Nordwerk?'
    >>> name_other_side("Wir bauen den Beitrag der anderen Seite nach.", "Nordwerk", "de")
    'Wir bauen den Beitrag von Nordwerk nach.'
    >>> name_other_side("build the other side's part yourselves", "Nordwerk", "en")
    'build Nordwerk’s part yourselves'
    """
    for pattern, put in _GERMAN if language == "de" else _ENGLISH:
        # Doubled backslashes: a name is put in as it is, not read as a pattern.
        text = pattern.sub(put.replace("{name}", name.replace("\\", r"\\")), text)
    return text
