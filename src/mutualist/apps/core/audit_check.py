"""Checking the audit log: all chains at once on all cores, and against heads that left the server.

A chain by itself shows edits, deletions in the middle and changes of order. Somebody who can write to the database may
also cut its end or write all of it anew with correct hashes; only a head kept elsewhere shows that. Such heads are the
anchors in the database, which an operator could change too, and above all the mails in other people's hands.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from django.db import connection, connections

from mutualist.apps.core.audit_reading import END, ChainFault, Segment, faults_of
from mutualist.apps.core.models import AuditAnchor, AuditEntry, AuditHead
from mutualist.apps.core.signing import head_holds
from mutualist.apps.core.signing_keys import ours, signer_of
from mutualist.domain.shared import Head

# Enough to see what happened; a log broken throughout must not fill the memory.
MOST_FAULTS = 10_000
# Below this a second process costs more than it saves.
WORTH_SPLITTING = 20_000


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What a check of the audit log found.

    Attributes
    ----------
    chains, entries, anchors, heads
        How much was checked; `heads` are those given from outside.
    faults
        In the order of chain and number, at most 10,000 from each process.
    """

    chains: int
    entries: int
    anchors: int
    heads: int
    faults: tuple[ChainFault, ...]


def verify(chain: str) -> Iterator[ChainFault]:
    """Walk a chain and report each entry, head and anchor that does not hold."""
    yield from faults_of(_whole(chain))
    yield from _anchor_faults((chain,))


def verify_all(
    chains: Sequence[str] = (), *, heads: Iterable[Head] = (), processes: int | None = None
) -> AuditCheck:
    """Check all chains, or those named.

    Parameters
    ----------
    heads
        Heads from mails: each has to stand in its chain as it was.
    processes
        How many work at once; by default one a core. Within a transaction it is one.

    Raises
    ------
    LookupError
        If there is no chain of a name.
    """
    given = tuple(dict.fromkeys(heads))
    known = _known(chains)
    if chains:
        faults = [fault for chain in chains for fault in faults_of(_whole(chain))]
        entries = AuditEntry.objects.filter(chain__in=chains).count()
    else:
        entries = AuditEntry.objects.count()
        faults = _everything(entries, processes)
    faults += _anchor_faults(chains or None)
    faults += _head_faults(given)
    anchors = AuditAnchor.objects.all()
    if chains:
        anchors = anchors.filter(chain__in=chains)
    order = sorted(dict.fromkeys(faults), key=lambda fault: (fault.chain, fault.seq, fault.reason))
    return AuditCheck(known, entries, anchors.count(), len(given), tuple(order))


def _whole(chain: str) -> Segment:
    return Segment((chain, -1), (chain, END))


def _known(chains: Sequence[str]) -> int:
    heads = set(AuditHead.objects.values_list("chain", flat=True)) if not chains else set()
    if not chains:
        return len(heads | set(AuditEntry.objects.values_list("chain", flat=True).distinct()))
    for chain in chains:
        tables = (AuditHead, AuditEntry, AuditAnchor)
        if not any(table.objects.filter(chain=chain).exists() for table in tables):
            raise LookupError(chain)
    return len(set(chains))


def _everything(entries: int, processes: int | None) -> list[ChainFault]:
    wanted = processes or min(os.cpu_count() or 1, 8)
    if connection.in_atomic_block or entries < WORTH_SPLITTING or wanted == 1:
        return _faults(Segment())
    segments = _segments(entries, wanted * 4)
    # A connection must not be shared with the processes made from this one.
    connections.close_all()
    context = multiprocessing.get_context("fork")
    # Rows make no cycles; looking for them would cost a quarter of the time.
    with ProcessPoolExecutor(wanted, mp_context=context, initializer=gc.disable) as pool:
        return [fault for found in pool.map(_faults, segments) for fault in found]


def _faults(segment: Segment) -> list[ChainFault]:
    return list(islice(faults_of(segment), MOST_FAULTS))


def _segments(entries: int, parts: int) -> list[Segment]:
    """Cut the log into stretches of equal length; one may begin and end within a chain."""
    ordered = AuditEntry.objects.order_by("chain", "seq").values_list("chain", "seq")
    cuts = [ordered[entries * part // parts] for part in range(1, parts)]
    bounds = [None, *dict.fromkeys(cuts), None]
    return [Segment(after, upto) for after, upto in pairwise(bounds)]


def _anchor_faults(chains: Sequence[str] | None) -> list[ChainFault]:
    rows = AuditAnchor.objects.order_by("chain", "seq")
    if chains is not None:
        rows = rows.filter(chain__in=chains)
    # Looking makes no key: without the private one nothing counts as signed by us.
    keys, faults = ours(), []
    entries = AuditEntry.objects
    for row in rows.iterator():
        found = entries.filter(chain=row.chain, seq=row.seq).values_list("hash", flat=True).first()
        if found != row.hash:
            faults.append(ChainFault(row.chain, row.seq, "anchor"))
        if signer_of(row, keys) is None:
            faults.append(ChainFault(row.chain, row.seq, "signature"))
    return faults


def _head_faults(heads: Iterable[Head]) -> list[ChainFault]:
    keys, faults = ours(), []
    for head in heads:
        found = AuditEntry.objects.filter(chain=head.chain, seq=head.seq)
        if found.values_list("hash", flat=True).first() != head.hash:
            faults.append(ChainFault(head.chain, head.seq, "anchor"))
        if head.signature and not any(head_holds(head, key) for key in keys):
            faults.append(ChainFault(head.chain, head.seq, "signature"))
    return faults


def bare_head(chain: str, seq: int, hash_: str) -> Head:
    """Return a head somebody read out: place and hash, without a signature."""
    return replace(Head(chain, seq, hash_, "", "", ""), hash=hash_.lower())
