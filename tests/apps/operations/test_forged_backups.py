"""A forged backup is refused as what it is, before anything is done with it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from typing import Any

import pytest
from django.db import transaction

from mutualist.apps.operations import loading
from mutualist.apps.operations.archive import CHECKSUMS, FORMAT, MANIFEST, Reader
from mutualist.apps.operations.cipher import MAGIC, DamagedError, Opening, is_sealed
from mutualist.apps.operations.loading import read_through
from mutualist.apps.operations.tables import column_names, columns
from mutualist.apps.operations.values import Row
from mutualist.apps.rooms.models import Room

HEAD = {
    "format": FORMAT,
    "product": "1",
    "created": "2026-01-01",
    "database": "sqlite",
    "migrations": {"core": ["0001_initial"]},
    "tables": {"one": ["id"]},
    "numbers": {"one": 7},
    "keys": ["signing-key"],
    "key": "00",
}
DEEP = b"[" * 100_000


def archive(
    head: bytes | dict[str, Any], rows: bytes = b"[1]\n", claimed: dict[str, Any] | None = None
) -> io.BytesIO:
    head = head if isinstance(head, bytes) else json.dumps(head).encode()
    parts = {MANIFEST: head, "tables/one/000001.gz": gzip.compress(rows)}
    sums = {n: {"sha256": hashlib.sha256(c).hexdigest(), "bytes": len(c)} for n, c in parts.items()}
    parts[CHECKSUMS] = json.dumps(claimed or {"parts": sums, "rows": {"one": 1}}).encode()
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    file.seek(0)
    return file


def read(file: io.BytesIO) -> int:
    with Reader(file) as reader:
        return read_through(reader).rows


def test_what_is_altered_below_is_read_as_it_is() -> None:
    assert read(archive(HEAD)) == 1
    assert read(archive({**HEAD, "key": None})) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"numbers": ["one"]},
        {"numbers": {"one": "seven"}},
        {"numbers": {"one": 2**63}},
        {"numbers": {"one": -1}},
        {"key": 5},
        {"keys": 5},
        {"keys": [5]},
        {"migrations": {"core": 5}},
        {"tables": {"one": "id"}},
        {"product": None},
    ],
)
def test_a_head_of_another_form_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(DamagedError):
        read(archive({**HEAD, **change}))


@pytest.mark.django_db
@pytest.mark.parametrize("value", [[1], {"a": 1}, 1.5, 10**30, True, "x", "\ud800"])
@pytest.mark.parametrize("column", ["id", "uid", "created_at", "deadline", "round"])
def test_a_row_of_other_kinds_is_refused_by_name(column: str, value: Any) -> None:
    names = column_names(Room)
    row: list[Any] = [None] * len(names)
    row[names.index(column)] = value
    with pytest.raises(DamagedError, match="rooms_room"), transaction.atomic():
        loading._insert("rooms_room", Room, Row(columns(Room)), [row])


@pytest.mark.parametrize(
    "file",
    [
        archive(DEEP),
        archive(HEAD, rows=DEEP),
        archive(HEAD, claimed={"parts": [1], "rows": {}}),
        archive(HEAD, claimed={"parts": {}, "rows": [2]}),
    ],
    ids=["deep head", "deep row", "parts", "rows"],
)
def test_what_no_program_of_ours_wrote_is_refused(file: io.BytesIO) -> None:
    with pytest.raises(DamagedError):
        read(file)


@pytest.mark.parametrize(
    "head",
    [
        *(
            json.dumps({"salt": "00", "nonce": "00", "check": "x", "n": n, "r": r, "p": p}).encode()
            for n, r, p in [(3, 1, 1), (2, -1, -1), (2, 1, 0), (2**30, 1, 1), (1e400, 1, 1)]
        ),
        b"[1]",
        b"[" * 1020,
    ],
)
def test_a_forged_head_of_an_encrypted_backup_is_refused(head: bytes) -> None:
    source = io.BytesIO(MAGIC + head + b"\nrest")
    assert is_sealed(source)
    with pytest.raises(DamagedError):
        Opening(source, "correct horse battery")
