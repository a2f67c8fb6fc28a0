"""What others may ask of this app: the clock, a restore, a page that names the privacy information."""

from __future__ import annotations

from datetime import datetime

from mutualist.apps.privacy import erasing, erasures, nightly
from mutualist.apps.privacy.erasures import key_file as erasure_key_file
from mutualist.apps.privacy.erasures import require_key as require_erasure_key
from mutualist.apps.privacy.retention import Due
from mutualist.apps.privacy.wiping import wipe, wipe_pending

__all__ = [
    "apply_retention",
    "erasure_key_file",
    "reapply_erasures",
    "require_erasure_key",
    "unwiped_since",
    "wipe",
    "wipe_pending",
]


def reapply_erasures() -> int:
    """Erase again whoever a restored backup brought back; return how many people.

    To be called after every restore, before the server is started.
    """
    return erasing.reapply()


def apply_retention(moment: datetime | None = None, *, dry_run: bool = False) -> list[Due]:
    """Delete what was kept long enough, or only say what that would be."""
    return nightly.apply_retention(moment, dry_run=dry_run)


def unwiped_since() -> datetime | None:
    """Return when the oldest erasure was whose rows may still stand in the database's files."""
    rows = erasures.unwiped()
    return rows[0].erased_at if rows else None
