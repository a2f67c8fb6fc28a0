"""Refusals that carry more than a sentence."""

from __future__ import annotations

from typing import Any

from mutualist.apps.core.errors import ActionError


class Refused(ActionError):
    """Input was refused for several reasons at once.

    Attributes
    ----------
    problems
        Each with a place and a message: :class:`mutualist.domain.assess.Problem` for answers,
        :class:`mutualist.apps.rooms.values.CellProblem` for a workbook.
    """

    def __init__(
        self, code: str, message: Any, *, problems: tuple[Any, ...], **params: Any
    ) -> None:
        super().__init__(code, message, **params)
        self.problems = problems


class OpenItems(ActionError):
    """A sheet has unanswered items and its lead has not confirmed to leave them open."""

    def __init__(self, message: Any, *, items: tuple[str, ...]) -> None:
        super().__init__("open_items", message, items=", ".join(items), count=len(items))
        self.items = items
