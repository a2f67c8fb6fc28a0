"""Hold the scores of a query against those of :func:`score`, cell by cell."""

from __future__ import annotations

from mutualist.domain.programme.scoring.population import cutoffs_of
from mutualist.domain.programme.scoring.score import score


def cells_of_score(facts, rules, as_of, cutoffs):
    """Every figure of a partner, by name."""
    scored = score(facts, rules, as_of, cutoffs=cutoffs, explain=False)
    cells = {
        "level": scored.level,
        "qualified": scored.qualified,
        "total": scored.total,
        "track": scored.track,
        "region": scored.region,
    }
    for name, metric in scored.metrics.items():
        cells |= {
            f"{name}.value": metric.value,
            f"{name}.points": metric.points,
            f"{name}.applies": metric.applies,
        }
    return cells


def cells_of_batch(scored):
    """The same of a row of a batch."""
    cells = {
        "level": scored.level,
        "qualified": scored.qualified,
        "total": scored.total,
        "track": scored.track,
        "region": scored.region,
    }
    for name, metric in scored.metrics.items():
        cells |= {
            f"{name}.value": metric.value,
            f"{name}.points": metric.points,
            f"{name}.applies": metric.applies,
        }
    return cells


def differences(rules, population, as_of, batch):
    """Return every cell that differs: partner, cell, of score, of batch."""
    found = []
    cutoffs = cutoffs_of(population, rules, as_of)
    rows = {one.partner: cells_of_batch(one) for one in batch}
    assert len(rows) == len(population)
    for facts in population:
        single = cells_of_score(facts, rules, as_of, cutoffs)
        many = rows[facts.id]
        found += [
            (facts.id, name, single[name], many[name])
            for name in single
            if single[name] != many[name]
        ]
    return found
