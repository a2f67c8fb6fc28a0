"""Read a CSV file as people save it: comma, semicolon or tab, with or without quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from mutualist.library.errors import FileError
from mutualist.library.words import N_


def lower(cell: str) -> str:
    """Return the name of a column as our own tables write it."""
    return cell.strip().lower()


def table_of(
    text: str, file: str, head_of: Callable[[str], str] = lower
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the columns of a table, and its rows with the number of their last line; empty rows are left out.

    Parameters
    ----------
    text
        What stands in the file.
    file
        Its name, for messages.
    head_of
        Makes the name of a column of what stands in the first row.

    Raises
    ------
    FileError
        When a column stands there twice, or quotes don't fit.
    """
    if "\x00" in text:
        raise FileError(N_("This is no CSV file. Save the table as CSV or XLSX."), file=file)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        heads = [head_of(cell) for cell in next(reader, [])]
        twice = sorted({head for head in heads if head and heads.count(head) > 1})
        if twice:
            why = N_("The first row names a column twice: {columns}.")
            raise FileError(why, file=file, columns=", ".join(twice))
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise FileError(
            N_("The CSV file cannot be read: check the quotes in line {line}."),
            file=file,
            line=reader.line_num,
        ) from error
    return heads, rows
