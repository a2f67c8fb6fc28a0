"""Read and write room files: YAML, JSON and the workbook.

The format is chosen by suffix; standard input (``-``) and open files are recognised by their
first bytes. Keys are always text (``2.2:`` may stand without quotes), ``yes`` and ``no`` are
words and not truth values, and a key that stands twice is an error instead of a silent loss.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn, cast

from mutualist.domain.assess import Room
from mutualist.domain.shared.nesting import is_too_deep
from mutualist.library.errors import FileError
from mutualist.library.words import N_

if TYPE_CHECKING:
    from mutualist.library.cases import Case

FORMATS: Final = ("yaml", "json", "xlsx")
_SUFFIXES: Final = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".xlsx": "xlsx"}
# A room of five parties with every answer has about 40 kB; more than this is another kind of file.
MAX_TEXT: Final = 2_000_000
#: A table for the command line: partners of a large vendor, facts of a year.
MAX_TABLE: Final = 200_000_000
MAX_WORKBOOK: Final = 10_000_000
# Notes of a collected case around the room; they belong to no answer and change no figure.
CASE_KEYS: Final = ("id", "label", "label_contested", "announced", "note", "provenance")

Source = str | Path | IO[bytes] | IO[str]


def read_room(source: Source, format: str | None = None) -> Room:  # noqa: A002
    """Read a room with the answers of its parties.

    Parameters
    ----------
    source : path, open file or "-"
        ``.yaml``, ``.yml``, ``.json`` or ``.xlsx``; ``"-"`` is standard input.
    format : {"yaml", "json", "xlsx"}, optional
        Overrides the suffix.

    Returns
    -------
    Room
        Checked: every item and value is one that the rule version knows.

    Raises
    ------
    AnswerError
        When answers are wrong; ``.problems`` names party, item and remedy of each.
    FileError
        When the file can't be read at all; ``WorkbookError`` with one problem per broken cell.
    """
    return Room.from_dict(read_data(source, format))


def read_data(source: Source, format: str | None = None) -> dict[str, Any]:  # noqa: A002
    """Read a room file without checking its answers; notes of a case are left out."""
    document = read_document(source, format)
    return {key: value for key, value in document.items() if key not in CASE_KEYS}


def read_case(source: Source) -> Case:
    """Read a room file that carries a label and where its answers come from."""
    from mutualist.library.cases import Case

    document = read_document(source)
    notes: dict[str, Any] = {key: document[key] for key in CASE_KEYS if key in document}
    room = Room.from_dict({k: v for k, v in document.items() if k not in CASE_KEYS})
    return Case.from_notes(name_of(source), room, notes)


def read_document(source: Source, format: str | None = None) -> dict[str, Any]:  # noqa: A002
    """Read the mapping at the top of a room file as it stands there."""
    name = name_of(source)
    raw = _read_bytes(source, name, MAX_WORKBOOK)
    kind = _kind(source, raw, format, name)
    if kind == "xlsx":
        from mutualist.library.workbook import read_room_data

        return read_room_data(raw, file=name)
    content = _decode(raw, name)
    document = load_json(content, file=name) if kind == "json" else load_yaml(content, file=name)
    if not isinstance(document, dict):
        raise FileError(
            N_("A room file is a mapping with ruleset, frame, parties and answers."), file=name
        )
    return document


def read_text(source: Source, most: int = MAX_TEXT) -> str:
    """Read a text file, at most 2 MB of UTF-8 unless said otherwise."""
    name = name_of(source)
    return _decode(_read_bytes(source, name, most), name, most)


def read_bytes(source: Source) -> bytes:
    """Read a file of any kind, at most 10 MB of it."""
    return _read_bytes(source, name_of(source), MAX_WORKBOOK)


def _decode(raw: bytes, name: str, most: int = MAX_TEXT) -> str:
    if len(raw) > most:
        raise FileError(
            N_("The file is larger than such a file can be ({size} MB)."),
            file=name,
            size=most // 1_000_000,
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            N_("Byte {position} is not UTF-8. Save the file as UTF-8."),
            file=name,
            position=error.start,
        ) from error


def name_of(source: Source) -> str:
    """Return how the user called a source, for messages."""
    if isinstance(source, str | Path):
        return "<stdin>" if str(source) == "-" else str(source)
    return str(getattr(source, "name", "<file>"))


def _read_bytes(source: Source, name: str, most: int) -> bytes:
    if isinstance(source, str | Path):
        if str(source) == "-":
            return sys.stdin.buffer.read(most + 1)
        try:
            with Path(source).open("rb") as file:
                return file.read(most + 1)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise FileError(N_("There is no such file."), file=name) from error
        except PermissionError as error:
            why = N_("You are not allowed to read this file. Ask whoever it belongs to.")
            raise FileError(why, file=name) from error
        except IsADirectoryError as error:
            raise FileError(N_("This is a folder, not a file."), file=name) from error
        except OSError as error:
            raise FileError(
                N_("The file can't be read: {reason}."), file=name, reason=error.strerror or error
            ) from error
    content = source.read()
    return content.encode() if isinstance(content, str) else content


def _kind(source: Source, raw: bytes, wanted: str | None, name: str) -> str:
    if wanted is not None:
        if wanted not in FORMATS:
            raise FileError(
                N_("Format {format} is unknown. Known are yaml, json and xlsx."),
                file=name,
                format=repr(wanted),
            )
        return wanted
    if isinstance(source, str | Path) and str(source) != "-":
        suffix = Path(source).suffix.lower()
        if suffix not in _SUFFIXES:
            raise FileError(
                N_("The ending {suffix} is unknown. Known are .yaml, .yml, .json and .xlsx."),
                file=name,
                suffix=repr(suffix),
            )
        return _SUFFIXES[suffix]
    if raw.startswith(b"PK\x03\x04"):
        return "xlsx"
    return "json" if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else "yaml"


def load_json(content: str, *, file: str = "") -> Any:
    """Read JSON; a key that stands twice in one mapping is an error."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in items:
            if key in result:
                raise FileError(N_("The key {key} stands twice."), file=file, key=repr(key))
            result[key] = value
        return result

    def constant(word: str) -> NoReturn:
        raise FileError(N_("{word} is not a number."), file=file, word=word)

    try:
        document = json.loads(content, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise FileError(
            N_("Line {line}, column {column} is not valid JSON: {reason}."),
            file=file,
            line=error.lineno,
            column=error.colno,
            reason=error.msg,
        ) from error
    except FileError:
        raise
    except ValueError as error:
        raise FileError(N_("A number in the file has too many digits."), file=file) from error
    except RecursionError as error:
        raise FileError(N_("The file is nested too deeply."), file=file) from error
    if is_too_deep(document):
        raise FileError(N_("The file is nested too deeply."), file=file)
    return document


def load_yaml(content: str, *, file: str = "") -> Any:
    """Read YAML the way room files are meant: see the module's text."""
    from mutualist.library.yamlfile import load

    return load(content, file=file)


def write_room(room: Room, target: str | Path | IO[str] | IO[bytes], lang: str = "en") -> None:
    """Write a room as ``.yaml``, ``.json`` or ``.xlsx``, chosen by suffix.

    Open files get YAML. ``lang`` is the language of a workbook's headings.
    """
    if isinstance(target, str | Path):
        kind = _kind(target, b"", None, str(target))
        if kind == "xlsx":
            from mutualist.library.workbook import room_workbook

            Path(target).write_bytes(room_workbook(room, lang))
            return
        Path(target).write_text(dump_room(room, kind), encoding="utf-8")
        return
    content = dump_room(room, "yaml")
    if isinstance(target, io.TextIOBase):
        target.write(content)
    else:
        cast("IO[bytes]", target).write(content.encode())


def dump_room(room: Room, format: str = "yaml") -> str:  # noqa: A002
    """Return a room file's text as YAML or JSON."""
    if format == "json":
        return json.dumps(room.to_dict(), ensure_ascii=False, indent=1) + "\n"
    from mutualist.library.yamlfile import dump

    return dump(room.to_dict())
