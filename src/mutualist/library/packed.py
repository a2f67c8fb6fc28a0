"""Tables in a folder of data, packed or not, and what the folder says of its origin."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from mutualist.library.errors import FileError
from mutualist.library.words import N_


def rows(home: Path, name: str, fields: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Read a table, ``name`` or ``name.gz``.

    Raises
    ------
    FileError
        When there is no such file, it cannot be read, or one of the fields is missing.
    """
    packed = home / f"{name}.gz"
    path = packed if packed.exists() else home / name
    try:
        with (gzip.open if path is packed else open)(
            path, "rt", encoding="utf-8", newline=""
        ) as file:
            reader = csv.DictReader(file)
            lacking = [field for field in fields if field not in (reader.fieldnames or ())]
            if lacking:
                said = N_("The field {field} is missing.")
                raise FileError(said, file=str(path), field=lacking[0])
            yield from reader
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileError(N_("There is no such file."), file=str(path)) from error
    except (OSError, UnicodeDecodeError, EOFError, csv.Error, zlib.error) as error:
        why = N_("The file can't be read: {reason}.")
        raise FileError(why, file=str(path), reason=error) from error


def origin(home: Path) -> str:
    """Return the first paragraph of the folder's ``README.md``; empty if there is none."""
    try:
        written = (home / "README.md").read_text(encoding="utf-8")
    except OSError:
        return ""
    said: list[str] = []
    for line in written.splitlines():
        if not line.strip() and said:
            break
        if line.startswith("|"):
            break
        if line.strip():
            said.append(line.lstrip("# ").strip())
    return " ".join(said)
