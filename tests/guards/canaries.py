"""Words and numbers planted in answers, and the search for them in everything that leaves the house."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from apps.rooms.cast import on_every_seat, sheets
from mutualist.domain.assess import builtin_ruleset

WORD = "canary"
FREE_TEXT = "text"
HIDDEN = {"never", "finding", "split"}
# In the files of SQLite the byte after a time may look like a seventh digit of its microseconds.
TIME = re.compile(r"\d\d:\d\d:\d\d\.\d{6}")
GROUPING = re.compile(r"(?<=\d)[.,'’ \u00a0\u202f](?=\d{3}(?!\d))")


@cache
def planted(party: str, turn: int = 0) -> Mapping[str, Any]:
    """Return a whole sheet in which every free text and every unbounded number is unique."""
    rules = builtin_ruleset("2026.2").source
    number = _numbers(party, turn)
    sheet: dict[str, Any] = {}
    for item, value in sheets(2 if turn == 2 else 1)[party].items():
        spec = rules["items"].get(item, {})
        fields = rules["header"] if item == "header" else spec.get("fields", {})
        place = f"{WORD}-{party}{turn}-{item.replace('.', '-')}"
        if spec.get("type") == FREE_TEXT:
            sheet[item] = f"{place}-text"
        elif spec.get("type") == "number" and spec.get("max") is None:
            sheet[item] = next(number)
        elif isinstance(value, list):
            rows = enumerate(value)
            sheet[item] = [_plant(row, fields, f"{place}-{at}", number) for at, row in rows]
        elif isinstance(value, dict) and fields:
            sheet[item] = _plant(value, fields, place, number)
        else:
            sheet[item] = value
    return sheet


def _numbers(party: str, turn: int) -> Iterator[int]:
    """Rising, so that low, likely and high stay in order; nothing else in the world has seven digits."""
    start = 7_000_000 + turn * 300_000 + (100_000 if party == "B" else 0)
    yield from range(start + 137, start + 99_000, 119)


def _plant(
    value: Mapping[str, Any], fields: Mapping[str, Any], place: str, number: Iterator[int]
) -> dict[str, Any]:
    found = dict(value)
    for key in value:
        spec = fields.get(key, {})
        if spec.get("type") == FREE_TEXT:
            found[key] = f"{place}-{key}"
        elif spec.get("type") in {"number", "amount"} and _is_free(spec, value, key):
            found[key] = next(number)
    return found


def _is_free(spec: Mapping[str, Any], value: Mapping[str, Any], key: str) -> bool:
    """Whether any number fits; shares and months have bounds of their own."""
    if spec.get("type") == "amount":
        return value.get("type") not in {"discount", "price"}
    return spec.get("max") is None and spec.get("unit") in {None, "money"} and key != "fte"


def marks(sheet: Mapping[str, Any], items: Iterator[str] | None = None) -> set[str]:
    """Return the planted words and numbers of a sheet, of some items or of all."""
    wanted = set(items) if items is not None else set(sheet)
    return set().union(*(_marks(value) for item, value in sheet.items() if item in wanted))


def _marks(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(_marks, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(_marks, value)) if value else set()
    planted_word = isinstance(value, str) and value.startswith(WORD)
    planted_number = isinstance(value, int) and not isinstance(value, bool) and value > 6_999_999
    return {str(value)} if planted_word or planted_number else set()


def hidden_items(kinds: set[str] = HIDDEN) -> Iterator[str]:
    """Return the items whose answers are shown to nobody, not even after the opening."""
    items = builtin_ruleset("2026.2").source["items"]
    return (item for item, spec in items.items() if spec.get("shown") in kinds)


def found_in(content: bytes, wanted: set[str]) -> list[str]:
    """Return the planted marks in a content of any kind: text, PDF, workbook, database."""
    texts = [TIME.sub(" ", text) for text in _texts(content)]
    joined = "\n".join([*texts, *(GROUPING.sub("", text) for text in texts)])
    return sorted(mark for mark in wanted if any(_stands(form, joined) for form in _forms(mark)))


def _stands(form: str, text: str) -> bool:
    """Whether a mark stands there; seven digits inside a hash or a ciphertext are chance."""
    if not form.isdigit():
        return form in text
    return form in text and bool(re.search(rf"(?<![0-9A-Za-z]){form}(?![0-9A-Za-z])", text))


def _forms(mark: str) -> Iterator[str]:
    yield mark
    if mark.startswith(WORD):
        raw = mark.encode()
        yield raw.hex()
        # Whole groups of three bytes look the same wherever they stand in base64.
        for shift in range(3):
            part = raw[shift : shift + (len(raw) - shift) // 3 * 3]
            yield base64.b64encode(part).decode()


def _texts(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")
    if content.startswith(b"%PDF"):
        from pypdf import PdfReader

        yield "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (
                archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
            )


def database_content() -> bytes:
    """Return everything the database keeps: files of SQLite, all columns as text of PostgreSQL."""
    connection.ensure_connection()
    with on_every_seat(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA database_list")
            main = next(row[2] for row in cursor.fetchall() if row[1] == "main")
            files = [Path(main + end) for end in ("", "-wal", "-journal")]
            return b"".join(file.read_bytes() for file in files if file.exists())
        names = connection.introspection.table_names(cursor)
        rows = []
        for name in names:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(name)} t")
            rows += [row[0] for row in cursor.fetchall()]
        return "\n".join(rows).encode()
