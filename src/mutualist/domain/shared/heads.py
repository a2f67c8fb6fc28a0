"""Heads of audit chains: the short text that leaves the server, so that nobody rewrites history alone.

A head names a chain, the number and the hash of its last entry, and a time, signed by the installation. Whoever keeps
it can show later that the log up to there was another one. It travels in mails, so it is written in short lines, and
is found again in text that was quoted, wrapped or forwarded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mutualist.domain.shared.signing import signed_message

HEAD_SCHEMA: Final = "mutualist-head/1"
HEAD_DOMAIN: Final = "mutualist/head/v1"
# What mail programs put between the words of a line they break or quote.
_GAP: Final = r"[\s>|]+"


def _hex(digits: int) -> str:
    return rf"((?:[0-9a-fA-F][\s>|]*){{{digits}}})"


_HEAD: Final = re.compile(
    rf"mutualist-head/1{_GAP}chain{_GAP}([!-~]{{1,80}}){_GAP}seq{_GAP}([0-9]{{1,16}}){_GAP}"
    rf"hash{_GAP}{_hex(64)}time{_GAP}([0-9TZ:+.-]{{20,40}}){_GAP}key{_GAP}{_hex(64)}"
    rf"signature{_GAP}{_hex(128)}"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of an audit chain at one moment, as an installation signed it.

    Attributes
    ----------
    chain
        Name of the chain.
    seq, hash
        Number and hash of its last entry.
    time
        When it was signed, ISO 8601 in UTC.
    key, signature
        Public key and Ed25519 signature in hexadecimal digits.
    """

    chain: str
    seq: int
    hash: str
    time: str
    key: str
    signature: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the head as a JSON document."""
        return {
            "schema": HEAD_SCHEMA,
            "chain": self.chain,
            "seq": self.seq,
            "hash": self.hash,
            "time": self.time,
            "key": self.key,
            "signature": self.signature,
        }

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        return signed_message(HEAD_DOMAIN, self.to_dict())

    @property
    def text(self) -> str:
        """The head in lines short enough for any mail."""
        return "\n".join(
            (
                HEAD_SCHEMA,
                f"chain {self.chain}",
                f"seq {self.seq}",
                f"hash {self.hash}",
                f"time {self.time}",
                f"key {self.key}",
                "signature",
                self.signature[:64],
                self.signature[64:],
            )
        )


def find_heads(text: str) -> tuple[Head, ...]:
    r"""Return every head that stands in a text, in its order, each once.

    Examples
    --------
    >>> head = Head("room:1", 2, "ab" * 32, "2026-11-22T15:00:00+00:00", "cd" * 32, "ef" * 64)
    >>> find_heads("> " + head.text.replace("\n", "\r\n> ")) == (head,)
    True
    """
    found = []
    for chain, seq, hash_, time, key, signature in _HEAD.findall(text):
        clean = (_digits(hash_), time, _digits(key), _digits(signature))
        found.append(Head(chain, int(seq), *clean))
    return tuple(dict.fromkeys(found))


def _digits(text: str) -> str:
    return re.sub(r"[\s>|]+", "", text).lower()


def head_of(document: Any) -> Head | None:
    """Return the head a JSON document is, or nothing."""
    if not isinstance(document, Mapping) or document.get("schema") != HEAD_SCHEMA:
        return None
    names = ("chain", "hash", "time", "key", "signature")
    texts = [document.get(name) for name in names]
    seq = document.get("seq")
    if not all(isinstance(text, str) for text in texts) or not isinstance(seq, int):
        return None
    chain, hash_, time, key, signature = map(str, texts)
    found = find_heads(Head(chain, seq, hash_, time, key, signature).text)
    return found[0] if found else None


def contradictions(heads: Iterable[Head]) -> tuple[tuple[Head, Head], ...]:
    """Return pairs of heads that cannot both be true: one place of one chain, two hashes."""
    seen: dict[tuple[str, int], Head] = {}
    found = []
    for head in heads:
        first = seen.setdefault((head.chain, head.seq), head)
        if first.hash != head.hash:
            found.append((first, head))
    return tuple(found)
