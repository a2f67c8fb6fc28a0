"""The words of the stopgap option and of the hold-up check, and what can be wrong with their figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from mutualist.domain.shared.errors import MutualistError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST = 1e15


@cache
def stopgap_texts() -> Mapping[str, Any]:
    """Return the words and the threshold of this version."""
    folder = files("mutualist.domain.venture").joinpath("data")
    content = folder.joinpath("stopgap-2026.1.yaml").read_text("utf-8")
    return cast("Mapping[str, Any]", yaml.load(content, _LOADER))  # noqa: S506 - a safe loader


def said(kind: str, code: str, lang: str, /, **values: Any) -> str:
    """Return a sentence with its values; numbers get the decimal mark of the language.

    Examples
    --------
    >>> said("problems", "not_positive", "de", value=-0.5)
    'Hier steht -0,5; gebraucht wird eine Zahl über 0.'
    """
    quoted = {name: _shown(value, lang) for name, value in values.items()}
    return str(stopgap_texts()[kind][code][lang]).format(**quoted)


def _shown(value: Any, lang: str) -> str:
    if isinstance(value, float):
        written = f"{value:.4g}"
        return written.replace(".", ",") if lang == "de" else written
    return str(value)


class StopgapError(MutualistError):
    """A figure that can't be computed with.

    Parameters
    ----------
    code
        What is wrong, for programs.
    place
        Which figure.
    **values
        What the sentence quotes.
    """

    def __init__(self, code: str, place: str, /, **values: Any) -> None:
        self.code = code
        self.place = place
        self.values: Mapping[str, Any] = values
        super().__init__(self.message("en"))

    def message(self, lang: str = "en") -> str:
        """Return place and sentence in ``de`` or ``en``."""
        return f"{self.place}: {said('problems', self.code, lang, **self.values)}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with code and values, not only with the text."""
        return _again, (self.code, self.place, dict(self.values))


def _again(code: str, place: str, values: dict[str, Any]) -> StopgapError:
    return StopgapError(code, place, **values)


def require(place: str, value: float, *, positive: bool) -> float:
    """Return a figure that is finite and above (or at least) zero."""
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise StopgapError("not_finite", place, value=value)
    if positive and value <= 0:
        raise StopgapError("not_positive", place, value=value)
    if value < 0:
        raise StopgapError("negative", place, value=value)
    return value


def require_part(place: str, value: float) -> float:
    """Return a part from 0 to 1."""
    if not 0.0 <= value <= 1.0:
        raise StopgapError("not_part", place, value=value)
    return value
