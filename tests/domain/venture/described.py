"""Small ventures for the tests."""

from __future__ import annotations

from typing import Any

from mutualist.domain.venture import Simulated, VentureError, read_description, simulate


def parties(count: int = 2, discount: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"ABCDEFGH"[at]: {"discount": discount, **more} for at in range(count)}


def venture(**parts: Any) -> dict[str, Any]:
    """Return a description of two parties and four quarters, with these parts."""
    return {"periods": {"unit": "quarter", "count": 4}, "parties": parties(), **parts}


def run(count: int = 2000, seed: int = 1, workers: int = 1, **parts: Any) -> Simulated:
    """Simulate such a venture with all its flows."""
    description = read_description(venture(**parts))
    return simulate(description, count, seed, workers=workers, flows=True)


def flows_of(simulated: Simulated, party: str) -> list[float]:
    """Return the flows of a party in the first scenario, rounded."""
    row = list(simulated.description.parties).index(party)
    assert simulated.flows is not None
    return [round(float(value), 3) for value in simulated.flows[row, 0]]


def problems(**parts: Any) -> list[tuple[str, str]]:
    """Return place and code of everything that is wrong with such a venture."""
    try:
        read_description(venture(**parts))
    except VentureError as error:
        for problem in error.problems:
            for lang in ("de", "en"):
                said = problem.message(lang)
                assert said.startswith(problem.place)
                assert "{" not in said
        return [(problem.place, problem.code) for problem in error.problems]
    return []
