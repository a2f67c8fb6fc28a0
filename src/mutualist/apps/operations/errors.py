"""What can be wrong with a backup, in a sentence for the person who runs the server."""

from __future__ import annotations

from typing import Any


class OperationError(Exception):
    """Something cannot be done; nothing was changed.

    Parameters
    ----------
    message
        A lazy translated sentence; its ``{name}`` fields are filled from `params`.
    """

    def __init__(self, message: Any, **params: Any) -> None:
        super().__init__(str(message))
        self.text = message
        self.params = params

    @property
    def message(self) -> str:
        """The sentence in the language now active."""
        return str(self.text).format(**self.params) if self.params else str(self.text)

    def __str__(self) -> str:
        return self.message
