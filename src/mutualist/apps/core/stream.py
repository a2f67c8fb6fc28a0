"""One stream of what was done, with three uses: the timeline, notices, and events for programs.

Every entry of the audit log is handed to its followers inside the transaction that wrote it, so
what a follower stores stands or falls with the action. Apps above this one register here; nothing
here knows them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutualist.apps.core.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Source:
    """The thing a chain belongs to, and who may hear of what happens to it.

    Attributes
    ----------
    name
        How programs know it: ``room:<uid>``; never the number of a row.
    organisations
        Ids of the organisations that see the entry in their own timeline.
    """

    name: str
    organisations: frozenset[int]


Follower = Callable[["AuditEntry"], None]
Resolver = Callable[[str, str], "Source | None"]
_FOLLOWERS: list[Follower] = []
_RESOLVERS: dict[str, Resolver] = {}


def follow(follower: Follower) -> None:
    """Hand every entry to this function from now on."""
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def publish(entry: AuditEntry) -> None:
    """Hand one entry to all followers; called by the audit log only."""
    for follower in _FOLLOWERS:
        follower(entry)


def register_source(kind: str, resolver: Resolver) -> None:
    """Say who works out the source of chains that begin with ``<kind>:``."""
    if _RESOLVERS.setdefault(kind, resolver) is not resolver:
        raise ValueError(f"chains of {kind!r} are registered twice")


def source_of(chain: str, audience: str) -> Source | None:
    """Return what a chain belongs to and who may hear of it, or None when nobody may."""
    resolver = _RESOLVERS.get(chain.partition(":")[0])
    return resolver(chain, audience) if resolver else None
