"""Write what everybody gets of every room into a file, as programs and browsers get it.

Arguments: the file of build_world, the file to write, and the moment at which it happens, so that
links and sessions of an old installation are as fresh as they were. Nothing is logged in anew:
tokens, sessions and links have to work here as they did in the first place.
"""

from __future__ import annotations

import base64
import json
import sys
from datetime import datetime
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

settings.ALLOWED_HOSTS.append("testserver")
WITH_FILES = {("anna", "opened"), ("clara", "second"), ("ida", "convened")}
#: What tells a room from outside; the rest is asked by those who sit in it.
OUTSIDE = ("", "/result", "/file")
INSIDE = (*OUTSIDE, "/timeline", "/people", "/sheet", "/answers", "/changes")
SEATED = {"anna", "clara"}


def everything(known):
    """Yield a name and the answer of everything everybody asks for."""
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
            asked = INSIDE if person in SEATED else OUTSIDE
            for end in asked if way["token"] else ():
                path = f"/api/v1/rooms/{uid}{end}"
                yield f"{person} {state} api{end}", client.get(path, headers=headers)
            for name, path in files_of(uid) if (person, state) in WITH_FILES else ():
                yield f"{person} {state} {name}", client.get(path)


def files_of(uid):
    from django.urls import reverse

    for name in ("json", "room_file", "calendar", "board_pdf"):
        yield name, reverse(f"rooms:{name}", args=[uid])


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


if len(sys.argv) > 3:
    moment = datetime.fromisoformat(sys.argv[3])
    timezone.now = lambda: moment
known = json.loads(Path(sys.argv[1]).read_text())
found = {name: content(answer) for name, answer in everything(known)}
Path(sys.argv[2]).write_text(json.dumps(found, sort_keys=True))
