"""What ventures keep under the key-encryption key: the key of each party's private figures."""

from __future__ import annotations

from mutualist.apps.core.isolation import MAINTENANCE, private_scope
from mutualist.apps.core.wrapping import WrappedColumn, register_wrapped
from mutualist.apps.ventures.private import place_of

register_wrapped(
    WrappedColumn(
        "ventures.PrivateFigures",
        "key",
        lambda row: place_of(row.venture_id, row.seat_id),
        scope=lambda: private_scope(MAINTENANCE),
    )
)
