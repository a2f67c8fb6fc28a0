"""The words of the split rules: names, reasons, warnings and problems, German and English, from one file."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

_FILE = "split-2026.1.yaml"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_QUOTE = reprlib.Repr()
_QUOTE.maxstring = _QUOTE.maxother = 60
_QUOTE.maxlevel = 3
_LARGE = 1e15


@dataclass(frozen=True)
class Texts:
    """The words and the order of recommendations.

    Examples
    --------
    >>> texts().name("tau", "de")
    'Tau-Wert'
    """

    source: Mapping[str, Any]

    @property
    def version(self) -> str:
        """Return the version of the words and of the recommendation."""
        return str(self.source["version"])

    def name(self, rule: str, lang: str) -> str:
        """Return what a rule is called."""
        return str(self.source["rules"][rule]["name"][lang])

    def reason(self, rule: str, lang: str) -> str:
        """Return what a rule regards as fair, in a sentence."""
        return str(self.source["rules"][rule]["reason"][lang])

    def recommendations(self) -> tuple[Mapping[str, Any], ...]:
        """Return which rule is recommended when, in order."""
        return tuple(self.source["recommendation"])

    def said(self, code: str, lang: str, /, **values: Any) -> str:
        """Return a warning or problem with its values."""
        found = self.source["warnings"].get(code) or self.source["problems"][code]
        return fill(str(found[lang]), lang, values)


def fill(sentence: str, lang: str, values: Mapping[str, Any]) -> str:
    """Return a sentence with its values, numbers as they are read in a language.

    Examples
    --------
    >>> fill("um {gain}", "de", {"gain": 1234.5})
    'um 1.234,50'
    """
    return sentence.format(**{name: shown(value, lang) for name, value in values.items()})


def shown(value: Any, lang: str) -> str:
    """Return a value as it is quoted: numbers with the marks of the language, words plain, the rest shortened."""
    if isinstance(value, str):
        return value if len(value) <= 200 else f"{value[:197]}..."
    if isinstance(value, float):
        # Amounts with cents; what is smaller, or larger than any amount, keeps three digits that say something.
        written = f"{value:,.2f}" if 1 <= abs(value) < _LARGE or value == 0 else f"{value:.3g}"
        return written.translate(str.maketrans(",.", ".,")) if lang == "de" else written
    if value is None or isinstance(value, bool):
        # As the file has it.
        return {None: "null", True: "true", False: "false"}[value]
    return _QUOTE.repr(value)


@cache
def texts() -> Texts:
    """Return the words of this version."""
    content = files("mutualist.domain.venture.split").joinpath("data", _FILE).read_text("utf-8")
    return Texts(cast("Mapping[str, Any]", yaml.load(content, _LOADER)))  # noqa: S506 - a safe loader
