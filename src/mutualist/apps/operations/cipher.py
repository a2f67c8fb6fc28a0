"""A stream under a passphrase, in pieces of 1 MiB, each of which proves itself and its place.

The key comes from scrypt (RFC 7914); every piece is AES-256-GCM under a nonce of seven random
bytes, the piece's number and a byte that says whether it is the last: the STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár (2015). Pieces can be neither changed, swapped, left out nor
cut off at the end without it being noticed, and memory stays the same for any length.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import secrets
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext_lazy as _

from mutualist.apps.operations.errors import OperationError

MAGIC: Final = b"mutualist-sealed-backup/1\n"
PIECE: Final = 1024 * 1024
TAG: Final = 16
PREFIX: Final = 7
# 2^15 * 8 * 128 bytes = 32 MiB for one try: dear for whoever guesses, nothing for a server.
COST: Final = {"n": 2**15, "r": 8, "p": 1}
LONGEST_HEAD: Final = 1024
HIGHEST_COST: Final = 2**20


class DamagedError(OperationError):
    """The file is not what was written: changed, cut off, or no backup at all."""


class PassphraseError(OperationError):
    """The passphrase is missing or another one."""


def _keys(passphrase: str, salt: bytes, cost: dict[str, int]) -> tuple[bytes, bytes]:
    """Return the key of the content and the key that tells a wrong passphrase."""
    derived = Scrypt(salt=salt, length=64, **cost).derive(passphrase.encode())
    return derived[:32], derived[32:]


def _check(key: bytes, head: bytes) -> str:
    return hmac.new(key, b"mutualist/backup-passphrase/v1" + head, hashlib.sha256).hexdigest()


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


class Sealing(io.RawIOBase):
    """A stream to write to; what is written arrives encrypted in the stream behind it."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        self._target = target
        salt, self._prefix = secrets.token_bytes(16), secrets.token_bytes(PREFIX)
        key, check = _keys(passphrase, salt, COST)
        head = {"salt": salt.hex(), "nonce": self._prefix.hex(), **COST}
        plain = json.dumps(head, sort_keys=True).encode()
        line = json.dumps({**head, "check": _check(check, plain)}, sort_keys=True).encode() + b"\n"
        target.write(MAGIC + line)
        self._cipher, self._head = AESGCM(key), hashlib.sha256(line).digest()
        self._number, self._waiting = 0, bytearray()

    def writable(self) -> bool:
        """Say that this can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes; whole pieces go on at once."""
        self._waiting += data
        # The last piece is only known at the end, so one piece always waits.
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        """Write the last piece; without it the file counts as cut off."""
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
            self._waiting.clear()
        super().close()

    def _put(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, piece, self._head))
        self._number += 1


class Opening(io.RawIOBase):
    """A stream to read from; gives only what has proved itself."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source = source
        line = source.readline(LONGEST_HEAD)
        head = _read_head(line)
        key, check = _keys(passphrase, head["salt"], head["cost"])
        if not hmac.compare_digest(_check(check, head["plain"]), head["check"]):
            raise PassphraseError(_("The passphrase is not the one of this backup."))
        self._prefix: bytes = head["nonce"]
        self._cipher, self._head = AESGCM(key), hashlib.sha256(line).digest()
        self._number, self._ready, self._ended = 0, b"", False
        self._next = source.read(PIECE + TAG)

    def readable(self) -> bool:
        """Say that this can be read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Give bytes that have proved themselves."""
        if not self._ready and not self._ended:
            self._advance()
        given = self._ready[: len(buffer)]
        self._ready = self._ready[len(given) :]
        buffer[: len(given)] = given
        return len(given)

    def _advance(self) -> None:
        piece, self._next = self._next, self._source.read(PIECE + TAG)
        self._ended = not self._next
        nonce = _nonce(self._prefix, self._number, last=self._ended)
        try:
            self._ready = self._cipher.decrypt(nonce, piece, self._head)
        except (InvalidTag, ValueError) as error:
            raise DamagedError(
                _("The backup was changed or cut off at {position} MiB; nothing of it is used."),
                position=self._number,
            ) from error
        self._number += 1


def _read_head(line: bytes) -> dict[str, Any]:
    try:
        head = json.loads(line)
        check = str(head.pop("check"))
        cost = {name: int(head[name]) for name in COST}
        _require_bearable(cost)
        return {
            "check": check,
            "cost": cost,
            "plain": json.dumps(head, sort_keys=True).encode(),
            "salt": bytes.fromhex(head["salt"]),
            "nonce": bytes.fromhex(head["nonce"]),
        }
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise DamagedError(_("The head of the backup cannot be read.")) from error


def _require_bearable(cost: dict[str, int]) -> None:
    """Refuse a forged head that would make the server compute for hours, or not at all."""
    n, r, p = cost["n"], cost["r"], cost["p"]
    if n < 2 or n & (n - 1) or r < 1 or p < 1 or n * r * p > HIGHEST_COST:
        raise ValueError("cost")


def is_sealed(source: BinaryIO) -> bool:
    """Tell whether a stream holds an encrypted backup; leaves it behind the mark if so."""
    start = source.tell()
    if source.read(len(MAGIC)) == MAGIC:
        return True
    source.seek(start)
    return False
