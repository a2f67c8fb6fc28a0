"""Make everybody and a room in every state; print how each person comes in again."""

from __future__ import annotations

import json
import os

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

settings.ALLOWED_HOSTS.append("testserver")
# Where another role owns the tables, only the command may make them.
if "MUTUALIST_DATABASE_OWNER_URL" not in os.environ:
    call_command("migrate", verbosity=0)

from guards import world  # noqa: E402

made = world.build()
print(
    json.dumps(
        {
            "visitors": {
                name: {
                    "token": visitor.token,
                    "cookies": {key: c.value for key, c in visitor.client.cookies.items()},
                }
                for name, visitor in made.visitors.items()
            },
            "rooms": {state: str(room.uid) for state, room in made.rooms.items()},
        }
    )
)
