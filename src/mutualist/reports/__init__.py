"""Papers of a result as tagged PDF: one page for the board, and the long report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mutualist.reports.board import board_data
from mutualist.reports.longform import report_data
from mutualist.reports.material import Figure, Material, Round

__all__ = [
    "Figure",
    "Material",
    "Round",
    "board_data",
    "board_pdf",
    "report_data",
    "report_pdf",
]


def board_pdf(data: Mapping[str, Any]) -> bytes:
    """Return the board paper, exactly one A4 page, from `board_data`."""
    from mutualist.reports.typesetting import typeset

    return typeset("board", data, timestamp=data.get("timestamp", 0))


def report_pdf(data: Mapping[str, Any]) -> bytes:
    """Return the long report from `report_data`."""
    from mutualist.reports.typesetting import typeset

    return typeset("report", data, timestamp=data.get("timestamp", 0))
