"""What an action may answer instead of doing what it was asked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.environment import SettingError


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


class Unauthorized(ActionError):
    """Nobody who may ask came with the request."""

    def __init__(self) -> None:
        super().__init__(
            "unauthorized",
            _(
                "No valid token came with this request. Make one on the page “Your account” and send it as "
                "“Authorization: Bearer TOKEN”."
            ),
            status=401,
        )


class LostSecretError(ActionError, SettingError):
    """A secret of the server is lost that something was made with: told to the operator, and shown to people.

    Parameters
    ----------
    shown
        The sentence for whoever asked for what cannot be done.
    told
        The sentence for the operator; it names the file and the remedy.
    """

    def __init__(self, code: str, shown: Any, told: str) -> None:
        super().__init__(code, shown, status=503)
        self._told = told

    def __str__(self) -> str:
        return self._told


class Conflict(ActionError):
    """Somebody else changed the same thing in the meantime; both versions are carried along."""

    status = 409

    def __init__(
        self,
        code: str,
        message: Any,
        *,
        mine: Any,
        theirs: Any,
        version: int,
        status: int | None = None,
    ) -> None:
        super().__init__(code, message, status)
        self.mine = mine
        self.theirs = theirs
        self.version = version
        #: The tag of what stands there now, where a program asked with one.
        self.etag = ""


CHANGED = _("It was changed elsewhere in the meantime. Please read it again, then decide.")


def require_seen(seen: str | None, current: str, mine: str) -> None:
    """Refuse to overwrite something that is not what the person has seen.

    Parameters
    ----------
    seen
        What stood there when the form was shown; none if the caller does not say.

    Raises
    ------
    Conflict
        ``changed_elsewhere`` with both versions. Writing what stands there already is none.
    """
    if seen is not None and current not in {seen, mine}:
        raise Conflict("changed_elsewhere", CHANGED, mine=mine, theirs=current, version=0)


class NotAllowed(Exception):
    """The actor has no right to know that this exists: shown as 404."""
