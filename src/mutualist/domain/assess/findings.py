"""Findings: what was found, in words, with the answers it comes from and what would undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mutualist.domain.assess.model import Conflict, Gap, Rule, Source, Words
from mutualist.domain.assess.phrasing import Pair, Phraser, Subject
from mutualist.domain.assess.summary import Fired, OpenGap, fired_code

if TYPE_CHECKING:
    from mutualist.domain.assess.engine import Group
    from mutualist.domain.assess.verdict import Verdict

GroupName = Literal["rule", "conflict", "gap", "note", "gate"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    id : str
        ``S1:B>A``, ``C3:A-B``, ``H1:A>B:revenue``; the same finding has the same id in every computation.
    rule : str
        S1, C3, H1, N1, or a gate: goal, investment, risk.
    group : str
        rule, conflict, gap, note or gate.
    points, severity, weight
        Points of a rule; severity and weight of a conflict; None elsewhere.
    red : bool
        Whether it is a red point.
    parties : tuple of str
        In the order of the words: X first.
    items : tuple of str
        The answers it comes from: ``5.1:B``.
    title, text : Words
        Name and sentence, with the names of the parties.
    undo, way_out : Words or None
        What turns a rule around; the way out of a conflict.
    pledges : tuple of str
        Pledges that lead out of a conflict.
    caution : bool
        Whether the way out needs a look at competition law.
    """

    id: str
    rule: str
    group: GroupName
    points: float | None
    severity: int | None
    weight: float | None
    red: bool
    parties: tuple[str, ...]
    items: tuple[str, ...]
    title: Words
    text: Words
    undo: Words | None = None
    way_out: Words | None = None
    pledges: tuple[str, ...] = ()
    caution: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as it stands in ``verdict/1``."""
        return {
            "id": self.id,
            "rule": self.rule,
            "group": self.group,
            "points": self.points,
            "severity": self.severity,
            "weight": self.weight,
            "red": self.red,
            "parties": list(self.parties),
            "items": list(self.items),
            "title": _pair(self.title),
            "text": _pair(self.text),
            "undo": _pair(self.undo),
            "way_out": _pair(self.way_out),
            "pledges": list(self.pledges),
            "caution": self.caution,
        }


def _pair(words: Words | None) -> dict[str, str] | None:
    return None if words is None else {"de": words.de, "en": words.en}


def findings(verdict: Verdict) -> tuple[Finding, ...]:
    """Return everything that was found: gates, rules, conflicts (worst first), gaps, notes."""
    from mutualist.domain.assess.explaining import gate_findings

    writer = Writer(verdict)
    rules = [writer.rule(fired) for fired in verdict.fired_rules]
    gaps = [writer.gap(gap) for gap in verdict.open_gaps]
    return (
        *gate_findings(verdict),
        *rules,
        *writer.conflicts(),
        *(gap for gap in gaps if gap.group == "gap"),
        *(gap for gap in gaps if gap.group == "note"),
    )


class Writer:
    """Writes findings for one verdict."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.rules = verdict.ruleset
        self.programs = verdict.ruleset.programs
        self.group: Group = verdict.figures.group
        self.ids = self.group.ids
        self.phraser = Phraser(verdict)
        self.every = tuple(range(len(self.ids)))

    # -------------------------------------------------------------------------------------------------------- groups

    def rule(self, fired: Fired) -> Finding:
        """Write a rule that fired."""
        rule: Rule = self.rules.rule(fired.rule)
        scope = self.programs.text_scope(fired.pair)
        subject = Subject(scope, fired.pair)
        return Finding(
            id=fired_code(fired, self.ids),
            rule=rule.id,
            group="rule",
            points=rule.points,
            severity=None,
            weight=None,
            red=False,
            parties=self._parties(fired.pair),
            items=self._items(rule.items, fired.pair),
            title=self.rules.kinds[rule.kind].words,
            text=self.phraser.text(rule.phrases, rule.values, subject),
            undo=self.phraser.fill(rule.undo, {}, fired.pair),
        )

    def conflicts(self) -> list[Finding]:
        """Write the conflicts: red ones first, then by weight × severity."""
        found = []
        for index, conflict in enumerate(self.rules.conflicts):
            severity = self.verdict.figures.severities[index]
            if severity:
                found += [
                    self._conflict(conflict, severity, pair)
                    for pair in self._reaching(index, severity)
                ]
        return sorted(
            found, key=lambda one: (not one.red, -(one.weight or 0) * (one.severity or 0))
        )

    def _reaching(self, index: int, severity: int) -> list[Pair | None]:
        scope = self.rules.conflicts[index].scope
        if scope == "room":
            return [None]
        at = [i for i, c in enumerate(self.rules.conflicts) if c.scope == scope].index(index)
        places = self.group.ordered_severities if scope == "ordered" else self.group.pair_severities
        return [pair for pair, values in places.items() if values[at] == severity]

    def _conflict(self, conflict: Conflict, severity: int, pair: Pair | None) -> Finding:
        scope = self.programs.text_scope(pair)
        sign = ">" if conflict.scope == "ordered" else "-"
        place = f":{sign.join(self._parties(pair))}" if pair else ""
        return Finding(
            id=f"{conflict.id}{place}",
            rule=conflict.id,
            group="conflict",
            points=None,
            severity=severity,
            weight=conflict.weight,
            red=conflict.red and severity == 3,
            parties=self._parties(pair),
            items=self._items(conflict.items, pair),
            title=conflict.words,
            text=self.phraser.text(conflict.phrases, conflict.values, Subject(scope, pair)),
            way_out=conflict.way_out,
            pledges=conflict.pledges,
            caution=conflict.caution,
        )

    def gap(self, found: OpenGap) -> Finding:
        """Write a gap or a note."""
        gap: Gap = self.rules.gap(found.gap)
        case = gap.cases[found.case]
        scope = self.programs.gap_text_scope(gap)
        pair = self._gap_pair(found)
        about = self._about(gap, found)
        unit = case.unit
        more: dict[str, Words] = {}
        if gap.each is not None:
            option = next(o for o in self._each_options(gap) if o.key == found.about)
            more[gap.each[0]] = option.words
            unit = option.unit if case.unit_of else unit
        subject = Subject(scope, pair, about, unit, more)
        ends = [gap.id, ">".join(self.ids[i] for i in found.parties)]
        if len(gap.cases) > 1:
            ends.append(str(found.case + 1))
        if found.about is not None:
            ends.append(str(found.about))
        return Finding(
            id=":".join(end for end in ends if end),
            rule=gap.id,
            group="note" if gap.note else "gap",
            points=None,
            severity=None,
            weight=None,
            red=False,
            parties=tuple(self.ids[i] for i in found.parties) or self.ids,
            items=self._items(case.items, pair, only_x=gap.scope == "party"),
            title=gap.words,
            text=self.phraser.text(case.phrases, case.values, subject),
        )

    def _gap_pair(self, found: OpenGap) -> Pair | None:
        """Return the pair that the words are about; for one party any other one for which the case holds."""
        if len(found.parties) != 1:
            return (found.parties[0], found.parties[1]) if found.parties else None
        x = found.parties[0]
        others = [j for j in self.every if j != x]
        if self.rules.gap(found.gap).each_row:
            return x, others[0]
        at = self.programs.party_cases.index((found.gap, found.case))
        views, frame = self.group.views, self.group.frame
        return x, next(
            j for j in others if self.programs.party_gaps(views[x][j], views[j][x], frame)[at]
        )

    def _about(self, gap: Gap, found: OpenGap) -> Any:
        """Return what a gap is about: a key, or the row itself."""
        if not gap.each_row:
            return found.about
        name = gap.each_row.partition(".")[2]
        return self.group.bases[found.parties[0]].__dict__[name][found.about]

    def _each_options(self, gap: Gap) -> Sequence[Any]:
        _, item, column = (gap.each or ("", ""))[1].split(".")
        return self.rules.by_name[item].fields[column].options

    # ----------------------------------------------------------------------------------- parts

    def _parties(self, pair: Pair | None) -> tuple[str, ...]:
        return self.ids if pair is None else (self.ids[pair[0]], self.ids[pair[1]])

    def _items(
        self, sources: Sequence[Source], pair: Pair | None, *, only_x: bool = False
    ) -> tuple[str, ...]:
        return tuple(
            f"{source.item}:{self.ids[index]}"
            for source in sources
            for index in (self.every if pair is None else (pair[source.other and not only_x],))
        )
