"""The stopgap option for whoever computes with Python."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mutualist.domain.venture.stopgap import Stopgap, income_at_risk, stopgap
from mutualist.library.words import language

__all__ = ["Stopgap", "document", "income_at_risk", "stopgap"]


def document(found: Stopgap, lang: str | None = None) -> dict[str, Any]:
    """Return ``stopgap/1``.

    Examples
    --------
    >>> document(stopgap(r=0.04, delta=0.04, sigma=0.2, cost=1, value=1))["kept"]
    0.75
    """
    figures = asdict(found)
    codes = figures.pop("warnings")
    said = list(found.sentences(language(lang)))
    return {"schema": "stopgap/1", **figures, "warnings": said, "codes": list(codes)}
