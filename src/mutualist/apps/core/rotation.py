"""Changing the key-encryption key: a new one, every wrapped key rewrapped, nothing lost wherever it stops.

The order makes it safe. The new key is on disk before anything needs it; all rows change in one transaction; the key in
use is replaced in one step, after the old one stands beside it. Whatever moment the process dies at, every wrapped key
names a key that is in the folder, and running the command again goes on from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core import keyring as keys
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.audit_kinds import INSTALLATION
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.key_in_use import remember
from mutualist.apps.core.keyring import Kek, key_file, keyring
from mutualist.apps.core.secret_files import put_beside, sync_folder, write_once
from mutualist.apps.core.vault import unwrap, wrap, wrapped_by
from mutualist.apps.core.wrapping import WrappedColumn, wrapped_columns

Step = Callable[[str], None]
STEPS = ("made", "rewrapped", "committed", "kept", "changed", "verified")


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a change of key did.

    Attributes
    ----------
    old, new
        Ids of the keys.
    count
        How many wrapped keys were written anew.
    """

    old: str
    new: str
    count: int


def _nothing(step: str) -> None:
    del step


def rotate(*, step: Step = _nothing) -> Rotated:
    """Change the key-encryption key of this installation.

    Parameters
    ----------
    step
        Called with each of `STEPS` once it is done.

    Raises
    ------
    ActionError
        ``key_in_variable`` if the key comes from a variable that names no new one yet: what to set.
    VaultError
        If something does not open with any key that is here; nothing was changed then.
    """
    if keys.from_environment():
        return _to_the_variable(step)
    old = keyring(afresh=True).current
    beside = key_file(".next")
    new = keys.kek_of(write_once(beside, keys.new_key_text()), str(beside))
    sync_folder(beside.parent)
    keyring(afresh=True)
    step("made")
    count = _rewrap_all(new, old, step)
    step("committed")
    put_beside(key_file(), key_file(".previous"))
    step("kept")
    beside.replace(key_file())
    sync_folder(beside.parent)
    step("changed")
    count += _stragglers(new)
    step("verified")
    return Rotated(old.id.hex(), new.id.hex(), count)


def _to_the_variable(step: Step) -> Rotated:
    """Rewrap everything with the key in the variable; the one before stands beside it."""
    ring = keyring(afresh=True)
    if len(ring.keys) == 1:
        raise ActionError(
            "key_in_variable",
            _(
                "The key comes from MUTUALIST_KEY, which no program can change. Make a new one with "
                "“mutualist keys new”. Set MUTUALIST_KEY_PREVIOUS to the present key and MUTUALIST_KEY to the new "
                "one, restart the server, and run this command again. Afterwards take MUTUALIST_KEY_PREVIOUS away."
            ),
        )
    step("made")
    count = _rewrap_all(ring.current, ring.keys[1], step)
    step("committed")
    count += _stragglers(ring.current)
    step("verified")
    return Rotated(ring.keys[1].id.hex(), ring.current.id.hex(), count)


@transaction.atomic
def _rewrap_all(new: Kek, old: Kek | None = None, step: Step = _nothing) -> int:
    count = sum(_rewrap(column, new) for column in wrapped_columns().values())
    row = remember(new)
    if old is not None:
        data = {"old": old.id.hex(), "new": new.id.hex(), "count": count}
        record("core.key.changed", actor=Actor.system(), obj=row, chain=INSTALLATION, data=data)
    step("rewrapped")
    return count


def _rewrap(column: WrappedColumn, new: Kek) -> int:
    count = 0
    with ExitStack() as stack:
        stack.enter_context(column.scope())
        for row in column.rows(lock=True):
            before, wrapped, after = column.split(bytes(getattr(row, column.field)))
            if wrapped_by(wrapped) == new.id.hex():
                continue
            context = column.context(row)
            changed = wrap(new, unwrap(wrapped, context), context)
            column.store(row, column.rejoin(before, changed, after))
            count += 1
    return count


def _stragglers(new: Kek) -> int:
    """Rewrap what another process wrapped with the old key meanwhile, until there is nothing left; open everything."""
    keyring(afresh=True)
    count = 0
    while changed := _rewrap_all(new):
        count += changed
    for column in wrapped_columns().values():
        with column.scope():
            for row in column.rows():
                _before, wrapped, _after = column.split(bytes(getattr(row, column.field)))
                unwrap(wrapped, column.context(row))
    return count


def in_use() -> dict[str, dict[str, int]]:
    """Return for each column how many wrapped keys need which key-encryption key; "" names none."""
    found = {}
    for name, column in wrapped_columns().items():
        with transaction.atomic(), column.scope():
            parts = (column.split(bytes(getattr(row, column.field)))[1] for row in column.rows())
            found[name] = dict(Counter(wrapped_by(part) for part in parts))
    return found
