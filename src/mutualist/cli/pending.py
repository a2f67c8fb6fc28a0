"""`mutualist migrate --check` and `--plan`: what an upgrade would change in the database."""

from __future__ import annotations

from typing import Any

from mutualist.cli.backup import explained
from mutualist.cli.context import CONDITION_MET, DONE, _


def tell_pending(*, check: bool) -> int:
    """List pending migrations; with `check` the exit code says whether there are any."""
    from mutualist.apps.operations import public as operations

    with explained():
        found = operations.pending()
        strange = operations.from_newer_version()
        if check:
            _require_keys(operations)
    for name in strange:
        print(_("{migration}: of a newer version; this one must not run.", migration=name))
    for name in found:
        print(name)
    if not found and not strange:
        print(_("The database is up to date."))
    return CONDITION_MET if check and (found or strange) else DONE


def _require_keys(operations: Any) -> None:
    """Name what would keep the server from starting; settings were read before."""
    from mutualist.apps.core.roles import as_owner

    with as_owner():
        operations.require_keys(make=False)
