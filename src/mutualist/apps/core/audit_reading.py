"""Reading audit chains quickly: the same hashes as :mod:`mutualist.apps.core.audit`, straight from the rows.

An entry costs a few microseconds: canonical JSON is written by the interpreter's own encoder wherever that gives the
same bytes (sorted keys, no fractions, nothing beyond the basic plane), and by the exact one everywhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any, Literal, NoReturn

from django.db import connection

from mutualist.domain.shared import canonical_json

Reason = Literal["number", "link", "hash", "columns", "personal", "head", "anchor", "signature"]
# The place of a chain's head: behind all its entries.
END = 2**63 - 1
_EXACT_DIGITS = 15
_BEYOND = re.compile("[\ud800-\U0010ffff]").search
_CACHED = 50_000


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where a chain does not hold.

    Attributes
    ----------
    reason
        ``number``: entries are missing or doubled; ``link``: the entry before is another one; ``hash``: the entry was
        changed; ``columns``: action or time beside the hashed body were; ``personal``: the personal data were;
        ``head``: the end is not where it should be; ``anchor``: a head that was mailed says otherwise;
        ``signature``: such a head was not signed by this installation, or was changed.
    """

    chain: str
    seq: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of all entries in the order of chain and number: behind `after`, up to `upto` (None: to the end)."""

    after: tuple[str, int] | None = None
    upto: tuple[str, int] | None = None


class _NotPlain(Exception):
    """The quick way might write other bytes than the standard asks for."""


def _refuse(text: str) -> NoReturn:
    raise _NotPlain(text)


def _small(text: str) -> int:
    if len(text) > _EXACT_DIGITS:
        raise _NotPlain(text)
    return int(text)


def _whole(text: str) -> int | float:
    # Whole numbers beyond 2**53 are refused when an entry is written; what PostgreSQL's jsonb gives
    # back as one was a fraction's number such as 1e21.
    return int(text) if len(text) <= _EXACT_DIGITS or abs(int(text)) <= 2**53 else float(text)


_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(
    parse_float=_refuse, parse_int=_small, parse_constant=_refuse
).scan_once  # type: ignore[attr-defined]
_exact = json.JSONDecoder(parse_int=_whole).decode
_encode: Callable[[Any, int], tuple[str, ...]] = c_make_encoder(
    None, None, encode_basestring, None, ":", ",", True, False, False
)


def canonical_of(raw: str) -> tuple[Any, bytes]:
    """Return a stored JSON value and its canonical form (RFC 8785).

    Raises
    ------
    ValueError
        If the text is no JSON or has no canonical form.
    """
    try:
        value, end = _scan(raw, 0)
    except (_NotPlain, StopIteration):
        end = -1
    if end == len(raw):
        text = "".join(_encode(value, 0))
        # Keys beyond the basic plane are sorted otherwise by the standard.
        if text.isascii() or not _BEYOND(text):
            return value, text.encode()
    value = _exact(raw)
    return value, canonical_json(value)


def _field(part: bytes) -> bytes:
    return len(part).to_bytes(8, "big") + part


_ENTRY = _field(b"mutualist/audit/v1")
_PERSONAL = _field(b"mutualist/audit-personal/v1")


def _same_moment(stored: str, written: Any) -> bool:
    """Whether column and body name one moment; the column is in UTC."""
    if not isinstance(written, str):
        return False
    if written[-6:] == "+00:00" and written[:10] == stored[:10] and written[11:-6] == stored[11:]:
        return True
    try:
        found = datetime.fromisoformat(stored)
        return found.replace(tzinfo=datetime.fromisoformat(written).tzinfo).isoformat() == written
    except ValueError:
        return False


def _sql(segment: Segment) -> tuple[str, list[Any]]:
    """Return one statement for entries and heads: one statement sees one moment, also while others write."""
    # The cast keeps SQLite's driver from making a date of each of a million texts.
    text, moment = "", "CAST(e.created AS TEXT)"
    if connection.vendor == "postgresql":
        text, moment = "::text", "to_char(e.created AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    entries, heads = [], []
    values: list[Any] = []
    for bound, sign in ((segment.after, ">"), (segment.upto, "<=")):
        if bound is not None:
            entries.append(f"(e.chain, e.seq) {sign} (%s, %s)")
            heads.append(f"(h.chain, {END}) {sign} (%s, %s)")
            values += bound
    of_entries = "WHERE " + " AND ".join(entries) if entries else ""
    of_heads = "WHERE " + " AND ".join(heads) if heads else ""
    none = "NULL::text" if text else "NULL"
    sql = f"""
        SELECT e.chain AS chain, e.seq AS seq, e.action, e.body{text}, e.prev_hash, e.hash, {moment},
               p.salt, p.data{text}, 0
          FROM core_auditentry e LEFT JOIN core_auditpersonal p ON p.entry_id = e.id {of_entries}
        UNION ALL
        SELECT h.chain, {END}, {none}, {none}, {none}, h.hash, {none}, {none}, {none}, h.seq
          FROM core_audithead h {of_heads}
        ORDER BY chain, seq
    """  # noqa: S608 - nothing of it comes from outside
    return sql, [*values, *values]


def rows_of(segment: Segment) -> Iterator[tuple[Any, ...]]:
    """Stream the rows of a segment, each chain's head behind its entries."""
    sql, values = _sql(segment)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(5000):
            yield from rows


def faults_of(segment: Segment) -> Iterator[ChainFault]:
    """Walk over a segment and report whatever does not hold."""
    chain, seq, prev = _before(segment)
    # The chain of the entry before may end right here: its head is still to come.
    open_chain = seq > 0
    cache: dict[str, bytes] = {}
    for row in rows_of(segment):
        if row[0] != chain:
            if open_chain:
                yield ChainFault(chain, seq, "head")
            chain, seq, prev, open_chain = row[0], 0, "", False
        if row[1] == END:
            open_chain = False
            if (row[9], row[5]) != (seq, prev):
                yield ChainFault(chain, seq, "head")
            continue
        open_chain = True
        if row[1] != seq + 1:
            yield ChainFault(chain, row[1], "number")
        if row[4] != prev:
            yield ChainFault(chain, row[1], "link")
        seq, prev = row[1], row[5]
        for reason in _wrong(row, cache):
            yield ChainFault(chain, seq, reason)
    # A chain that goes on behind this segment has its head there.
    if open_chain and (segment.upto is None or segment.upto[1] == END):
        yield ChainFault(chain, seq, "head")


def _before(segment: Segment) -> tuple[str, int, str]:
    if segment.after is None:
        return "", 0, ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chain, seq, hash FROM core_auditentry WHERE chain = %s AND seq = %s",
            segment.after,
        )
        found: tuple[str, int, str] | None = cursor.fetchone()
    return found or (segment.after[0], 0, "")


def _wrong(row: tuple[Any, ...], cache: dict[str, bytes]) -> tuple[Reason, ...]:
    """Return what is wrong with one entry by itself."""
    _chain, seq, action, raw, prev, stored, moment, salt, private, _head = row
    try:
        body, canonical = canonical_of(raw)
    except (ValueError, TypeError, RecursionError):
        return ("hash",)
    content = _ENTRY + _field(prev.encode()) + _field(b"%d" % seq) + _field(canonical)
    if sha256(content).hexdigest() != stored or not isinstance(body, dict):
        return ("hash",)
    found: tuple[Reason, ...] = ()
    if body.get("action") != action or not _same_moment(moment, body.get("created")):
        found = ("columns",)
    if salt is None:
        return found
    known = cache.get(private)
    if known is None:
        if len(cache) >= _CACHED:
            cache.clear()
        known = cache[private] = _personal(private)
    content = _PERSONAL + _field(salt.encode()) + known
    if sha256(content).hexdigest() != body.get("personal"):
        return (*found, "personal")
    return found


def _personal(raw: str) -> bytes:
    try:
        return _field(canonical_of(raw)[1])
    except (ValueError, TypeError, RecursionError):
        return b"no personal data"
