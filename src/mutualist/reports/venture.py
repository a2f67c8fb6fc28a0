"""A venture on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mutualist.reports.typesetting import typeset


def venture_pdf(data: Mapping[str, Any]) -> bytes:
    """Return the paper of a venture.

    Parameters
    ----------
    data : Mapping
        Words in the reader's language: ``lang``, ``title``, ``subline``, ``sentences``, ``dots_title``, ``joint`` and ``plots`` (name,
        note, low, high, levels, dots with x, level and loss), ``parts`` (title, text, heads, rows), ``mislead_title``,
        ``mislead``, ``footer`` and ``timestamp`` (seconds since 1970).
    """
    return typeset("venture", data, timestamp=int(data["timestamp"]))
