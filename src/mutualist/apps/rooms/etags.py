"""Entity tags of the JSON API: which state of a room, a sheet or an answer a program has read.

A tag is made of versions, never of answers: it may end up in the log of a server in between.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from mutualist.apps.rooms.values import DraftSheet
from mutualist.domain.shared import canonical_json

ROOM = re.compile(r'"room-(\d{1,18})-[0-9a-f]{16}"')
ITEM = re.compile(r'"item-(\d{1,4})-(\d{1,9})"')
TAG = re.compile(r'(?:W/)?"[^"]*"')


def tags_in(header: str | None) -> list[str] | None:
    """Return the tags of ``If-Match``; none when the header is absent or any state will do.

    Weak tags are left out, since writes compare strongly.
    """
    if header is None or header.strip() == "*":
        return None
    return [tag for tag in TAG.findall(header) if not tag.startswith("W/")]


def room_tag(version: int, shown: Any) -> str:
    """Return the tag of a room: the number of what has been done in it, and a digest of what is shown."""
    digest = hashlib.sha256(shown.model_dump_json().encode()).hexdigest()
    return f'"room-{version}-{digest[:16]}"'


def room_versions(tags: list[str]) -> set[int]:
    """Return the versions of a room that these tags name."""
    return {int(found[1]) for tag in tags if (found := ROOM.fullmatch(tag))}


def sheet_tag(sheet: DraftSheet) -> str:
    """Return the tag of a party's own sheet: it changes with each answer saved and with the seal."""
    parts = [sheet.seat, sheet.round, sheet.is_sealed, dict(sheet.versions), list(sheet.parties)]
    return f'"sheet-{hashlib.sha256(canonical_json(parts)).hexdigest()[:16]}"'


def item_tag(round_: int, version: int) -> str:
    """Return the tag of one answer."""
    return f'"item-{round_}-{version}"'


def item_version(tags: list[str], round_: int) -> int | None:
    """Return the version of an answer of this round that these tags name; none if they name none."""
    found = (ITEM.fullmatch(tag) for tag in tags)
    return next((int(one[2]) for one in found if one and int(one[1]) == round_), None)
