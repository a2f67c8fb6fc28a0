"""Score many partners, and find what the best of them have."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from mutualist.domain.programme.rules.model import Relative, RuleSet
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.plan import plan_of
from mutualist.domain.programme.scoring.result import Score
from mutualist.domain.programme.scoring.running import Cutoffs, Run
from mutualist.domain.programme.scoring.score import score


def cutoffs_of(partners: Iterable[Facts], rules: RuleSet, as_of: dt.date) -> Cutoffs:
    """Return, for each relative rule, the value that the last of the best has.

    Of n partners with a value (of one country, where the rule says ``within``) the k = ⌈n · share⌉ best count; whoever
    has as much as the last of them counts as well.

    Parameters
    ----------
    partners
        The whole population.
    """
    plan = plan_of(rules)
    found: dict[str, dict[Value, list[Fraction]]] = {name: {} for name in rules.relative}
    if not found:
        return {}
    for facts in partners:
        run = Run(plan, facts, as_of)
        for name, rule in rules.relative.items():
            value = run.compared(name)
            if value is not None:
                within = facts.partner.get(rule.within) if rule.within else None
                found[name].setdefault(within, []).append(value)
    return {
        name: {within: last_of_best(values, rules.relative[name]) for within, values in one.items()}
        for name, one in found.items()
    }


def last_of_best(values: Sequence[Fraction], rule: Relative) -> Fraction:
    """Return the value of the last partner that a relative rule counts among the best.

    Examples
    --------
    >>> last_of_best([Fraction(5), Fraction(9), Fraction(7)], Relative("top", "sales", Fraction("0.5")))
    Fraction(7, 1)
    """
    return sorted(values, reverse=True)[math.ceil(len(values) * rule.share) - 1]


def score_all(
    partners: Sequence[Facts], rules: RuleSet, as_of: dt.date, *, explain: bool = False
) -> Iterator[Score]:
    """Yield the score of each partner of a whole population, in its order."""
    cutoffs = cutoffs_of(partners, rules, as_of)
    for facts in partners:
        yield score(facts, rules, as_of, cutoffs=cutoffs, explain=explain)
