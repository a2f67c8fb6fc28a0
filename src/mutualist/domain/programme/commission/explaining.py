"""Steps of a computation as data that can be stored, and as sentences in German and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from mutualist.domain.programme.commission.model import Step
from mutualist.domain.programme.commission.money import minor, percent_said, said
from mutualist.domain.programme.commission.problems import texts

_SHARES: Final = frozenset({"rate", "share"})
_MONEY: Final = frozenset({"amount", "cap", "used", "cut", "base", "whole"})
#: Exact amounts of whole units, in the currency named beside them.
_EXACT: Final = frozenset({"part", "reached"})
_TERMS: Final = frozenset({"per", "each"})


def plain_steps(steps: Iterable[Step]) -> list[list[Any]]:
    """Return steps as JSON: a code and its values, numbers as exact text."""
    return [[step.code, {k: _plain(v) for k, v in step.values.items()}] for step in steps]


def _plain(value: object) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def sentences(
    steps: Iterable[Iterable[Any]], lang: str, levels: Mapping[str, str] | None = None
) -> list[str]:
    """Return the sentences of stored steps.

    Parameters
    ----------
    levels
        Names of the levels in the reader's language; without one the level's id is said.

    Examples
    --------
    >>> sentences([["rate", {"product": {"de": "Lizenz", "en": "Licence"}, "level": "gold", "rate": "1/5"}]], "de")
    ['Lizenz, gold: 20 %.']
    """
    out = []
    for code, values in steps:
        told = {
            name: _told(name, value, values, lang, levels or {}) for name, value in values.items()
        }
        out.append(" ".join(texts("steps")[code][lang].format(**told).split()).replace(" :", ":"))
    return out


def _told(  # noqa: PLR0911 - one return a kind of value
    name: str, value: Any, values: Mapping[str, Any], lang: str, levels: Mapping[str, str]
) -> str:
    if name in _SHARES:
        return percent_said(Fraction(value), lang)
    if name in _MONEY:
        return said(value[0], value[1], lang)
    if name in _EXACT:
        currency = values["currency"]
        return said(minor(Fraction(value), currency), currency, lang)
    if name in _TERMS:
        return texts("terms")[value][lang]
    if name == "level":
        return levels.get(value) or (
            texts("terms")["none"][lang] if value == "none" else str(value)
        )
    if isinstance(value, Mapping):
        return str(value[lang])
    if name == "units":
        number = Fraction(value)
        text = f"{float(number):.6f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if lang == "de" else text
    return str(value)
