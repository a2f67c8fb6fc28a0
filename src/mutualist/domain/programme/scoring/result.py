"""What comes out of scoring: figures, and a tree in which every node says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from mutualist.domain.programme.rules.trees import Value

NodeKind = Literal["score", "track", "metric", "measure", "group", "level", "requirement"]
Parameters = Mapping[str, object]
NONE: Parameters = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of ``data/reasons.yaml`` and what its sentence quotes.

    Numbers are exact fractions, days are dates; :mod:`.explaining` makes a sentence of it in a language.
    """

    code: str
    params: Parameters = field(default_factory=lambda: NONE, hash=False)


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the computation.

    Attributes
    ----------
    key
        Name of the metric, measure, level …; the formula of a requirement.
    value
        What was found. Of the score the total, of a level and a requirement whether it is met. Of a requirement that
        compares, the left side.
    threshold
        What would be enough, where there is such a thing.
    points
        Points it brings; None where it brings none.
    met
        Of a level and a requirement, whether it holds.
    evidence
        Ids of the facts it rests on, in the order of the facts.
    """

    kind: NodeKind
    key: str
    value: Value = None
    threshold: Fraction | None = None
    points: Fraction | None = None
    reason: Reason | None = None
    met: bool | None = None
    evidence: tuple[str, ...] = ()
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class MetricScore:
    """A metric of one partner.

    Attributes
    ----------
    value
        Empty where there is no data.
    threshold
        What brings full points, or what the next level asks for; None where neither is a number.
    points
        Zero where there is no data; None where the metric has no points or does not apply.
    most
        Highest points; None where there is no cap.
    missing
        Items of a list that are not done, where a measure says ``out_of``.
    """

    value: Fraction | None
    threshold: Fraction | None
    points: Fraction | None
    most: Fraction | None
    applies: bool
    reason: Reason
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """All about a partner on a day under a rule set.

    Attributes
    ----------
    level
        The highest level that is met; None where none is.
    met
        All levels that are met, lowest first.
    total
        Zero where the programme counts no points.
    track
        The track that counts; None where there are none or none applies.
    region
        The region that counts, in programmes of which the best region counts.
    tracks
        Totals of the tracks that apply.
    measures
        Values of the measures.
    tree
        None if scored without explanation.
    """

    partner: str
    rules: str
    version: str
    as_of: dt.date
    level: str | None
    met: tuple[str, ...]
    qualified: bool
    total: Fraction
    track: str | None
    region: str | None
    tracks: Mapping[str, Fraction]
    metrics: Mapping[str, MetricScore]
    measures: Mapping[str, Value]
    tree: Node | None = None

    @property
    def reasons(self) -> Node:
        """The tree.

        Raises
        ------
        ValueError
            If it was scored without explanation.
        """
        if self.tree is None:
            raise ValueError("scored without explanation")
        return self.tree
