"""What is wrong with a rule set, in words that say where and what to do."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from mutualist.domain.programme.scoring import numbers
from mutualist.domain.shared.errors import ProblemsError

MOST_SHOWN = 30
ONE = Fraction(1)


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return the sentences by code and language."""
    content = files("mutualist.domain.programme").joinpath("data", "problems.yaml")
    return cast(
        "Mapping[str, Mapping[str, str]]", yaml.safe_load(content.read_text("utf-8"))["problems"]
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a rule set.

    Parameters
    ----------
    place
        Where it is, like ``metrics.net_adds.points``; empty if it is about the whole.
    code
        What is wrong, for programs.
    values
        What the sentence quotes: texts as they stand in the file, computed numbers as fractions.

    Examples
    --------
    >>> print(Problem("levels", "missing", {"key": "id"}).message("en"))
    levels: 'id' is missing. Please add it.
    >>> print(Problem("total", "weights_sum", {"value": Fraction(6, 5)}).message("de"))
    total: Die Gewichte ergeben zusammen 1,2, sie müssen 1 (oder 100 %) ergeben.
    """

    place: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def message(self, language: str = "en") -> str:
        """Return place and sentence in ``de`` or ``en``."""
        said = {name: shown(value, language) for name, value in self.values.items()}
        text = texts()[self.code]["de" if language == "de" else "en"].format(**said)
        return f"{self.place}: {text}" if self.place else text


def shown(value: Any, language: str = "en") -> str:
    """Return a value as it is quoted in a message; what is not one is never rounded to it."""
    if isinstance(value, Fraction):
        return numbers.shown(value, language, 6, ONE)
    if isinstance(value, str):
        return value if len(value) <= 200 else value[:199] + "…"
    if isinstance(value, list | tuple | set | frozenset):
        entries = [str(entry) for entry in value]
        return ", ".join(entries[:MOST_SHOWN]) + (" …" if len(entries) > MOST_SHOWN else "")
    return reprlib.repr(value) if isinstance(value, dict) else str(value)


class RuleSetError(ProblemsError):
    """A rule set that cannot be used, with everything that is wrong with it."""

    problems: tuple[Problem, ...]
