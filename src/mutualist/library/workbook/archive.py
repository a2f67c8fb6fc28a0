"""Look at a workbook from outside before it is opened."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from mutualist.library.errors import FileError
from mutualist.library.words import N_

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_PARTS: Final = 500
MAX_UNPACKED: Final = 60_000_000


def check_archive(raw: bytes, file: str = "") -> None:
    """Refuse what is no workbook or would grow beyond measure when it is unpacked.

    Raises
    ------
    FileError
        With what is wrong and what to do.
    """
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError(
            N_(
                "This is an old or password-protected Excel file. Save it as .xlsx without a password."
            ),
            file=file,
        )
    try:
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
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise FileError(N_("This is no Excel workbook (.xlsx)."), file=file) from error
    except RuntimeError as error:
        raise FileError(N_("The workbook is protected by a password."), file=file) from error


def _refuse_entities(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], file: str) -> None:
    """XML of a workbook never declares entities; those that do mean harm."""
    unpacked = 0
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as stream:
            content = stream.read(MAX_UNPACKED - unpacked + 1)
        unpacked += len(content)
        if unpacked > MAX_UNPACKED or b"<!ENTITY" in content or b"<!DOCTYPE" in content:
            raise FileError(N_("The workbook's content is not allowed here."), file=file)


def open_workbook(raw: bytes, file: str = "", *, values: bool = False) -> Workbook:
    """Open a checked workbook.

    Parameters
    ----------
    values : bool
        Give the last computed value of a formula instead of the formula.
    """
    import warnings

    from openpyxl import load_workbook

    check_archive(raw, file)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of features it drops (slicers, extensions); none is read here.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(raw), data_only=values)
    except FileError:
        raise
    except Exception as error:
        # openpyxl raises whatever its XML parser meets: KeyError, TypeError, ParseError ...
        raise FileError(N_("The workbook is damaged and can't be read."), file=file) from error
