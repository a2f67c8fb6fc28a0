"""Write what everybody gets of every room into a file, as programs and browsers get it.

Arguments: the file of build_world, the file to write. Nothing is logged in anew: tokens, sessions
and links have to work in this installation as they did in the first.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from guards.routes import ROOM_API, api_operations, room_address  # noqa: E402

settings.ALLOWED_HOSTS.append("testserver")
FILES = ("rooms:json", "rooms:room_file", "rooms:calendar", "rooms:board_pdf")
WITH_FILES = {("anna", "opened"), ("clara", "second"), ("ida", "convened")}
#: What tells a room from outside; the rest is asked by those who sit in it.
OUTSIDE = ("api:get_room", "api:get_result", "api:get_file")
INSIDE = {"anna", "clara"}


def everything(known):
    """Yield a name and the answer of everything everybody asks for."""
    reads = [name for name, methods in api_operations().items() if "GET" in methods]
    for person, way in sorted(known["visitors"].items()):
        client = Client()
        for key, value in way["cookies"].items():
            client.cookies[key] = value
        headers = {"Authorization": f"Bearer {way['token']}"}
        yield f"{person} page of rooms", client.get("/rooms/")
        if way["token"]:
            yield f"{person} rooms", client.get("/api/v1/rooms", headers=headers)
        for state, uid in sorted(known["rooms"].items()):
            yield f"{person} {state} page", client.get(f"/rooms/{uid}/")
            asked = sorted(ROOM_API & set(reads if person in INSIDE else OUTSIDE))
            for name in asked if way["token"] else ():
                yield (
                    f"{person} {state} {name}",
                    client.get(room_address(name, uid, 1), headers=headers),
                )
            for name in FILES if (person, state) in WITH_FILES else ():
                yield f"{person} {state} {name}", client.get(room_address(name, uid, 1))


def content(answer):
    """Return status and body; JSON as its value, so that both databases can be compared."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    if "html" in kind:
        # A page differs in its token each time; that it is shown, and to whom, does not.
        return [answer.status_code, kind]
    if "json" in kind:
        return [answer.status_code, body.decode(), json.loads(body)]
    return [answer.status_code, base64.b64encode(body).decode()]


known = json.loads(Path(sys.argv[1]).read_text())
found = {name: content(answer) for name, answer in everything(known)}
Path(sys.argv[2]).write_text(json.dumps(found, sort_keys=True))
