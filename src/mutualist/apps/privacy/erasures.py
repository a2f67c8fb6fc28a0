"""Who was erased, as keyed digests: outside the database, so that a restored backup can be cleaned.

An old backup still holds people who were erased since. The list of their digests stands in a file
of the data folder, which no restored database replaces; `reapply` erases them again. The digests
tell nobody an address: their key stands beside the other keys.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.errors import LostSecretError
from mutualist.apps.core.secret_files import read_secret, secret_from
from mutualist.apps.privacy.models import ErasedPerson

NAME = "erasures.jsonl"


LOST_KEY = (
    "The key {file} is missing, but people were erased with it. Restore the folder “keys” from the backup: without it "
    "a restored backup brings back who was erased since. If it is lost for good: mutualist keys new > {file}"
)


class LostErasureKeyError(LostSecretError):
    """There is a list of digests, and the key they were made with is lost."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            "no_erasure_key",
            _(
                "Nobody can be erased at present: a key of this server is missing. "
                "The operator has to restore the folder “keys” from the backup."
            ),
            LOST_KEY.format(file=file),
        )


def key_file() -> Path:
    """Return where the key of the digests stands."""
    return Path(settings.MUTUALIST_DATA) / "keys" / "erasure-key"


def list_file() -> Path:
    """Return where the list stands that outlives the database."""
    return Path(settings.MUTUALIST_DATA) / NAME


def digest(mail: str) -> str:
    """Return the digest of a mail address under this installation's key."""
    return hmac.new(
        _key().encode(), b"mutualist/erased/v1" + mail.strip().lower().encode(), hashlib.sha256
    ).hexdigest()


def _key() -> str:
    require_key()
    return secret_from(key_file())


def require_key() -> None:
    """Refuse a lost key of the digests: with a new one nobody in the list would be recognised.

    Raises
    ------
    LostErasureKeyError
        If there are digests and their key is not here.
    """
    known = read_secret(key_file()) is not None
    if not known and (list_file().exists() or ErasedPerson.objects.exists()):
        raise LostErasureKeyError(key_file())


def remember(
    mails: Iterable[str], moment: datetime, tables: Iterable[str] = ()
) -> list[ErasedPerson]:
    """Store the digests of a person's addresses; belongs into the transaction of the erasure.

    Parameters
    ----------
    tables
        Names of the tables in which rows were deleted or changed.
    """
    unwiped = sorted(set(tables))
    rows = []
    for mail in sorted(mails):
        row, _made = ErasedPerson.objects.update_or_create(
            digest=digest(mail), defaults={"erased_at": moment, "unwiped": unwiped}
        )
        rows.append(row)
    return rows


def write_down() -> int:
    """Bring what the database knows into the file; return how many lines are new."""
    known = dict(_from_file())
    new = [
        (row.digest, row.erased_at)
        for row in ErasedPerson.objects.all()
        if row.digest not in known or known[row.digest] < row.erased_at
    ]
    if new:
        lines = (json.dumps({"digest": d, "erased_at": at.isoformat()}) + "\n" for d, at in new)
        _append("".join(lines))
    return len(new)


def _append(text: str) -> None:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    with os.fdopen(os.open(list_file(), flags, 0o600), "a", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _from_file() -> Iterator[tuple[str, datetime]]:
    try:
        lines = list_file().read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            said = json.loads(line)
            yield said["digest"], datetime.fromisoformat(said["erased_at"])
        except (ValueError, KeyError, TypeError):
            continue  # half a line from a moment without power; the database still knows it


def erased() -> dict[str, datetime]:
    """Return every known digest and when it was erased, from file and database together."""
    found: dict[str, datetime] = {}
    rows = [*_from_file(), *ErasedPerson.objects.values_list("digest", "erased_at")]
    for one, moment in rows:
        found[one] = max(moment, found.get(one, moment))
    return found


def unwiped() -> list[ErasedPerson]:
    """Return the erasures whose rows may still stand in the database's files, the oldest first."""
    return list(ErasedPerson.objects.exclude(unwiped=[]))
