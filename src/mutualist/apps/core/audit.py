"""The audit log: one hash-chained entry for each write, in the same transaction.

A chain belongs to one room or organisation. An entry's hash covers the previous hash and the
body; personal data stand in a row of their own and enter the body only as a salted digest, so
they can be erased and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import models, transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit_check import verify
from mutualist.apps.core.audit_reading import ChainFault
from mutualist.apps.core.clock import now
from mutualist.apps.core.models import AuditEntry, AuditHead, AuditPersonal
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.core.storing import store
from mutualist.apps.core.stream import publish
from mutualist.domain.shared import canonical_json

__all__ = [
    "ActionKind",
    "Audience",
    "ChainFault",
    "TimelineEntry",
    "entry_hash",
    "kinds",
    "personal_digest",
    "record",
    "register",
    "timeline",
    "verify",
]

Audience = Literal["room", "seat", "host", "organisation", "operator"]


@dataclass(frozen=True, slots=True)
class ActionKind:
    """What may be recorded.

    Attributes
    ----------
    name
        Dotted and unique: ``rooms.answers.sealed``.
    sentence
        Lazy translated sentence with the fields ``{actor}`` and those of data and personal.
    audience
        Who sees the entry in a timeline.
    """

    name: str
    sentence: Any
    audience: Audience = "room"


_KINDS: dict[str, ActionKind] = {}


def register(*kinds: ActionKind) -> None:
    """Make kinds known; a name may be registered once."""
    for kind in kinds:
        if _KINDS.setdefault(kind.name, kind) != kind:
            raise ValueError(f"audit action {kind.name!r} is registered twice")


def kinds() -> Mapping[str, ActionKind]:
    """Return all registered kinds by name."""
    return dict(_KINDS)


def _digest(*parts: bytes) -> str:
    joined = hashlib.sha256()
    for part in parts:
        joined.update(len(part).to_bytes(8, "big") + part)
    return joined.hexdigest()


def entry_hash(prev: str, seq: int, body: Mapping[str, Any]) -> str:
    """Return the hash of an entry from its predecessor's hash, its number and its body."""
    return _digest(b"mutualist/audit/v1", prev.encode(), str(seq).encode(), canonical_json(body))


def personal_digest(salt: str, data: Mapping[str, Any]) -> str:
    """Return what the body holds in place of personal data."""
    return _digest(b"mutualist/audit-personal/v1", salt.encode(), canonical_json(data))


_head = Prepared(lambda chain: AuditHead.objects.select_for_update().filter(chain=chain))


def _locked_head(chain: str) -> AuditHead:
    """Return the end of a chain, locked until the end of the transaction; a new chain begins."""
    found: AuditHead | None = _head.first(chain=chain)
    if found is None:
        AuditHead.objects.get_or_create(chain=chain)
        found = AuditHead.objects.select_for_update().get(chain=chain)
    return found


def _move_head(chain: str, seq: int, last: str) -> None:
    # Every write of the application comes by here: the statement is written once.
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            "UPDATE core_audithead SET seq = %s, hash = %s WHERE chain = %s", [seq, last, chain]
        )


def record(
    action: str,
    *,
    actor: Actor,
    obj: models.Model,
    chain: str,
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry to a chain; must run inside the action's transaction.

    Parameters
    ----------
    data
        JSON without personal data; part of the hash.
    personal
        JSON with personal data such as names and mail addresses; erasable.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of its action")
    kind = _KINDS[action]
    head = _locked_head(chain)
    created, salt = now(), secrets.token_hex(32)
    private = {"actor": actor.name, **(personal or {})}
    body = {
        "action": action,
        "actor": actor.kind,
        "object": [obj._meta.label_lower, str(obj.pk)],  # noqa: SLF001
        "created": created.isoformat(),
        "data": dict(data or {}),
        "personal": personal_digest(salt, private),
    }
    seq = head.seq + 1
    entry = AuditEntry(
        chain=chain,
        seq=seq,
        action=action,
        body=body,
        prev_hash=head.hash,
        hash=entry_hash(head.hash, seq, body),
        created=created,
        audience=kind.audience,
        user_id=actor.user_id,
    )
    store(entry)
    store(AuditPersonal(entry=entry, salt=salt, data=private))
    _move_head(chain, seq, entry.hash)
    publish(entry)
    return entry


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An audit entry as a sentence."""

    action: str
    sentence: str
    created: datetime
    chain: str


class _Fields(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"  # erased personal data


def _sentence(entry: AuditEntry) -> str:
    try:
        private = entry.personal.data
    except AuditPersonal.DoesNotExist:
        private = {}
    kind = _KINDS.get(entry.action)
    if kind is None:
        return entry.action
    return str(kind.sentence).format_map(_Fields({**entry.body["data"], **private}))


def timeline(
    chains: str | Iterable[str],
    *,
    audiences: Iterable[Audience],
    limit: int = 50,
    but_by: int | None = None,
) -> list[TimelineEntry]:
    """Return the newest entries of these chains for these audiences, newest first.

    Parameters
    ----------
    but_by
        Leave out what the user with this number did.
    """
    wanted = [chains] if isinstance(chains, str) else list(chains)
    found = AuditEntry.objects.filter(chain__in=wanted, audience__in=list(audiences))
    if but_by is not None:
        found = found.exclude(user_id=but_by)
    entries = found.select_related("personal").order_by("-created", "-seq")[:limit]
    return [TimelineEntry(e.action, _sentence(e), e.created, e.chain) for e in entries]
