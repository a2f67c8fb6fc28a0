"""What projects keep under the key-encryption key: the key of what is withheld until acceptance."""

from __future__ import annotations

from mutualist.apps.core.isolation import MAINTENANCE, private_scope
from mutualist.apps.core.wrapping import WrappedColumn, register_wrapped
from mutualist.apps.projects.sealing import place_of

register_wrapped(
    WrappedColumn(
        "projects.Withheld",
        "key",
        lambda row: place_of(row.registration.uid),
        related=("registration",),
        scope=lambda: private_scope(MAINTENANCE),
    )
)
