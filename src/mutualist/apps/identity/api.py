"""The JSON API of organisations."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.identity.queries import organisations_of

router = Router(tags=["organisations"])


class OrganisationOut(Schema):
    """An organisation you belong to, and what you are in it."""

    uid: UUID
    name: str
    role: Literal["owner", "member", "reader"]


@router.get(
    "/organisations", response={200: list[OrganisationOut], **REFUSED}, summary="Organisations"
)
def list_organisations(request: HttpRequest) -> Any:
    """Return the organisations you belong to, by name."""
    actor = actor_of(request)
    return [
        OrganisationOut(uid=one.uid, name=one.name, role=actor.roles[one.pk])
        for one in organisations_of(actor)
    ]
