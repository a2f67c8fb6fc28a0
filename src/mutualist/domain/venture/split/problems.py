"""What is wrong with a game or a split, in words that say where and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mutualist.domain.shared.errors import MutualistError
from mutualist.domain.venture.split.texts import texts


class SplitError(MutualistError):
    """A game that breaks the format, or a rule that has no result for it.

    Parameters
    ----------
    code
        What is wrong, for programs.
    place
        Where it is, like ``v.3`` or ``unions``; empty if it is about the whole.
    **values
        What the sentence quotes.

    Examples
    --------
    >>> print(SplitError("twice", "unions", value=2).message("de"))
    unions: Die Partei 2 steht in zwei Blöcken. Jede gehört in genau einen.
    """

    def __init__(self, code: str, place: str = "", /, **values: Any) -> None:
        self.code = code
        self.place = place
        self.values: Mapping[str, Any] = values
        super().__init__(self.message("en"))

    def message(self, lang: str = "en") -> str:
        """Return place and sentence in ``de`` or ``en``."""
        said = texts().said(self.code, lang, **self.values)
        return f"{self.place}: {said}" if self.place else said

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with code and values, not only with the text."""
        return _again, (self.code, self.place, dict(self.values))


def _again(code: str, place: str, values: dict[str, Any]) -> SplitError:
    return SplitError(code, place, **values)
