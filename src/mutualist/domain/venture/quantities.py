"""From drivers, events, tables and profiles to nodes of the graph."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import exp
from typing import Any, Final

import numpy as np
from scipy.special import ndtr, ndtri

from mutualist.domain.venture import steps
from mutualist.domain.venture.correlation import factor, matrix_of
from mutualist.domain.venture.cross_checks import business_name, pairs
from mutualist.domain.venture.families import Fitted, fit, score_table
from mutualist.domain.venture.graph import Graph
from mutualist.domain.venture.model import Description, Driver, Event, Table

#: Quantile functions without a closed form are tabled between these normal scores, in this many cells.
EDGE: Final = 6.0
CELLS: Final = 1024


class Quantities:
    """Nodes of everything that is not a line: drivers, events, columns of tables, profiles.

    Parameters
    ----------
    description
        The checked venture.
    graph
        Where nodes are added.
    """

    def __init__(self, description: Description, graph: Graph) -> None:
        self.description = description
        self.graph = graph
        #: Name and rows of every stream of normal scores.
        self.streams: dict[str, int] = {}
        self.nodes: dict[str, int] = {}
        self.scores: dict[str, int] = self._scores()
        for name, values in description.profiles.items():
            self.nodes[name] = graph.constant([values[t] for t in graph.periods])
        for driver in description.drivers.values():
            self.nodes[driver.id] = self._driver(driver)
        self.happens: dict[str, int] = {}
        for event in description.events.values():
            self.nodes[event.id] = self._event(event)
        for table in description.tables.values():
            self._table(table)
        self.nodes["period"] = graph.constant(graph.periods)

    def _stream(self, name: str, rows: int) -> int:
        self.streams[name] = rows
        return self.graph.source(name, rows)

    def _scores(self) -> dict[str, int]:
        """Return correlated normal scores of drivers and of the parties' own business."""
        count = self.description.periods.count
        found: dict[str, int] = {}
        once: list[str] = []
        each: list[str] = []
        for driver in self.description.drivers.values():
            if fit(driver.family, driver.given, driver.points).shape == "constant":
                continue
            if driver.each == "once" or count == 1:
                once.append(driver.id)
                found[driver.id] = self._stream(driver.id, 1)
            else:
                each.append(driver.id)
                found[driver.id] = self._series(driver, count)
        for party in sorted(self.description.parties):
            if self.description.parties[party].business is not None:
                name = business_name(party)
                once.append(name)
                found[name] = self._stream(name, 1)
        return self._joined([*once, *each], found)

    def _series(self, driver: Driver, count: int) -> int:
        node = self._stream(driver.id, count)
        if len(self.graph.periods) > count:
            node = self.graph.step(steps.with_start, node, key="with_start")
        if not driver.persistence:
            return node
        step = partial(steps.persist, weight=driver.persistence)
        return self.graph.step(step, node, key=("persist", driver.persistence))

    def _joined(self, order: list[str], independent: Mapping[str, int]) -> dict[str, int]:
        """Mix independent scores so that they have the ranks' correlations; what is drawn once comes first."""
        ranks = {pair: rank for pair, (rank, _place) in pairs(self.description).items()}
        linked = {name for pair in ranks for name in pair}
        names = [name for name in order if name in linked]
        joined = dict(independent)
        if not names:
            return joined
        known = {pair: rank for pair, rank in ranks.items() if set(pair) <= set(names)}
        lower = factor(matrix_of(names, known))
        for row, name in enumerate(names):
            node = self.graph.constant(0)
            for column in range(row + 1):
                weight = self.graph.constant(round(float(lower[row, column]), 12))
                part = self.graph.multiply(weight, independent[names[column]])
                node = self.graph.add(node, part)
            joined[name] = node
        return joined

    def _driver(self, driver: Driver) -> int:
        graph = self.graph
        fitted = fit(driver.family, driver.given, driver.points)
        if fitted.shape == "constant":
            node = graph.constant(fitted.parameters[0])
        else:
            node = self._of_scores(fitted, self.scores[driver.id])
        if driver.at_least is not None:
            node = graph.apply(np.maximum, node, graph.constant(driver.at_least))
        if driver.at_most is not None:
            node = graph.apply(np.minimum, node, graph.constant(driver.at_most))
        for profile in driver.profiles:
            node = graph.multiply(node, self.nodes[profile])
        return node

    def _of_scores(self, fitted: Fitted, scores: int) -> int:
        graph = self.graph
        if fitted.shape == "normal":
            mean, sd = fitted.parameters
            return graph.add(graph.multiply(graph.constant(sd), scores), graph.constant(mean))
        if fitted.shape == "lognormal":
            start, sign, mu, sigma = fitted.parameters
            power = graph.apply(np.exp, graph.multiply(graph.constant(sigma), scores))
            scaled = graph.multiply(graph.constant(sign * exp(mu)), power)
            return graph.add(scaled, graph.constant(start))
        table = score_table(fitted, EDGE, CELLS)
        step = partial(steps.look_up, table=table, low=-EDGE)
        return graph.step(step, scores, key=("look_up", fitted), all_rows=False)

    def _event(self, event: Event) -> int:
        """Return 1 from the period in which an event has happened, else 0; note whether it happens at all."""
        graph = self.graph
        if event.probability in {0.0, 1.0} and event.first == event.last:
            happens = graph.constant(event.probability)
            date = graph.constant(event.first)
        else:
            scores = self._stream(f"event:{event.id}", 1)
            happens = graph.apply(np.less, scores, graph.constant(ndtri(event.probability)))
            date = self._date(event, scores)
        self.happens[event.id] = happens
        reached = graph.apply(np.greater_equal, graph.constant(graph.periods), date)
        return graph.multiply(reached, happens)

    def _date(self, event: Event, scores: int) -> int:
        graph = self.graph
        span = event.last - event.first + 1
        if span == 1:
            return graph.constant(event.first)
        even = graph.apply(ndtr, scores)
        within = graph.multiply(graph.constant(span / event.probability), even)
        steps_later = graph.apply(
            np.minimum, graph.apply(np.floor, within), graph.constant(span - 1)
        )
        return graph.add(steps_later, graph.constant(event.first))

    def _table(self, table: Table) -> None:
        scores = self._stream(f"table:{table.id}", 1)
        limits = ndtri(np.minimum(np.cumsum(table.probabilities)[:-1], 1.0)).astype(np.float32)
        for column, name in enumerate(table.columns):
            values = np.array([row[column] for row in table.rows], dtype=np.float32)
            step: Any = partial(steps.pick, limits=limits, values=values)
            key = ("pick", table.id, name)
            self.nodes[name] = self.graph.step(step, scores, key=key, all_rows=False)
