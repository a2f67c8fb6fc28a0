"""What a check finds, and the list of all checks; an app adds its own with :func:`register`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)
State = Literal["ok", "warning", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one check.

    Attributes
    ----------
    name
        Stable and dotted: ``database.reachable``.
    said
        What was found; never a secret.
    remedy
        What to do about it, for warnings and errors.
    """

    name: str
    state: State
    said: Any
    remedy: Any = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person who asks wants looked at beyond this machine."""

    online: bool = False
    mail_to: str = ""


#: Without these no other check can ask the database.
BEFORE = ("database.reachable", "database.migrations")
Check = Callable[[Asked], Iterable[Finding]]
_CHECKS: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check; its name may be registered once."""
    if _CHECKS.setdefault(name, check) is not check:
        raise ValueError(f"check {name!r} is registered twice")


def examine(asked: Asked) -> list[Finding]:
    """Run all checks; one that breaks down is itself a finding and keeps nobody from the rest."""
    found: list[Finding] = []
    for name, check in _CHECKS.items():
        try:
            found += check(asked)
        except Exception as error:
            logger.debug("check %s", name, exc_info=True)
            found.append(_broken_down(name, error, found))
    return found


def _broken_down(name: str, error: Exception, found: list[Finding]) -> Finding:
    """Name the one cause instead of what follows from it: no tables, or no database."""
    cause = next((one.name for one in found if one.name in BEFORE and one.state != "ok"), "")
    if cause and isinstance(error, DatabaseError):
        return skipped(name, _("Cannot be looked at before {cause} is fine.").format(cause=cause))
    reason = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
    return Finding(name, "error", _("This check itself failed: {reason}").format(reason=reason))


def ok(name: str, said: Any) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(name, "ok", said)


def warning(name: str, said: Any, remedy: Any) -> Finding:
    """Return a finding that should be seen to."""
    return Finding(name, "warning", said, remedy)


def wrong(name: str, said: Any, remedy: Any) -> Finding:
    """Return a finding with which the installation must not run."""
    return Finding(name, "error", said, remedy)


def skipped(name: str, said: Any) -> Finding:
    """Return a finding that was not asked for or cannot be had here."""
    return Finding(name, "skipped", said)
