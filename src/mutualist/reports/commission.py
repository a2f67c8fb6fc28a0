"""A commission statement on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mutualist.reports.typesetting import typeset


def statement_pdf(data: Mapping[str, Any]) -> bytes:
    """Return the paper of a commission statement.

    Parameters
    ----------
    data : Mapping
        Words in the reader's language: ``lang``, ``title``, ``from_name``, ``to_name``, ``number``, ``issued``, ``period``,
        ``due_label``, ``due_note``, ``due``, ``closing_label``, ``sums`` (rows of label and amount), ``movements_title``,
        ``heads`` (four), ``rows`` (number, day, text, note, amount), ``none``, ``notes``, ``footer`` and ``timestamp``
        (seconds since 1970).
    """
    return typeset("commission_statement", data, timestamp=int(data["timestamp"]))
