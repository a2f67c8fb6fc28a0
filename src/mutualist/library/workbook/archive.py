"""Look at a workbook from outside before it is opened."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from mutualist.library.errors import FileError
from mutualist.library.files import MAX_WORKBOOK
from mutualist.library.words import N_

if TYPE_CHECKING:
    from openpyxl import Workbook


MAX_PARTS: Final = 500
MAX_UNPACKED: Final = 60_000_000
#: A room of eight parties with every answer has about 60,000; each costs memory when it is read.
MAX_ELEMENTS: Final = 400_000
MAX_RANGE: Final = 10_000
#: Of the elements whose range is built cell by cell: the range as a whole, and its corners.
_RANGE: Final = re.compile(
    rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref\s*=\s*["']"""
    rb"""(\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?|[^"']*)["']"""
)
#: What the archive's reader meets in a damaged file.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
    *(EOFError, KeyError, NotImplementedError, OSError, OverflowError, ValueError),
)
_ENCODING: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")


def check_archive(raw: bytes, file: str = "") -> None:
    """Refuse what is no workbook or would grow beyond measure when it is unpacked.

    Raises
    ------
    FileError
        With what is wrong and what to do.
    """
    if len(raw) > MAX_WORKBOOK:
        raise FileError(
            N_("The workbook is larger than {size} MB."), file=file, size=MAX_WORKBOOK // 1_000_000
        )
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError(
            N_(
                "This is an old or password-protected Excel file. Save it as .xlsx without a password."
            ),
            file=file,
        )
    try:
        _look_into(raw, file)
    except FileError:
        raise
    except _DAMAGED as error:
        raise FileError(N_("This is no Excel workbook (.xlsx)."), file=file) from error
    except RuntimeError as error:
        raise FileError(N_("The workbook is protected by a password."), file=file) from error


def _look_into(raw: bytes, file: str) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise FileError(
                N_(
                    "Unpacked, the workbook is larger than {size} MB. Remove what is not part of "
                    "the template."
                ),
                file=file,
                size=MAX_UNPACKED // 1_000_000,
            )
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise FileError(N_("This is no Excel workbook (.xlsx)."), file=file)
        _refuse_entities(archive, parts, file)


def _refuse_entities(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], file: str) -> None:
    """XML of a workbook never declares entities; those that do mean harm, and so does hiding them."""
    unpacked = elements = 0
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as stream:
            content = stream.read(MAX_UNPACKED - unpacked + 1)
        unpacked += len(content)
        elements += content.count(b"<")
        if any(_is_wide(*found.groups()) for found in _RANGE.finditer(content)):
            raise FileError(
                N_(
                    "The workbook joins more cells than the template has. Remove what is not part of it."
                ),
                file=file,
            )
        declared = b"<!ENTITY" in content or b"<!DOCTYPE" in content
        if unpacked > MAX_UNPACKED or declared or not _is_utf8(content):
            raise FileError(N_("The workbook's content is not allowed here."), file=file)
        if elements > MAX_ELEMENTS:
            raise FileError(
                N_(
                    "The workbook has far more cells than the template. Remove what is not part of it."
                ),
                file=file,
            )


def _is_wide(whole: bytes, *corners: bytes | None) -> bool:
    """Whether a joined range makes more cells than there is room for; each of them is built."""
    column, row, to_column, to_row = corners
    if not (column and row and to_column and to_row):
        # One cell, or written in a way that hides what it is.
        return not re.fullmatch(rb"\$?[A-Z]{1,3}\$?\d{1,7}", whole)
    width = abs(_number_of(to_column) - _number_of(column)) + 1
    return width * (abs(int(to_row) - int(row)) + 1) > MAX_RANGE


def _number_of(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _is_utf8(content: bytes) -> bool:
    """Whether a part is written as every spreadsheet program writes it; in UTF-16 nothing is found."""
    if b"\0" in content[:64] or content.startswith((b"\xfe\xff", b"\xff\xfe")):
        return False
    declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf").lstrip())
    return declared is None or declared[1].lower() in {b"utf-8", b"utf8", b"us-ascii"}


def open_workbook(
    raw: bytes, file: str = "", *, values: bool = False, read_only: bool = False
) -> Workbook:
    """Open a checked workbook.

    Parameters
    ----------
    values : bool
        Give the last computed value of a formula instead of the formula.
    read_only : bool
        Read row by row, without holding the whole workbook.
    """
    import warnings

    from openpyxl import load_workbook

    check_archive(raw, file)
    with damage_told(file), warnings.catch_warnings():
        # openpyxl warns of features it drops (slicers, extensions); none is read here.
        warnings.simplefilter("ignore")
        return load_workbook(io.BytesIO(raw), data_only=values, read_only=read_only)


@contextmanager
def damage_told(file: str = "") -> Iterator[None]:
    """Tell what the parser meets in a damaged workbook; one opened to be read only meets it with the rows."""
    try:
        yield
    except FileError:
        raise
    except Exception as error:
        # openpyxl raises whatever its XML parser meets: KeyError, TypeError, ParseError ...
        raise FileError(N_("The workbook is damaged and can't be read."), file=file) from error
