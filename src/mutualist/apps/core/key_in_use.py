"""What the database remembers of the key-encryption keys it was used with: their ids, never the keys.

With it a lost or wrong key is told at the start, also where the policies of the database hide every wrapped key from
the role of the server.
"""

from __future__ import annotations

from django.db import connection

from mutualist.apps.core.clock import now
from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.keyring import Kek, Keyring, key_file
from mutualist.apps.core.models import KeyInUse

OTHER_KEY = (
    "The key-encryption key does not fit the database: it was used with the key {wanted}, and {found} is here. "
    "Restore the folder “keys” from the backup that belongs to the database ({file})."
)


def require_fitting(ring: Keyring, *, make: bool = True) -> None:
    """Refuse keys without the one this database was used with; remember the first one, unless only asked to look.

    Raises
    ------
    SettingError
        If the key the database remembers is not here.
    """
    if KeyInUse._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001  (public API of Django)
        return
    wanted = KeyInUse.objects.filter(until__isnull=True).first()
    if wanted is None:
        if make:
            remember(ring.current)
        return
    if ring.named(bytes.fromhex(wanted.id)) is None:
        raise SettingError(
            OTHER_KEY.format(wanted=wanted.id, found=ring.current.id.hex(), file=key_file())
        )


def remember(key: Kek) -> KeyInUse:
    """Note that this key is in use from now on, and no other."""
    moment = now()
    KeyInUse.objects.filter(until__isnull=True).exclude(pk=key.id.hex()).update(until=moment)
    row, _made = KeyInUse.objects.update_or_create(
        pk=key.id.hex(), defaults={"until": None}, create_defaults={"since": moment}
    )
    return row
