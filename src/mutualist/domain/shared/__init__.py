"""What the parts of the domain share."""

from __future__ import annotations

from mutualist.domain.shared.canonical import canonical_json

__all__ = ["canonical_json"]
