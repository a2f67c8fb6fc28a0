"""Pairs of firms with tokens and rooms in which both sides have taken their seats.

Arguments: how many pairs, how many rooms each.
"""

from __future__ import annotations

import json
import os
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

# Where another role owns the tables, only the command may make them.
if "MUTUALIST_DATABASE_OWNER_URL" not in os.environ:
    call_command("migrate", verbosity=0)

from mutualist.apps.core.actor import Actor  # noqa: E402
from mutualist.apps.identity import actions as identity  # noqa: E402
from mutualist.apps.identity.queries import actor_of  # noqa: E402
from mutualist.apps.rooms import actions  # noqa: E402
from mutualist.apps.rooms.values import PartySpec  # noqa: E402


def firm(name: str) -> tuple[Actor, object, str]:
    user = identity.create_user(email=f"{name}@example.org", name=name, language="en")
    organisation = identity.create_organisation(f"Firm of {name}", actor=actor_of(user))
    # The roles as they are now: the person has founded the firm since.
    return actor_of(user), organisation, identity.create_api_token("crash", actor=actor_of(user))


def room(anna: Actor, host: object, clara: Actor, other: object, number: int) -> str:
    made = actions.create_room(
        actor=anna,
        mode="two_sided",
        host=host,
        frame={"name": f"Crash {number}"},
        parties=[PartySpec("Here"), PartySpec("There")],
    )
    invited = actions.invite_answerer(
        actor=anna,
        room=made,
        seat="B",
        name=clara.name,
        email=f"{clara.name}@example.org",
        language="en",
    )
    actions.accept_link(actor=clara, token=invited.url.rstrip("/").rsplit("/", 1)[-1])
    actions.claim_seat(actor=clara, room=made, organisation=other)
    return str(made.uid)


pairs = []
for number in range(int(sys.argv[1])):
    anna, host, token = firm(f"anna{number}")
    clara, other, second = firm(f"clara{number}")
    many = range(number * 1000, number * 1000 + int(sys.argv[2]))
    rooms = [room(anna, host, clara, other, one) for one in many]
    pairs.append({"A": token, "B": second, "rooms": rooms})
print(json.dumps(pairs))
