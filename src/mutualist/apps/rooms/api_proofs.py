"""The JSON API of what a party takes home: receipts of its seals, the head of the room's log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.rooms import queries

router = Router(tags=["rooms"])


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


@router.get(
    "/rooms/{uid}/receipt", response={200: dict[str, Any], **REFUSED}, summary="Your receipt"
)
def get_receipt(
    request: HttpRequest,
    uid: UUID,
    round: int | None = None,  # noqa: A002
    seat: str | None = None,
) -> Any:
    """Return the receipt (`mutualist-receipt/1`) of an own seal; none named: the newest. Keep it to yourself."""
    actor = _actor(request)
    return queries.receipt(actor, queries.get_room(actor, uid), round, seat)


@router.get(
    "/rooms/{uid}/head", response={200: dict[str, Any], **REFUSED}, summary="Head of the log"
)
def get_head(request: HttpRequest, uid: UUID) -> Any:
    """Return the present head (`mutualist-head/1`) of the room's log, signed."""
    actor = _actor(request)
    return queries.room_head(actor, queries.get_room(actor, uid)).to_dict()
