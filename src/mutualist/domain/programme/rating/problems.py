"""Sentences about ratings and promises, and the error that carries one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from mutualist.domain.shared.errors import MutualistError


@cache
def content() -> Mapping[str, Any]:
    """Return the file with topics and sentences."""
    folder = files("mutualist.domain.programme.rating").joinpath("data")
    found: Mapping[str, Any] = yaml.safe_load(folder.joinpath("rating.yaml").read_text("utf-8"))
    return found


def say(section: str, code: str, lang: str, /, **values: Any) -> str:
    """Return a sentence in ``de`` or ``en`` with its values."""
    text: str = content()[section][code][lang]
    return text.format(**values)


class RatingError(MutualistError):
    """A rating or promise that cannot be taken; nothing is stored.

    Parameters
    ----------
    code
        What is wrong, for programs.
    values
        What the sentence quotes.

    Examples
    --------
    >>> print(RatingError("bad_stars", topic="fairness", value=6).message("de"))
    fairness: 6 geht nicht. Erlaubt sind 1, 2, 3, 4 oder 5 Sterne.
    """

    def __init__(self, code: str, /, **values: Any) -> None:
        self.code = code
        self.values = values
        super().__init__(self.message("en"))

    def message(self, lang: str = "en") -> str:
        """Return the sentence in ``de`` or ``en``."""
        return say("problems", self.code, lang, **self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with code and values, not only with the text."""
        return _again, (self.code, self.values)


def _again(code: str, values: Mapping[str, Any]) -> RatingError:
    return RatingError(code, **values)
