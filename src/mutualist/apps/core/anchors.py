"""Heads of audit chains that leave this server: signed, and kept as anchors in the transaction that sends them."""

from __future__ import annotations

from datetime import datetime

from mutualist.apps.core.clock import now
from mutualist.apps.core.models import AuditAnchor, AuditHead
from mutualist.apps.core.signing import public_key, signed_head
from mutualist.apps.core.signing_keys import ours, signer_of
from mutualist.domain.shared import Head


def anchored_head(chain: str, moment: datetime | None = None) -> Head:
    """Return the present head of a chain, signed, and remember that it left the server.

    A head that left before is returned as it was then: one place of a chain has one text.

    Raises
    ------
    LookupError
        If the chain has no entry.
    """
    head = AuditHead.objects.filter(chain=chain).first()
    if head is None or not head.seq:
        raise LookupError(chain)
    known = AuditAnchor.objects.filter(chain=chain, seq=head.seq, hash=head.hash).first()
    if known is not None:
        return known.head(signer_of(known, ours()) or public_key())
    # Whole seconds, because the moment is part of what is signed and is read back from the row.
    created = (moment or now()).replace(microsecond=0)
    row = AuditAnchor(chain=chain, seq=head.seq, hash=head.hash, created=created)
    signed = signed_head(row.head(public_key()))
    row.signature = signed.signature
    row.save(force_insert=True)
    return signed


def present_head(chain: str) -> Head:
    """Return the present head of a chain, signed, without an anchor: for whoever asks for it.

    Raises
    ------
    LookupError
        If the chain has no entry.
    """
    head = AuditHead.objects.filter(chain=chain).first()
    if head is None or not head.seq:
        raise LookupError(chain)
    row = AuditAnchor(chain=chain, seq=head.seq, hash=head.hash, created=now())
    return signed_head(row.head(public_key()))


def last_anchor(chain: str) -> AuditAnchor | None:
    """Return the newest anchor of a chain."""
    return AuditAnchor.objects.filter(chain=chain).order_by("-seq").first()
