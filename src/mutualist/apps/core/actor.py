"""Who acts: a person with an account, a person with a seat link, or the system itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Kind = Literal["user", "link", "anonymous", "system"]
Role = Literal["owner", "member", "reader"]
NO_ROLES: Mapping[int, Role] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who asks for a read or a write.

    Attributes
    ----------
    kind
        ``user`` has an account, ``link`` came by a seat link only, ``system`` is a scheduled job.
    roles
        Role by organisation id.
    link_ids
        Seat links accepted in this browser session; whether one is still valid is
        checked against the database on each use.
    held_back
        Has further rights, which wait until a second factor is set up.
    read_only
        Came with a token that may look and change nothing.
    """

    kind: Kind
    user_id: int | None = None
    roles: Mapping[int, Role] = field(default_factory=lambda: NO_ROLES, hash=False)
    link_ids: frozenset[int] = frozenset()
    name: str = ""
    language: str = "en"
    can_operate: bool = False
    held_back: bool = False
    read_only: bool = False

    @property
    def is_anonymous(self) -> bool:
        """Neither an account nor a seat link."""
        return self.kind == "anonymous"

    @classmethod
    def system(cls, language: str = "en") -> Actor:
        """Return the actor of scheduled jobs."""
        return cls("system", name="Mutualist", language=language)

    def organisations(self, *allowed: Role) -> frozenset[int]:
        """Ids of the organisations in which one of these roles is held (none named: any)."""
        return frozenset(pk for pk, role in self.roles.items() if not allowed or role in allowed)
