"""What is wrong with a venture, in words that say where and what to do."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from mutualist.domain.shared.errors import ProblemsError


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    content = files("mutualist.domain.venture").joinpath("data", "problems.yaml").read_text("utf-8")
    return cast("Mapping[str, Mapping[str, str]]", yaml.safe_load(content)["problems"])


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a venture.

    Parameters
    ----------
    place
        Where it is, like ``terms.royalty.share``; empty if it is about the whole.
    code
        What is wrong, for programs.
    values
        What the sentence quotes: the value found, what is allowed.

    Examples
    --------
    >>> print(Problem("drivers.units", "low_above_high", {"low": 9, "high": 4}).message("de"))
    drivers.units: Der untere Wert 9 liegt über dem oberen 4. Bitte tauschen oder berichtigen.
    """

    place: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def message(self, lang: str = "en") -> str:
        """Return place and sentence in ``de`` or ``en``."""
        said = {name: shown(value) for name, value in self.values.items()}
        text = _texts()[self.code][lang].format(**said)
        return f"{self.place}: {text}" if self.place else text

    def __str__(self) -> str:
        """Return the English message."""
        return self.message("en")


_QUOTE = reprlib.Repr()
_QUOTE.maxstring = _QUOTE.maxother = 60
_QUOTE.maxlevel = 3


def shown(value: Any) -> str:  # noqa: PLR0911 - one return a kind of value
    """Return a value as it is quoted in a message: numbers and words plain, the rest shortened."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else "> 10^18"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str):
        return value if len(value) <= 200 else f"{value[:197]}..."
    if isinstance(value, list | tuple | set | frozenset) and all(isinstance(v, str) for v in value):
        return ", ".join(value)
    return _QUOTE.repr(value)


class VentureError(ProblemsError):
    """A venture that breaks the format or cannot be computed; nothing is computed from it."""

    problems: tuple[Problem, ...]


def refuse(place: str, code: str, /, **values: Any) -> VentureError:
    """Return the error for one problem, ready to be raised."""
    return VentureError([Problem(place, code, values)])
