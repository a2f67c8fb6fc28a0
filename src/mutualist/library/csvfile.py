"""Read a CSV file as people save it: comma, semicolon or tab, with or without quotes."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO

from mutualist.library.errors import FileError
from mutualist.library.words import N_

_NO_TABLE: Final = N_("This is no CSV file. Save the table as CSV or XLSX.")
#: So many bytes are decoded at once to find out how a file is written.
_PIECE: Final = 1 << 20


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
        raise FileError(_NO_TABLE, file=file)
    heads, rows = read_table(io.StringIO(text, newline=""), file, head_of)
    return heads, list(rows)


def read_table(
    stream: TextIO, file: str, head_of: Callable[[str], str] = lower
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Return the same, each row only when it is asked for; what is wrong with a row is raised there.

    Parameters
    ----------
    stream
        Opened with ``newline=""``, at its beginning.
    """
    reader = csv.reader(stream, delimiter=_delimiter(stream), strict=True)
    with _quotes_told(reader, file):
        heads = [head_of(cell) for cell in next(reader, [])]
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    if twice:
        why = N_("The first row names a column twice: {columns}.")
        raise FileError(why, file=file, columns=", ".join(twice))
    return heads, _rows(reader, file)


def open_table(data: bytes, file: str) -> TextIO:
    """Return the content of a CSV file as text that is decoded while it is read, as UTF-8 or Windows-1252."""
    if b"\x00" in data:
        raise FileError(_NO_TABLE, file=file)
    encoding, errors = ("utf-8-sig", "strict") if _is_utf8(data) else ("cp1252", "replace")
    return io.TextIOWrapper(io.BytesIO(data), encoding, errors, newline="")


def _is_utf8(data: bytes) -> bool:
    decoder, whole = codecs.getincrementaldecoder("utf-8")(), memoryview(data)
    try:
        for at in range(0, len(data), _PIECE):
            decoder.decode(whole[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(stream: TextIO) -> str:
    """Return what stands most often in the first line; a carriage return alone does not end it."""
    counts = dict.fromkeys(",;\t", 0)
    for line in stream:
        for sign in counts:
            counts[sign] += line.count(sign)
        if line.endswith("\n"):
            break
    stream.seek(0)
    return max(counts, key=counts.__getitem__)


def _rows(reader: Any, file: str) -> Iterator[tuple[int, list[str]]]:
    with _quotes_told(reader, file):
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row


@contextmanager
def _quotes_told(reader: Any, file: str) -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise FileError(
            N_("The CSV file cannot be read: check the quotes in line {line}."),
            file=file,
            line=reader.line_num,
        ) from error
