"""The few steps tests of delivery begin with."""

from __future__ import annotations

from typing import Any

from apps.rooms.cast import Cast
from mutualist.apps.delivery import actions, worker
from mutualist.apps.delivery.models import Delivery, Endpoint
from mutualist.apps.identity import actions as identity


def add(cast: Cast, address: str, kinds: tuple[str, ...] = ()) -> tuple[Endpoint, str]:
    """Anna adds a webhook for Nordwerk."""
    return actions.add_endpoint(cast.nordwerk.uid, address=address, kinds=kinds, actor=cast.anna)


def happen(cast: Cast, number: int = 1, start: int = 0) -> None:
    """Something happens in Nordwerk, so many times."""
    for at in range(start, start + number):
        identity.rename_organisation(cast.nordwerk.uid, f"Nordwerk {at}", actor=cast.anna)


def work() -> worker.Pass:
    """Send what is due, as a worker does."""
    return worker.send_due()


def states() -> list[str]:
    return list(Delivery.objects.order_by("seq").values_list("state", flat=True))


def newest(**wanted: Any) -> Delivery:
    return Delivery.objects.filter(**wanted).latest("pk")
