"""What the parts of the domain share."""

from __future__ import annotations

from mutualist.domain.shared.canonical import canonical_json
from mutualist.domain.shared.errors import MutualistError
from mutualist.domain.shared.heads import Head, contradictions, find_heads, head_of
from mutualist.domain.shared.receipts import Doubt, conflicting, receipt_doubts, receipt_message
from mutualist.domain.shared.seals import commitment, fingerprint, question_set_hash
from mutualist.domain.shared.signing import key_fingerprint, signed_message

__all__ = [
    "Doubt",
    "Head",
    "MutualistError",
    "canonical_json",
    "commitment",
    "conflicting",
    "contradictions",
    "find_heads",
    "fingerprint",
    "head_of",
    "key_fingerprint",
    "question_set_hash",
    "receipt_doubts",
    "receipt_message",
    "signed_message",
]
