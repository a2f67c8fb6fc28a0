"""Every read of rooms. Pages, API and exports start here; each function asks who is reading."""

from __future__ import annotations

from mutualist.apps.rooms.queries.access import (
    get_room,
    my_answerer,
    parties_of,
    standing,
)
from mutualist.apps.rooms.queries.evidence import proofs, receipt, room_head
from mutualist.apps.rooms.queries.exports import export_room
from mutualist.apps.rooms.queries.links import link_language, live_link
from mutualist.apps.rooms.queries.lists import (
    convened_page,
    convened_rooms,
    host_statistics,
    room_cards,
    room_page,
)
from mutualist.apps.rooms.queries.news import recent
from mutualist.apps.rooms.queries.operating import newest_key_opens
from mutualist.apps.rooms.queries.people import people, room_timeline
from mutualist.apps.rooms.queries.results import opened
from mutualist.apps.rooms.queries.sheets import draft_sheet, house_spread
from mutualist.apps.rooms.queries.status import binding_status, room_status, room_version

__all__ = [
    "binding_status",
    "convened_page",
    "convened_rooms",
    "draft_sheet",
    "export_room",
    "get_room",
    "host_statistics",
    "house_spread",
    "link_language",
    "live_link",
    "my_answerer",
    "newest_key_opens",
    "opened",
    "parties_of",
    "people",
    "proofs",
    "receipt",
    "recent",
    "room_cards",
    "room_head",
    "room_page",
    "room_status",
    "room_timeline",
    "room_version",
    "standing",
]
