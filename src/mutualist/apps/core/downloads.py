"""Answers that are files: their names and headers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.http import HttpResponse
from django.utils.http import content_disposition_header

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes | str, kind: str, name: str) -> HttpResponse:
    """Answer with a file that no cache keeps."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(name: str, what: str, day: date, ending: str) -> str:
    """Return ``PumpenPuls-2026-11-28-board.pdf``: letters, digits and dashes only."""
    plain = unicodedata.normalize("NFC", name)
    name = re.sub(r"[^\w]+", "-", plain).strip("-_")[:60].strip("-_") or "Mutualist"
    return f"{name}-{day.isoformat()}-{what}.{ending}"
