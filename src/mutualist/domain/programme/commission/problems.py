"""What is wrong with commission rules, an invoice or a booking, in words that say where and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from mutualist.domain.programme.scoring import numbers
from mutualist.domain.shared.errors import ProblemsError

ALL = Fraction(100)


@cache
def texts(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return a file of sentences, German and English side by side."""
    folder = files("mutualist.domain.programme.commission").joinpath("data")
    content = folder.joinpath(f"{name}.yaml").read_text("utf-8")
    return cast("Mapping[str, Mapping[str, str]]", yaml.safe_load(content)[name])


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Parameters
    ----------
    place
        Where it is, like ``products.hosting.rate``; empty if it is about the whole.
    code
        What is wrong, for programs.
    values
        What the sentence quotes: the value found, what is allowed.

    Examples
    --------
    >>> print(Problem("products.hosting.rate", "share_above", {"value": "120 %"}).message("de"))
    products.hosting.rate: 120 % sind mehr als alles. Erlaubt ist 0 % bis 100 %.
    """

    place: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def message(self, lang: str = "en") -> str:
        """Return place and sentence in ``de`` or ``en``."""
        text = self.sentence(lang)
        return f"{self.place}: {text}" if self.place else text

    def sentence(self, lang: str = "en") -> str:
        """Return what is wrong, for whoever sees the place already."""
        said = {name: shown(value, lang) for name, value in self.values.items()}
        return texts("problems")[self.code][lang].format(**said)

    def __str__(self) -> str:
        """Return the English message."""
        return self.message("en")


def shown(value: Any, lang: str = "en") -> str:
    """Return a value as a sentence quotes it; a fraction is a share, and never rounded to all."""
    if value is None:
        return "–"
    if isinstance(value, Fraction):
        return f"{numbers.shown(value * 100, lang, 3, ALL)} %"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(str, value))
    text = str(value)
    return text if len(text) <= 120 else f"{text[:117]}..."


class CommissionError(ProblemsError):
    """Rules that cannot be used, or a booking that cannot be made; nothing is booked."""

    problems: tuple[Problem, ...]


def refuse(place: str, code: str, /, **values: Any) -> CommissionError:
    """Return the error for one problem, ready to be raised."""
    return CommissionError([Problem(place, code, values)])
