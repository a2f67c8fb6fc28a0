"""Why each metric has the points it has: sentences, the facts that count, and those that do not with the reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.programme.presenters.words import shown
from mutualist.apps.programme.queries.scores import Scored
from mutualist.domain.programme.ahead.counted import Looked, base_of, bounds_of, looked_at
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.explaining import Sentences
from mutualist.domain.programme.scoring.numbers import day_shown
from mutualist.domain.programme.scoring.result import Node

#: Facts that are shown of a measure, of those that count and of those that do not; the rest is told by its number.
MOST = 12


def why(found: Scored, language: str) -> list[dict[str, Any]]:
    """Return an entry for each metric and track, in the order of the rules, as text for the page."""
    telling = _Telling(found, language)
    rows: list[dict[str, Any]] = []
    for node in found.score.reasons.children:
        if node.kind == "track":
            heading = found.rules.tracks[node.key].words.of(language)
            entries = [telling.metric(child) for child in node.children]
            rows.append({"heading": heading, "text": telling.say.of(node), "metrics": entries})
        elif node.kind == "metric":
            if not rows or rows[-1]["heading"]:
                rows.append({"heading": "", "text": "", "metrics": []})
            rows[-1]["metrics"].append(telling.metric(node))
    return rows


class _Telling:
    def __init__(self, found: Scored, language: str) -> None:
        self.found, self.language = found, language
        self.rules: RuleSet = found.rules
        self.say = Sentences(found.rules, language)

    def metric(self, node: Node) -> dict[str, Any]:
        """Return what is told of a metric."""
        score = self.found.score.metrics[node.key]
        value, whole = (
            (score.value, score.threshold)
            if score.points is None
            else (
                score.points,
                score.most,
            )
        )
        aside = shown(value, self.language, whole) if score.applies else "–"
        if score.applies and whole is not None:
            aside += f" / {shown(whole, self.language)}"
        return {
            "label": self.rules.metrics[node.key].words.of(self.language),
            "aside": aside,
            "text": self.say.of(node),
            "measures": [self.measure(child) for child in node.children],
        }

    def measure(self, node: Node) -> dict[str, Any]:
        """Return what is told of a measure: its sentence, its time, its facts."""
        day = self.found.score.as_of
        looked = looked_at(self.found.facts, self.rules, day, node.key, node.evidence)
        counts = [one for one in looked if one.why == "counts"]
        rest = [one for one in looked if one.why != "counts"]
        return {
            "text": self.say.of(node),
            "table": self._table(looked),
            "window": self._window(node.key),
            "counts": [self.fact(one) for one in counts[-MOST:]],
            "counts_more": max(0, len(counts) - MOST),
            "rest": [self.fact(one) for one in rest[-MOST:]],
            "rest_more": max(0, len(rest) - MOST),
        }

    def _table(self, looked: tuple[Looked, ...]) -> str:
        return self.rules.tables[looked[0].table].words.of(self.language) if looked else ""

    def _window(self, measure: str) -> str:
        source = base_of(self.rules, self.rules.measures[measure].source)
        if source.window.kind in {"valid", "ever"}:
            return ""
        bounds = bounds_of(self.rules, self.found.facts, source, self.found.score.as_of)
        if bounds is None:
            return ""
        return " – ".join(day_shown(day, self.language) for day in bounds)

    def fact(self, one: Looked) -> dict[str, Any]:
        """Return a fact: its number, its days, what it says, and why it does not count."""
        table = self.rules.tables[one.table]
        values = one.row.values
        days = [values.get(table.date), values.get(table.until) if table.until else None]
        said = []
        for name, field in table.fields.items():
            value = values.get(name)
            if name in {table.date, table.until} or value is None or value == "":
                continue
            text = day_shown(value, self.language) if isinstance(value, dt.date) else ""
            text = text or shown(value, self.language)
            if field.kind == "money":
                text += f" {values.get(f'{name}_currency') or self.rules.currency}"
            said.append(text)
        return {
            "id": one.row.id,
            "days": " – ".join(day_shown(d, self.language) for d in days if isinstance(d, dt.date)),
            "text": " · ".join(said),
            "why": self._why_not(one),
        }

    def _why_not(self, one: Looked) -> str:
        day = day_shown(one.day, self.language) if one.day else ""
        item = self._item(one.item)
        texts = {
            "counts": "",
            "later": _("begins on {day} only"),
            "expired": _("ran out on {day}"),
            "outside": _("outside of the time that counts"),
            "retired": _("{item} counted until {day}") if day else _("{item} does not count yet"),
            "unlisted": _("{item} is not among what counts here"),
            "other": _("does not meet what is asked here"),
        }
        return texts[one.why].format(day=day, item=item)

    def _item(self, item: str) -> str:
        for listing in self.rules.lists.values():
            if item in listing.items:
                return listing.items[item].words.of(self.language)
        return item
