"""Seals: a commitment to sealed answers that hides them and binds room, party, round and question set.

Scheme: SHA-256 over length-prefixed fields. The random 32-byte nonce hides answers that could otherwise be guessed; the
party id inside keeps one side from copying the other's seal; the question-set hash keeps answers from being read under
other questions later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

from mutualist.domain.shared.canonical import canonical_json

DOMAIN = "mutualist/seal/v1"
NONCE_BYTES = 32


class QuestionSet(Protocol):
    """Anything that can name its questions: a :class:`mutualist.domain.assess.Ruleset`."""

    def question_set(self) -> Mapping[str, Any]:
        """Return everything an answerer sees or may choose, as plain data."""
        ...


def commitment(
    *,
    room: str,
    party: str,
    questions: str,
    round: int,  # noqa: A002 - the word of the scheme
    nonce: bytes,
    answers: Mapping[str, Any],
) -> str:
    """Return the commitment to one party's answers, as 64 hex digits.

    Parameters
    ----------
    room, party
        Whose answers in which room.
    questions
        Hash of the questions, see :func:`question_set_hash`.
    round
        1 for the first round.
    nonce
        32 random bytes; whoever does not know them cannot test guesses.
    answers
        The sheet; written as canonical JSON (RFC 8785).

    Returns
    -------
    str
        SHA-256 of the fields, each preceded by its length as eight bytes, big end first.

    Raises
    ------
    ValueError
        If the nonce does not have 32 bytes.

    Examples
    --------
    >>> seal = commitment(room="r1", party="A", questions="00", round=1,
    ...                   nonce=bytes(32), answers={"1.4": "gt3"})
    >>> seal[:16]
    '5f408a68c47724b8'
    """
    if len(nonce) != NONCE_BYTES:
        message = f"the nonce of a seal has {NONCE_BYTES} bytes, not {len(nonce)}"
        raise ValueError(message)
    digest = hashlib.sha256()
    texts = (DOMAIN, room, party, questions, str(round))
    for part in (*(text.encode() for text in texts), nonce, canonical_json(dict(answers))):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def question_set_hash(ruleset: QuestionSet) -> str:
    """Return the SHA-256 of the questions of a rule file, as 64 hex digits.

    It covers what an answerer sees: items, words and allowed values. Weights and thresholds are not in it, so a corrected
    weight does not invalidate sealed answers.
    """
    return hashlib.sha256(canonical_json(ruleset.question_set())).hexdigest()


def fingerprint(commitment_hex: str) -> str:
    """Return the first eight digits of a commitment as people compare them.

    Examples
    --------
    >>> fingerprint("7f3a91c2aa")
    '7f3a 91c2'
    """
    return f"{commitment_hex[:4]} {commitment_hex[4:8]}"
