"""The few steps all tests of ventures begin with."""

from __future__ import annotations

from typing import Any

from django.test import Client

from apps.rooms.cast import Cast
from mutualist.apps.core.actor import Actor
from mutualist.apps.identity.models import User
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures import actions
from mutualist.apps.ventures.described import templates
from mutualist.apps.ventures.models import Venture

PARTIES = {"A": "Nordwerk Pumpen AG", "B": "Tauwerk Sensorik GmbH"}


def described(template: str = "supplier_contract", **more: Any) -> dict[str, Any]:
    begun = templates()[template].begun(name="PumpenPuls", currency="EUR", parties=PARTIES)
    return {**begun, **more}


def of_room(actor: Actor, room: Room, template: str = "supplier_contract") -> Venture:
    return actions.describe_for_room(
        actor=actor, room=room.uid, template=template, description=described(template)
    )


def of_organisation(cast: Cast, template: str = "revenue_share") -> Venture:
    return actions.describe_for_organisation(
        actor=cast.anna,
        organisation=cast.nordwerk.uid,
        template=template,
        description=described(template),
    )


def browser(actor: Actor, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    client.cookies["django_language"] = language
    return client
