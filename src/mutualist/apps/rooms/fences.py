"""Which private rows of a room a scope reaches: the rule in Django's words.

The same rule stands as policies in migration 0004, for PostgreSQL, and in plain Python in the parity
test. In words: drafts, sealed answers and key of a seat are its own. Sealed answers of an opened
round are for whoever sees the result. At the opening the server reads the sheets of that room and
round, once every seat has sealed. What is to be deleted is reached only where nobody needs it any more.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from mutualist.apps.core.fences import NONE, Command
from mutualist.apps.core.isolation import Scope


def of_draft(scope: Scope, command: Command) -> Q:
    """Return the drafts a scope reaches."""
    if scope.maintenance:
        return Q()
    own = _own(scope)
    if command == "update":
        return own
    return own | (_discarded(scope) & (_closed() | _opened() | _unsealed()))


def of_answers(scope: Scope, command: Command) -> Q:
    """Return the sealed answers a scope reaches; they never change, and opened ones stay."""
    if scope.maintenance:
        return Q()
    if command == "update":
        return NONE
    gone = _discarded(scope) & _closed()
    if command == "delete":
        return (_own(scope) & ~_opened()) | gone
    shown = Q(room__in=scope.rooms) & _opened()
    return _own(scope) | shown | _opening(scope, round_too=True) | gone


def of_key(scope: Scope, command: Command) -> Q:
    """Return the keys a scope reaches: to read what a room has opened, those of all its seats."""
    if scope.maintenance:
        return Q()
    if command == "update":
        return NONE
    gone = _discarded(scope) & (_closed() | _unsealed())
    if command == "delete":
        return gone
    shown = Q(room__in=scope.rooms) & _opened_ever()
    return _own(scope) | shown | _opening(scope, round_too=False) | gone


def of_beside(scope: Scope, command: Command) -> Q:
    """Return what parties lay down privately beside an opened room: the own, and all of it to compute from."""
    if scope.maintenance:
        return Q()
    own = _own(scope)
    if command == "update":
        return own
    reached = own | (_discarded(scope) & _closed())
    if command == "delete":
        return reached
    return reached | (Q(room__in=scope.rooms) & _opened_ever())


def admitted(scope: Scope, seat: int) -> bool:
    """Whether a scope may store a row of this seat."""
    return scope.maintenance or seat in scope.seats


def _own(scope: Scope) -> Q:
    return Q(seat__in=scope.seats)


def _discarded(scope: Scope) -> Q:
    return Q(seat__in=scope.discard)


def _opened() -> Q:
    """Tell rows whose round has been opened."""
    from mutualist.apps.rooms.models import Opening

    return Q(Exists(Opening.objects.filter(room=OuterRef("room"), round=OuterRef("round"))))


def _opened_ever() -> Q:
    from mutualist.apps.rooms.models import Opening

    return Q(Exists(Opening.objects.filter(room=OuterRef("room"))))


def _closed() -> Q:
    from mutualist.apps.rooms.models import Room

    return Q(Exists(Room.objects.filter(pk=OuterRef("room"), state=Room.State.CLOSED)))


def _unsealed() -> Q:
    """Tell rows of rooms in which nobody has ever sealed."""
    from mutualist.apps.rooms.models import SealedSheet

    return ~Q(Exists(SealedSheet.objects.filter(room=OuterRef("room"))))


def _opening(scope: Scope, *, round_too: bool) -> Q:
    """Tell rows of the round that is being opened, if every seat of the room has sealed it."""
    from mutualist.apps.rooms.models import SealedSheet, Seat

    if scope.opening is None:
        return NONE
    room, number = scope.opening
    sealed = SealedSheet.objects.filter(room=room, seat=OuterRef("pk"), round=number)
    missing = Seat.objects.filter(~Exists(sealed), room=room)
    place = Q(room=room, round=number) if round_too else Q(room=room)
    return place & ~Q(Exists(missing))
