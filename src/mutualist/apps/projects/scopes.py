"""In whose name registered projects are read and written: every scope of them is made here, from a standing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager

from mutualist.apps.core.isolation import Scope, private_scope, private_transaction
from mutualist.apps.programme.public import Standing, programmes_with

Scoped = AbstractContextManager[Scope]


def scope_of(here: Standing) -> Scope:
    """Return the rows of somebody's side."""
    if here.side == "vendor":
        return Scope(programmes=frozenset({here.programme}))
    return Scope(relations=frozenset({here.relation} - {None}))  # type: ignore[arg-type]


def own(here: Standing) -> Scoped:
    """Give the rows of the side somebody stands on."""
    return private_scope(scope_of(here))


def scope_of_clearing(programme: int, relation: int) -> Scope:
    """Return a partner's rows and all of the programme, for the server: to look for conflicts, and for the clock.

    Nothing of what is found leaves the action to the partner's side.
    """
    return Scope(programmes=frozenset({programme}), relations=frozenset({relation}))


def clearing(programme: int, relation: int) -> Scoped:
    """Give what a search for conflicts needs."""
    return private_scope(scope_of_clearing(programme, relation))


def writing(scope: Scope) -> Scoped:
    """Give the rows of a scope, and write all or nothing."""
    return private_transaction(scope)


def of_clock(programme: int) -> Scoped:
    """Give the submitted projects of a programme to what is done by the clock."""
    return private_scope(Scope(programmes=frozenset({programme})))


def of_partners(relations: Iterable[int]) -> Scoped:
    """Give what partners submitted to what is computed of each for itself: how promises were kept.

    Of one, its own rows. Of many, what their programmes were given: the database reads the list of a scope again for
    every row, which took seconds with ten thousand partners.
    """
    if isinstance(relations, list) and len(relations) == 1:
        return private_scope(Scope(relations=frozenset(relations)))
    return private_scope(Scope(programmes=programmes_with(relations)))


def ending(programmes: Iterable[int]) -> Scoped:
    """Give everything of programmes that are deleted for good."""
    return private_scope(Scope(ending=frozenset(programmes)))
