"""Why a partner stands where it stands, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mutualist.domain.programme.rules.model import RuleSet, Words
from mutualist.domain.programme.scoring.result import Node, NodeKind, Score
from mutualist.domain.programme.scoring.wording import Wording


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence about one node.

    Attributes
    ----------
    depth
        How far in it stands; zero for the score.
    code
        The reason, for programs.
    """

    depth: int
    kind: NodeKind
    key: str
    code: str
    text: str
    met: bool | None
    evidence: tuple[str, ...]


def explain(score: Score, rules: RuleSet, language: str) -> list[Line]:
    """Return a sentence for every node of a score, each before those below it.

    Parameters
    ----------
    score
        Scored with explanation under these rules.
    language
        ``de`` or ``en``.
    """
    return list(_lines(score.reasons, 0, Sentences(rules, language), None))


def _lines(node: Node, depth: int, say: Sentences, words: Words | None) -> Iterator[Line]:
    code = node.reason.code if node.reason else node.kind
    text = say.of(node, words)
    yield Line(depth, node.kind, node.key, code, text, node.met, node.evidence)
    for place, child in enumerate(node.children):
        yield from _lines(child, depth + 1, say, say.asked(node, place))


class Sentences:
    """Makes the sentence of a node."""

    def __init__(self, rules: RuleSet, language: str) -> None:
        self.rules = rules
        self.wording = Wording(rules, language)

    def asked(self, node: Node, place: int) -> Words | None:
        """Return the words that the rules have for a requirement of a level."""
        if node.kind != "level":
            return None
        (level,) = [one for one in self.rules.levels if one.name == node.key]
        return level.requires[place].words if place < len(level.requires) else None

    def of(self, node: Node, words: Words | None = None) -> str:
        """Return the sentence."""
        made: str = getattr(self, f"_{node.kind}")(node, words)
        return made

    def _said(self, node: Node, code: str = "", **values: object) -> str:
        reason = node.reason
        params: Mapping[str, Any] = reason.params if reason else {}
        threshold = params.get("threshold")
        shown = {
            name: self.wording.value(value, threshold if name == "value" else None)
            for name, value in params.items()
            if isinstance(value, Fraction | int | str | dt.date) or value is None
        }
        code = code or (reason.code if reason else "")
        return self.wording.say("reasons", code, **{**shown, **values})

    def _score(self, node: Node, _words: Words | None) -> str:
        params = node.reason.params if node.reason else {}
        level, code = params.get("level"), node.reason.code if node.reason else "score"
        name = self.wording.level(str(level)) if level else ""
        text = self._said(node, code if level else f"{code}_no_level", level=name)
        region = params.get("region")
        return f"{text} {self._said(node, 'region', region=region)}" if region else text

    def _track(self, node: Node, _words: Words | None) -> str:
        best = node.reason.params.get("best") if node.reason else None
        name = self.wording.track(str(best)) if best else self.wording.track(None)
        return self._said(node, track=self.wording.track(node.key), best=name)

    def _metric(self, node: Node, _words: Words | None) -> str:
        params = node.reason.params if node.reason else {}
        most, code = params.get("most"), node.reason.code if node.reason else ""
        if code == "no_data" and node.points is None:
            code = "no_data_shown"
        of_most = ""
        if isinstance(most, Fraction):
            of_most = self.wording.say("words", "of_most", most=self.wording.value(most))
        return self._said(
            node,
            code,
            name=self.wording.metric(node.key),
            unit=self.wording.unit(node.key),
            of_most=of_most,
            condition=self.wording.tree(params["condition"]) if "condition" in params else "",
        )

    def _measure(self, node: Node, _words: Words | None) -> str:
        params = node.reason.params if node.reason else {}
        listing = self.rules.measures[node.key].out_of
        items: Any = params.get("items", ())
        return self._said(
            node,
            name=self.wording.measure(node.key),
            value=self.wording.value(node.value),
            items=self.wording.items(items, listing),
        )

    def _level(self, node: Node, _words: Words | None) -> str:
        params = node.reason.params if node.reason else {}
        below = self.wording.level(str(params["level"])) if "level" in params else ""
        return self._said(node, level=self.wording.level(node.key), below=below)

    def _requirement(self, node: Node, words: Words | None) -> str:
        params = node.reason.params if node.reason else {}
        text = words.of(self.wording.language) if words else self._in_words(node)
        metrics: Any = params.get("metrics", ())
        return self._said(
            node,
            words=text,
            metrics=self.wording.listed(self.wording.metric(name) for name in metrics),
        )

    def _in_words(self, node: Node) -> str:
        """Return what a requirement asks, where the rules have no words for it."""
        tree = node.reason.params.get("condition") if node.reason else None
        return self.wording.tree(tree) if tree is not None else node.key
