"""What the parts of the domain share."""

from __future__ import annotations

from mutualist.domain.shared.canonical import canonical_json
from mutualist.domain.shared.errors import MutualistError
from mutualist.domain.shared.seals import commitment, fingerprint, question_set_hash

__all__ = ["MutualistError", "canonical_json", "commitment", "fingerprint", "question_set_hash"]
