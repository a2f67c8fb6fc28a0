"""Facts that other parts of a programme give besides those that were imported: they name themselves here when they start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.facts import Row

#: Each gets partners (ids of relations) and rules, and returns further facts by partner and table.
more_facts: list[Callable[[Iterable[int], RuleSet], Mapping[int, Mapping[str, list[Row]]]]] = []
