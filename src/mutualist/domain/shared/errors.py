"""The root of all errors that are meant for people, and of those that name several things at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, Self


class MutualistError(Exception):
    """Base class of every error that Mutualist raises on purpose.

    Its text is written for the person who has to put things right; it names what is wrong and what to do.
    """


class Sayable(Protocol):
    """One thing that is wrong."""

    def message(self, lang: str = "en", /) -> str:
        """Return place and sentence in ``de`` or ``en``."""
        ...


class ProblemsError(MutualistError):
    """Something that cannot be used, with everything that is wrong with it.

    Parameters
    ----------
    problems
        All of them, in the order of the file.

    Attributes
    ----------
    problems : tuple
        The same.
    """

    def __init__(self, problems: Iterable[Sayable]) -> None:
        self.problems: tuple[Any, ...] = tuple(problems)
        super().__init__(self.message())

    def message(self, lang: str = "en") -> str:
        """Return all messages in ``de`` or ``en``, one a line."""
        return "\n".join(problem.message(lang) for problem in self.problems)

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        """Pickle with the problems, not only with the text."""
        return type(self), (self.problems,)
