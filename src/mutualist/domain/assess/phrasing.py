"""Chooses the text of a finding and fills in names and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mutualist.domain.assess.facts import Facts
from mutualist.domain.assess.fragments import Chosen, Numeric, Several
from mutualist.domain.assess.model import Phrase, Words
from mutualist.domain.assess.vocabulary import Scope
from mutualist.domain.assess.wording import amount, both

if TYPE_CHECKING:
    from mutualist.domain.assess.verdict import Verdict

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a text is about: the ordered pair X, Y if there is one, and a kind of promise or a row."""

    scope: Scope
    pair: Pair | None = None
    about: Any = None
    unit: str = ""
    more: Mapping[str, Words] = field(default_factory=dict)


class Phraser:
    """Writes texts for one verdict."""

    def __init__(self, verdict: Verdict) -> None:
        self.room = verdict.room
        self.rules = verdict.ruleset
        self.programs = verdict.ruleset.programs
        self.group = verdict.figures.group
        self.currency = verdict.room.frame.get("currency")

    def text(self, phrases: Sequence[Phrase], values: Mapping[str, str], subject: Subject) -> Words:
        """Return the first text whose condition holds, filled in."""
        args = self._arguments(subject)
        phrase = next(
            phrase
            for phrase in phrases
            if not phrase.when
            or self.programs.text_value("when", subject.scope, phrase.when).compute(*args)
        )
        written = {name: self._value(text, subject, args) for name, text in values.items()}
        return self.fill(phrase.words, {**written, **subject.more}, subject.pair)

    def fill(self, words: Words, values: Mapping[str, Words], pair: Pair | None) -> Words:
        """Put the names of X and Y and some values into a text."""
        names: dict[str, str] = {}
        if pair is not None:
            x, y = (self.room.name(self.group.ids[index]) for index in pair)
            names = {"X": x, "Y": y}
        return both(
            lambda lang: words[lang].format(
                **names, **{key: value[lang] for key, value in values.items()}
            )
        )

    def _arguments(self, subject: Subject) -> tuple[Any, ...]:
        group, about = self.group, subject.about
        x = y = None
        if subject.pair is not None:
            i, j = subject.pair
            x, y = group.views[i][j], group.views[j][i]
        pairs = [(a, b) for i, a in enumerate(group.bases) for b in group.bases[i + 1 :]]
        return x, y, group.bases, pairs, group.frame, group, about, about

    def _value(self, text: str, subject: Subject, args: tuple[Any, ...]) -> Words:
        value = self.programs.text_value("value", subject.scope, text)
        found, fragment = value.compute(*args), value.fragment
        if found is None:
            return Words("–", "–")
        if isinstance(fragment, Numeric):
            # The words of conflicts write the per-cent sign themselves.
            unit = subject.unit or fragment.unit.replace("percent", "")
            return both(lambda lang: amount(found, unit, self.currency, lang))
        if isinstance(fragment, Chosen):
            return self._chosen(fragment, found, args)
        if isinstance(fragment, Several):
            return self._several(fragment.options, found)
        return both(lambda _: str(found))

    def _several(self, list_name: str, ticked: frozenset[str]) -> Words:
        keys = [option.key for option in self.rules.lists[list_name] if option.key in ticked]
        return both(lambda lang: ", ".join(self.rules.label(list_name, key, lang) for key in keys))

    def _chosen(self, fragment: Chosen, found: str, args: tuple[Any, ...]) -> Words:
        if fragment.third:
            side, _, slot = fragment.third.partition(".")
            facts: Facts = args[0] if side == "x" else args[1]
            if third := facts.__dict__[slot]:
                return both(lambda _: self.room.name(third))
        return both(lambda lang: self.rules.label(fragment.options, found, lang))
