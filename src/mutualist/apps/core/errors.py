"""What an action may answer instead of doing what it was asked."""

from __future__ import annotations

from typing import Any


class ActionError(Exception):
    """The request cannot be carried out; nothing was stored.

    Parameters
    ----------
    code
        Stable name, such as ``already_sealed``; part of the JSON API.
    message
        A lazy translated sentence that names the item, the value and the remedy; may hold
        ``{name}`` fields filled from `params`.
    status
        HTTP status of the answer.
    """

    status = 422

    def __init__(self, code: str, message: Any, status: int | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.text = message
        self.params = params
        self.status = status or self.status

    @property
    def message(self) -> str:
        """The sentence in the language now active."""
        return str(self.text).format(**self.params) if self.params else str(self.text)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Conflict(ActionError):
    """Somebody else changed the same thing in the meantime; both versions are carried along."""

    status = 409

    def __init__(self, code: str, message: Any, *, mine: Any, theirs: Any, version: int) -> None:
        super().__init__(code, message)
        self.mine = mine
        self.theirs = theirs
        self.version = version


class NotAllowed(Exception):
    """The actor has no right to know that this exists: shown as 404."""
