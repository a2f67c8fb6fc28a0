"""Ventures as Excel workbooks: a sheet a section, a line an entry, a column a key of the venture file.

>>> from mutualist import Venture
>>> raw = venture_workbook(Venture.from_template("licence").to_dict(), "de")
>>> Venture.from_dict(read_venture_data(raw)).name
'Licence'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mutualist.domain.venture import Description

# openpyxl takes 150 ms to load; these functions load it when a workbook is really wanted.


def venture_workbook(source: Mapping[str, Any], lang: str = "en") -> bytes:
    """Return the workbook of a venture, with empty lines to go on in."""
    from mutualist.library.venture_workbook import writing

    return writing.venture_workbook(source, lang)


def read_venture_data(raw: bytes, file: str = "") -> dict[str, Any]:
    """Return a workbook's content as the mapping of a venture file, not yet checked as a whole.

    Raises
    ------
    WorkbookError
        With one problem per broken cell.
    FileError
        When it is no workbook of a venture.
    """
    from mutualist.library.venture_workbook import reading

    found = reading.Reading(raw, file)
    found.refuse()
    return found.document


def read_venture_workbook(raw: bytes, file: str = "") -> Description:
    """Return a checked venture; what is wrong with it is told with the cell it stands in.

    Raises
    ------
    WorkbookError
        With one problem per broken cell, or per mistake of the venture.
    FileError
        When it is no workbook of a venture.
    """
    from mutualist.library.venture_workbook import reading

    return reading.Reading(raw, file).description()
