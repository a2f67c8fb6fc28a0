"""The demo's venture: that of the opened room PumpenPuls, with private figures of both firms."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.db import transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.rooms.public import OpenedPlace, opened_place, rooms_of
from mutualist.apps.ventures import actions
from mutualist.apps.ventures.described import templates
from mutualist.apps.ventures.queries import ventures_of

NAME, TEMPLATE = "PumpenPuls", "revenue_share"
ANNA, CLARA = "anna@nordwerk.example", "clara@tauwerk.example"
#: What each firm keeps to itself.
FIGURES: dict[str, dict[str, Any]] = {
    ANNA: {
        "best_alternative": 300_000,
        "pain_limit": 1_000_000,
        "risk_tolerance": 2_000_000,
        "business": {"mean": 2_500_000, "sd": 600_000, "correlation": {"plants": 0.2}},
    },
    CLARA: {
        "best_alternative": 200_000,
        "pain_limit": 400_000,
        "risk_tolerance": 500_000,
        "business": {"mean": 500_000, "sd": 200_000, "correlation": {"plants": 0.2}},
    },
}


@transaction.atomic
def load_demo_venture() -> None:
    """Describe the venture of the demo's opened room, unless one is there."""
    users = {user.email: user for user in User.objects.filter(email__in=FIGURES)}
    if set(users) != set(FIGURES):
        return
    anna, clara = (actor_of(users[mail]) for mail in (ANNA, CLARA))
    place = _place(anna)
    if place is None or ventures_of(anna, room=place.room):
        return
    first = _described(place, share=0.4)
    made = actions.describe_for_room(
        actor=anna, room=place.uid, template=TEMPLATE, description=first
    )
    actions.save_version(
        actor=clara,
        venture=made.uid,
        description=_described(place, share=0.5),
        seen=1,
        note="50 : 50",
    )
    for mail, figures in FIGURES.items():
        actions.keep_figures(actor=actor_of(users[mail]), venture=made.uid, figures=figures)


def _place(anna: Actor) -> OpenedPlace | None:
    card = next((c for c in rooms_of(anna) if c.name == NAME and c.kind is not None), None)
    return opened_place(anna, card.uid) if card else None


def _described(place: OpenedPlace, *, share: float) -> dict[str, Any]:
    """Return the template with the firms of the room, and Nordwerk's way to build the software itself."""
    begun = templates()[TEMPLATE].begun(
        name=NAME, currency=place.currency, parties=dict(place.parties)
    )
    found = deepcopy(begun)
    found["terms"]["half"]["share"] = share
    found["lines"]["own_platform"] = {
        "party": "A",
        "kind": "cost",
        "amount": "plants * platform_cost",
    }
    found["options"] = {
        "own_build": {
            "type": "stop",
            "party": "A",
            "from": 8,
            "notice": 2,
            "cost": 1_500_000,
            "ends": ["half"],
            "starts": ["own_platform"],
        }
    }
    return found
