"""What a party keeps to itself: its best alternative, its pain limit, its own business, its risk tolerance.

Each row is encrypted under a key of its own, bound to venture and party. The other side never sees it; it
enters what they see through results only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import models

from mutualist.apps.core.clock import now
from mutualist.apps.core.fences import Command, PrivateModel
from mutualist.apps.core.isolation import Scope
from mutualist.apps.core.vault import Vault, new_wrapped_key
from mutualist.apps.rooms import fences

#: Lengths are hidden in steps of so many bytes.
STEP = 256


class PrivateFigures(PrivateModel):
    """One party's private figures of one venture of a room, encrypted."""

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+")
    seat = models.ForeignKey("rooms.Seat", on_delete=models.CASCADE, related_name="+")
    venture = models.ForeignKey("ventures.Venture", on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField()
    ciphertext = models.BinaryField()
    saved_at = models.DateTimeField(default=now)

    class Meta(PrivateModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["room", "venture", "seat"], name="figures_once_per_party"
            )
        ]

    @classmethod
    def fence(cls, scope: Scope, command: Command) -> models.Q:
        """Return which rows a scope reaches."""
        return fences.of_beside(scope, command)

    def admitted(self, scope: Scope) -> bool:
        """Whether a scope may store this row."""
        return fences.admitted(scope, self.seat_id)


def place_of(venture: int, seat: int) -> bytes:
    """Return what key and ciphertext are bound to."""
    return f"figures:{venture:d}:{seat:d}".encode()


def sealed(venture: int, seat: int, figures: Mapping[str, Any]) -> dict[str, bytes]:
    """Return key and ciphertext of a party's figures."""
    place = place_of(venture, seat)
    key = new_wrapped_key(context=place)
    content = json.dumps(dict(figures)).encode()
    padded = content + b" " * (-len(content) % STEP)
    return {"key": key, "ciphertext": Vault(key, place).encrypt(padded, aad=place)}


def opened(row: PrivateFigures) -> dict[str, Any]:
    """Return a party's figures."""
    place = place_of(row.venture_id, row.seat_id)
    content = Vault(bytes(row.key), place).decrypt(bytes(row.ciphertext), aad=place)
    found: dict[str, Any] = json.loads(content)
    return found
