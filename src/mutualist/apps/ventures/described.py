"""What a short form asks of each template, and what its quantities are called: data, read once.

The templates themselves are ventures of the domain; here stand only questions and words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mutualist.domain.venture.families import FitError, fit
from mutualist.domain.venture.templates import TEMPLATES, with_parties
from mutualist.domain.venture.templates import template as domain_template

FILE = Path(__file__).resolve().parent / "texts" / "questions.yaml"
#: Places of the parties in the words.
ROLES = ("A", "B")
#: What of a party is its own business and nobody else's.
PRIVATE = ("best_alternative", "pain_limit", "business", "risk_tolerance")
_PERCENT = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)\s*%\s*")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a short form: where its value stands in the venture, and how it is asked.

    Attributes
    ----------
    ask
        ``three`` (low, likely, high), ``percent``, ``money`` or ``stake`` (of the first party, the second has
        the rest).
    """

    at: str
    ask: str
    words: Mapping[str, str]
    hints: Mapping[str, str]

    @property
    def key(self) -> str:
        """Name of the field."""
        return self.at.replace(".", "-")

    def read(self, venture: Mapping[str, Any]) -> Any:
        """Return what stands there, as it is asked; None if it has another form by now."""
        found = find(venture, self.at)
        match self.ask:
            case "three":
                return three_of(found)
            case "stake":
                return _stake(found)
            case "percent":
                share = share_of(found)
                return None if share is None else round(100 * share, 6)
        plain = isinstance(found, int | float) and not isinstance(found, bool)
        return found if plain else None

    def write(self, venture: MutableMapping[str, Any], value: Any) -> None:
        """Put an answer in its place."""
        *path, last = self.at.split(".")
        holder = find(venture, ".".join(path))
        match self.ask:
            case "three":
                holder[last] |= dict(zip(("low", "likely", "high"), value, strict=True))
                holder[last] = fitting(holder[last])
            case "stake":
                first, second = holder[last]
                holder[last] = {first: value / 100, second: round(1 - value / 100, 9)}
            case "percent":
                holder[last] = round(value / 100, 9)
            case _:
                holder[last] = value

    def label(self, lang: str, parties: Mapping[str, str]) -> str:
        """Return the question with the names of the parties."""
        return _named(self.words[lang], parties)

    def hint(self, lang: str, parties: Mapping[str, str]) -> str:
        """Return what else there is to know for an answer; most questions need nothing."""
        return _named(self.hints.get(lang, ""), parties)


def share_of(found: Any) -> float | None:
    """Read a share as it stands in a file: 0.3 or "30 %"."""
    if isinstance(found, str) and (match := _PERCENT.fullmatch(found)):
        return float(match[1].replace(",", ".")) / 100
    plain = isinstance(found, int | float) and not isinstance(found, bool)
    return float(found) if plain else None


def three_of(found: Any) -> tuple[float, float, float] | None:
    """Return low, likely and high of a driver that is given by them."""
    if not isinstance(found, Mapping) or not {"low", "likely", "high"} <= set(found):
        return None
    return found["low"], found["likely"], found["high"]


def fitting(driver: Mapping[str, Any]) -> dict[str, Any]:
    """Return a driver whose family takes its three values: lognormal where they are too lopsided for another.

    Whoever states three values does not choose a family, and should not be told that one does not fit.
    """
    three = three_of(driver)
    if three is None:
        return dict(driver)
    try:
        fit(driver.get("family", "pert"), "quantiles", three)
    except FitError as error:
        if error.code in {"too_lopsided", "not_symmetric"}:
            return {**driver, "family": "lognormal"}
    except (TypeError, ValueError, KeyError):
        # What is no number or no family is told when the venture is checked.
        return dict(driver)
    return dict(driver)


def _stake(found: Any) -> float | None:
    if not isinstance(found, Mapping) or len(found) != 2:
        return None
    first = share_of(next(iter(found.values())))
    return None if first is None else round(100 * first, 6)


def find(venture: Any, path: str) -> Any:
    """Return what stands at a place such as ``terms.royalty.share``; None if nothing does."""
    for part in path.split("."):
        venture = venture.get(part) if isinstance(venture, Mapping) else None
    return venture


def _named(text: str, parties: Mapping[str, str]) -> str:
    names = dict(zip(ROLES, parties.values(), strict=False))
    return text.format_map({role: names.get(role, role) for role in ROLES})


@dataclass(frozen=True, slots=True)
class Template:
    """A contract to begin with: words and questions beside the venture of the domain."""

    id: str
    questions: tuple[Question, ...]
    names: Mapping[str, Mapping[str, str]]
    first: Mapping[str, str]
    #: What the contributions of the template are called in German.
    brings: Mapping[str, str]

    def title(self, lang: str) -> str:
        """Return what the contract is called."""
        return str(domain_template(self.id)[lang]["title"])

    def about(self, lang: str) -> str:
        """Return what it is, in a sentence or two."""
        return str(domain_template(self.id)[lang]["about"])

    def begun(
        self, *, name: str, currency: str, parties: Mapping[str, str], lang: str = "en"
    ) -> dict[str, Any]:
        """Return a venture of two parties, without figures that are a party's own business."""
        found = with_parties(deepcopy(domain_template(self.id)["venture"]), parties)
        if lang == "de":
            for one in found.get("contributions", ()):
                one["what"] = self.brings.get(one["what"], one["what"])
        return without_private(found | {"name": name, "currency": currency})

    def asked(self, venture: Mapping[str, Any]) -> Iterator[Question]:
        """Yield the questions whose place still has the form of the template."""
        for question in self.questions:
            if question.read(venture) is not None:
                yield question

    def called(self, name: str, lang: str, parties: Mapping[str, str]) -> str:
        """Return what a driver, event or term is called; one's own name with blanks if it is none of ours."""
        words = self.names.get(name)
        return _named(words[lang], parties) if words else name.replace("_", " ")


def without_private(venture: Mapping[str, Any]) -> dict[str, Any]:
    """Return a venture without what is a party's own business."""
    parties = {
        key: {name: value for name, value in party.items() if name not in PRIVATE}
        for key, party in venture["parties"].items()
    }
    return {**venture, "parties": parties}


@cache
def templates() -> Mapping[str, Template]:
    """Return the templates by their ids, in the order of the domain."""
    with FILE.open(encoding="utf-8") as file:
        content = yaml.safe_load(file)["templates"]
    return {key: _template(key, content[key]) for key in TEMPLATES}


def _template(key: str, said: Mapping[str, Any]) -> Template:
    names = said["names"]
    questions = tuple(
        Question(
            one["at"],
            one["ask"],
            names[one.get("name", one["at"].split(".")[1])],
            one.get("hint", {}),
        )
        for one in said["asks"]
    )
    return Template(key, questions, names, said["first"], said.get("brings", {}))


def template(key: str) -> Template:
    """Return the template a venture began with; without one, only the words are missing."""
    return templates().get(key) or Template(key, (), {}, {}, {})
