"""Write rooms and answers one after the other until told to stop; print each as it is saved."""

from __future__ import annotations

import select
import sys

import django

django.setup()

from mutualist.apps.identity.models import Organisation, User  # noqa: E402
from mutualist.apps.identity.queries import actor_of  # noqa: E402
from mutualist.apps.rooms import actions  # noqa: E402
from mutualist.apps.rooms.values import PartySpec  # noqa: E402

anna = actor_of(User.objects.get(email="anna@example.org"))
host = Organisation.objects.get(name="Nordwerk Pumpen AG")
#: Fewer than one answer lists: all that was there before still stands in it.
MOST = 100
number = 0
while True:
    number += 1
    room = actions.create_room(
        actor=anna,
        mode="two_sided",
        host=host,
        frame={"name": f"Meanwhile {number}"},
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec(f"Other {number}")],
    )
    print(f"{number} {room.uid}", flush=True)
    if sys.stdin in select.select([sys.stdin], [], [], None if number == MOST else 0)[0]:
        break
