"""Answers that are kept to be given once more: encrypted, and as long as many others.

A row holds nothing that tells what was sent or answered. What a request said is compared under a
random salt that lies inside the encrypted part: six answers on a scale could be found by trying all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from mutualist.apps.core.vault import Vault, VaultError, new_wrapped_key

PURPOSE = b"mutualist/idempotency/v1\x00"
#: Lengths tell something; these steps leave little of it.
STEP = 4096
SALT = 32
#: Set anew by whoever stands further out, or bound to one answer.
NOT_KEPT = frozenset({"set-cookie", "date", "vary"})


class UnreadableAnswer(Exception):
    """A kept answer cannot be decrypted: the key was changed, or the row was."""


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """An answer as it was given.

    Attributes
    ----------
    said
        What the person is told on the next page: level, text, tags.
    sees
        Whether the caller could see what it was about when it was done.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    said: tuple[tuple[int, str, str], ...] = ()
    sees: bool = True

    @classmethod
    def of(
        cls, response: HttpResponse, said: tuple[tuple[int, str, str], ...], *, sees: bool
    ) -> Kept:
        """Take down an answer."""
        headers = tuple(
            (name, value) for name, value in response.items() if name.lower() not in NOT_KEPT
        )
        return cls(response.status_code, headers, response.content, said, sees)

    def response(self) -> HttpResponse:
        """Give it once more."""
        answer = HttpResponse(self.body, status=self.status)
        del answer["Content-Type"]
        for name, value in self.headers:
            answer[name] = value
        return answer


def pack(kept: Kept, content: bytes, place: bytes) -> tuple[str, bytes]:
    """Return the salted digest of a request, and its answer encrypted under a key of its own."""
    salt = secrets.token_bytes(SALT)
    inner = {
        "salt": salt.hex(),
        "headers": kept.headers,
        "body": base64.b64encode(kept.body).decode(),
        "said": kept.said,
        "sees": kept.sees,
    }
    plain = json.dumps(inner, ensure_ascii=False).encode()
    padded = len(plain).to_bytes(4, "big") + plain
    padded += b"\x00" * (-len(padded) % STEP)
    wrapped = new_wrapped_key(context=PURPOSE + place)
    sealed = Vault(wrapped, PURPOSE + place).encrypt(padded, aad=PURPOSE + place)
    return _salted(salt, content), len(wrapped).to_bytes(2, "big") + wrapped + sealed


def unpack(
    status: int, request_hash: str, answer: bytes, content: bytes, place: bytes
) -> tuple[Kept, bool]:
    """Return a kept answer, and whether it belongs to this very request."""
    data = bytes(answer)
    end = 2 + int.from_bytes(data[:2], "big")
    try:
        padded = Vault(data[2:end], PURPOSE + place).decrypt(data[end:], aad=PURPOSE + place)
    except VaultError as error:
        raise UnreadableAnswer from error
    inner: dict[str, Any] = json.loads(padded[4 : 4 + int.from_bytes(padded[:4], "big")])
    is_same = hmac.compare_digest(_salted(bytes.fromhex(inner["salt"]), content), request_hash)
    return Kept(
        status,
        tuple((name, value) for name, value in inner["headers"]),
        base64.b64decode(inner["body"]),
        tuple((level, text, tags) for level, text, tags in inner["said"]),
        inner["sees"],
    ), is_same


def _salted(salt: bytes, content: bytes) -> str:
    return hmac.new(salt, content, hashlib.sha256).hexdigest()
