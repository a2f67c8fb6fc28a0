"""What the app for people's rights may ask of rooms: find a person, hand out, take out, end."""

from __future__ import annotations

from mutualist.apps.rooms.actions.leaving import (
    Left,
    blank_links,
    end_rooms_of,
    leave_seats,
    tell_parties,
)
from mutualist.apps.rooms.actions.retained import close_idle, delete_for_good
from mutualist.apps.rooms.queries.rights import (
    HostedRoom,
    Place,
    Seated,
    closed_before,
    hosted_by,
    idle_since,
    own_answers,
    places_of,
    seated_as,
    seats_scope,
    still_seated,
)

__all__ = [
    "HostedRoom",
    "Left",
    "Place",
    "Seated",
    "blank_links",
    "close_idle",
    "closed_before",
    "delete_for_good",
    "end_rooms_of",
    "hosted_by",
    "idle_since",
    "leave_seats",
    "own_answers",
    "places_of",
    "seated_as",
    "seats_scope",
    "still_seated",
    "tell_parties",
]
