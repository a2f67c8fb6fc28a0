"""Who was first: the conflict search, and the claim of one registration on its customer.

Two registrations that could be of one customer share a key. On PostgreSQL a lock is taken for every key of a customer
until the end of the transaction, so of two at the same instant the second sees the first; on SQLite writes run one
after the other anyway. Behind that stands a unique column: of equal claims in a programme there is one.

Whether something was met changes no statement that runs, no length and no word of what the partner gets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from mutualist.apps.projects.models import BLOCKS, Registration
from mutualist.apps.projects.queries import Known, candidates
from mutualist.domain.programme.registration import Customer, Hit, Keys, conflicts, keys_of

#: So many met registrations are kept for the vendor.
MOST_HITS = 20


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a search found.

    Attributes
    ----------
    own
        A registration of the same partner for the same customer.
    ahead
        The registration of another partner for the same customer.
    claim
        What the registration may hold; none if somebody is ahead.
    """

    keys: Keys
    hits: tuple[tuple[Hit, Known], ...]
    own: Known | None
    ahead: Known | None

    @property
    def claim(self) -> str | None:
        """What a registration holds if nobody is ahead."""
        taken = any(row.claim == self.keys.claim for _hit, row in self.hits)
        return None if self.ahead is not None or taken else self.keys.claim

    @property
    def points_version(self) -> str:
        """The version of the points; empty where nothing was met."""
        return self.hits[0][0].comparison.version if self.hits else ""

    def noted(self) -> list[dict[str, Any]]:
        """Return what was met, as it is kept for the vendor."""
        return [
            {
                "uid": str(row.uid),
                "decision": hit.comparison.decision,
                "points": hit.comparison.points,
                "likeness": hit.comparison.likeness,
                "reasons": [
                    {"code": one.code, "points": one.points, "mine": one.mine, "theirs": one.theirs}
                    for one in hit.comparison.reasons
                ],
            }
            for hit, row in self.hits[:MOST_HITS]
        ]


def clear(programme: int, relation: int, customer: Customer, *, but: int | None = None) -> Cleared:
    """Look for registrations of the same customer; call it inside of a clearing scope and a transaction."""
    keys = keys_of(customer)
    blocks = keys.blocks()
    _lock(programme, blocks)
    known = {row.pk: row for row in candidates(programme, customer, blocks, but=but)}
    found = conflicts(customer, ((pk, row.who) for pk, row in known.items()))
    hits = tuple((hit, known[hit.key]) for hit in found)
    same = [row for hit, row in hits if hit.comparison.decision == "same"]
    own = next((row for row in same if row.relation_id == relation), None)
    ahead = next((row for row in same if row.relation_id != relation), None)
    return Cleared(keys, hits, own, ahead)


def _lock(programme: int, blocks: Mapping[str, str]) -> None:
    if connection.vendor != "postgresql":
        return
    wanted = sorted(_number(programme, key, value) for key, value in blocks.items())
    with connection.cursor() as cursor:
        # In one order for all: nobody waits in a ring.
        cursor.execute("SELECT pg_advisory_xact_lock(k) FROM unnest(%s::bigint[]) AS k", [wanted])


def _number(programme: int, key: str, value: str) -> int:
    digest = hashlib.blake2b(f"{programme}\0{key}\0{value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def keep_keys(row: Registration, keys: Keys) -> None:
    """Put the keys of a customer into the columns of its registration."""
    for key in BLOCKS:
        setattr(row, f"key_{key}", getattr(keys, key))
