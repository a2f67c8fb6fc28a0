"""The file of a backup: a tar whose first part says what it is and whose last proves the rest.

    manifest.json              format, version, time, database, migrations, tables and columns
    tables/<table>/000001.gz   rows, one JSON list a line, in blocks of a few MiB
    keys/<name>                only where asked for, and only in encrypted files
    checksums.json             SHA-256 and length of every part, number of rows of every table

Parts are written and read one after the other, so memory does not grow with the database.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from django.utils.translation import gettext_lazy as _

from mutualist.apps.operations.cipher import DamagedError
from mutualist.apps.operations.errors import OperationError

FORMAT: Final = "mutualist-backup/1"
MANIFEST, CHECKSUMS = "manifest.json", "checksums.json"
#: The only form of a part with rows; the table has to be one of the manifest.
_ROWS: Final = re.compile(r"tables/([a-z0-9_]+)/[0-9]{6,9}\.gz")
LARGEST_PART: Final = 64 * 1024 * 1024
LARGEST_BLOCK: Final = 256 * 1024 * 1024


class Writer:
    """Writes an archive part by part; `close` adds the checksums."""

    def __init__(self, stream: Any, manifest: Mapping[str, Any]) -> None:
        # Closed by `close`, which writes the end; without it the archive counts as cut off.
        self._tar = tarfile.open(  # noqa: SIM115
            fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT
        )
        self._parts: dict[str, dict[str, Any]] = {}
        self._rows: dict[str, int] = dict.fromkeys(manifest["tables"], 0)
        self.add(MANIFEST, _json({"format": FORMAT, **manifest}))

    def add(self, name: str, content: bytes) -> None:
        """Add one part."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, io.BytesIO(content))
        digest = hashlib.sha256(content).hexdigest()
        self._parts[name] = {"sha256": digest, "bytes": len(content)}

    def add_rows(self, table: str, number: int, lines: list[bytes]) -> None:
        """Add one block of a table."""
        block = gzip.compress(b"\n".join(lines) + b"\n", compresslevel=3, mtime=0)
        self.add(f"tables/{table}/{number:06d}.gz", block)
        self._rows[table] += len(lines)

    def close(self) -> int:
        """Write the checksums and the end; return how many rows there are in all."""
        self.add(CHECKSUMS, _json({"parts": self._parts, "rows": self._rows}))
        self._tar.close()
        return sum(self._rows.values())


def _json(content: Any) -> bytes:
    return json.dumps(content, indent=1, sort_keys=True).encode()


@dataclass
class Reader:
    """Reads an archive in its order; what was read counts only after :meth:`finish`."""

    stream: BinaryIO | Any
    manifest: dict[str, Any] = field(default_factory=dict)
    _seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    _rows: dict[str, int] = field(default_factory=dict)
    _claimed: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> Self:
        try:
            self._tar = tarfile.open(fileobj=self.stream, mode="r|")
            self._members = iter(self._tar)
            name, content = self._next()
        except (tarfile.TarError, StopIteration, EOFError) as error:
            raise DamagedError(_("This file is no backup of Mutualist.")) from error
        if name != MANIFEST:
            raise DamagedError(_("This file is no backup of Mutualist."))
        self.manifest = _read_json(content)
        _require_form(self.manifest)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tar.close()

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of every part behind the manifest but the checksums."""
        while True:
            try:
                name, content = self._next()
            except StopIteration:
                return
            except (tarfile.TarError, EOFError, zlib.error) as error:
                raise _cut_off() from error
            if name == CHECKSUMS:
                self._claimed = _read_json(content)
            else:
                yield name, content

    def rows(self, name: str, content: bytes) -> tuple[str, list[Any]]:
        """Return the table of a part and its rows."""
        found = _ROWS.fullmatch(name)
        table = found[1] if found else name
        if table not in self.manifest["tables"]:
            raise DamagedError(_("The backup holds rows of an unknown table {table}."), table=table)
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as block:
                # What swells beyond this is cut, and its last line is no JSON any more.
                raw = block.read(LARGEST_BLOCK)
            rows = [json.loads(line) for line in raw.splitlines()]
        except (OSError, EOFError, ValueError, RecursionError, zlib.error) as error:
            raise DamagedError(
                _("The part {part} of the backup cannot be read."), part=name
            ) from error
        self._rows[table] = self._rows.get(table, 0) + len(rows)
        return table, rows

    def finish(self) -> int:
        """Compare all parts and rows with the checksums; return the number of rows."""
        if not self._claimed:
            raise _cut_off()
        _require_kinds(self._claimed, {"parts": dict, "rows": dict})
        claimed = self._claimed["parts"]
        for name in {*claimed, *self._seen}:
            if claimed.get(name) != self._seen.get(name):
                raise DamagedError(
                    _("The part {part} of the backup is missing or was changed."), part=name
                )
        rows = self._claimed["rows"]
        for table in sorted({*rows, *self.manifest["tables"]}):
            if rows.get(table) != self._rows.get(table, 0):
                raise DamagedError(_("Rows of the table {table} are missing."), table=table)
        return sum(self._rows.values())

    def _next(self) -> tuple[str, bytes]:
        member = next(self._members)
        if member.size > LARGEST_PART or not member.isreg():
            raise DamagedError(_("The part {part} of the backup is too large."), part=member.name)
        file = self._tar.extractfile(member)
        content = file.read() if file else b""
        if len(content) != member.size:
            raise _cut_off()
        if member.name in self._seen:
            raise DamagedError(_("The part {part} stands in the backup twice."), part=member.name)
        if member.name != CHECKSUMS:
            digest = hashlib.sha256(content).hexdigest()
            self._seen[member.name] = {"sha256": digest, "bytes": len(content)}
        return member.name, content


def _cut_off() -> DamagedError:
    return DamagedError(_("The backup is not complete: its end is missing. Nothing of it is used."))


def _read_json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedError(_("The head of the backup cannot be read.")) from error
    if not isinstance(found, dict):
        raise DamagedError(_("The head of the backup cannot be read."))
    return found


def _require_form(manifest: Mapping[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise OperationError(
            _("The backup has the form {found}; this version reads {known}. Use a newer version."),
            found=manifest.get("format"),
            known=FORMAT,
        )
    _require_kinds(
        {"numbers": {}, "keys": [], **manifest, "key": manifest.get("key") or ""},
        {
            **dict.fromkeys(("product", "created", "database", "key"), str),
            **dict.fromkeys(("migrations", "tables", "numbers"), dict),
            "keys": list,
        },
    )
    inner = [
        *manifest["migrations"].values(),
        *manifest["tables"].values(),
        manifest.get("keys", []),
    ]
    if not all(
        isinstance(names, list) and all(isinstance(n, str) for n in names) for names in inner
    ):
        raise _no_head()
    numbers = manifest.get("numbers", {}).values()
    if not all(isinstance(last, int) and 0 <= last < 2**63 for last in numbers):
        raise _no_head()


def _require_kinds(found: Mapping[str, Any], wanted: Mapping[str, type]) -> None:
    """Refuse a head whose parts are of another kind, before anything is done with them."""
    if not all(isinstance(found.get(name), kind) for name, kind in wanted.items()):
        raise _no_head()


def _no_head() -> DamagedError:
    return DamagedError(_("The head of the backup cannot be read."))
