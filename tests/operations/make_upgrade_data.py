"""Make the database of an older version that the upgrade test begins with.

    python tests/operations/make_upgrade_data.py COMMIT

Checks the commit out beside this one, lets its own code fill a new installation with demo firms and
a room in every state, on SQLite and on PostgreSQL, notes what everybody gets of every room, and
packs all of it into tests/operations/data. Everything in it is invented, its keys are for it alone.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2] / "src")]

from everything import postgres, postgres_programs  # noqa: E402
from operations.places import ROOT, Place, fresh_database, program  # noqa: E402

DATA = HERE.parent / "data"


@contextmanager
def checked_out(commit: str):
    """Give the folder of another commit for the time of the block."""
    with tempfile.TemporaryDirectory(prefix="mutualist-old-") as folder:
        packed = subprocess.run(
            ["git", "archive", commit, "src", "tests", "pyproject.toml"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        subprocess.run(
            [sys.executable, "-m", "mutualist.project.translations"],
            env={"PYTHONPATH": f"{folder}/src"},
            cwd=folder,
            check=True,
        )
        yield Path(folder)


def filled(place: Place) -> dict[str, bytes]:
    """Fill an installation with its own code; return who comes in how, and what everybody gets."""
    known = place.script("build_world")
    # A moment later than everything that was written, and the same one at every later look.
    known["moment"] = datetime.now(UTC).isoformat()
    file, target = place.data.parent / "known.json", place.data.parent / "exports.json"
    file.write_text(json.dumps(known))
    place.script("write_exports", file, target, known["moment"])
    keys = {f"keys/{key.name}": key.read_bytes() for key in (place.data / "keys").iterdir()}
    return {"known.json": file.read_bytes(), "exports.json": target.read_bytes(), **keys}


def sqlite_of(place: Place) -> bytes:
    """Return the database as one file."""
    import sqlite3

    with closing(sqlite3.connect(place.database)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("VACUUM")
    return place.database.read_bytes()


def sql_of(place: Place) -> bytes:
    """Return the database as statements."""
    command = [program("pg_dump"), "--no-owner", "--no-privileges", "--inserts", place.url or ""]
    return subprocess.run(command, check=True, capture_output=True).stdout


def pack(target: Path, parts: dict[str, bytes]) -> None:
    """Write a packed file that is the same for the same content."""
    raw = BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, content in sorted(parts.items()):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, BytesIO(content))
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(gzip.compress(raw.getvalue(), mtime=0))
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")


def main(commit: str) -> None:
    programs = postgres_programs()
    with checked_out(commit) as source, tempfile.TemporaryDirectory() as folder:
        lite = Place(Path(folder) / "lite" / "data", None, source=source)
        lite.data.parent.mkdir()
        parts = filled(lite)
        pack(DATA / f"upgrade-{commit}-sqlite.tar.gz", {**parts, "database": sqlite_of(lite)})
        if programs is None:
            print("PostgreSQL is missing: only SQLite was made")
            return
        with postgres(programs) as url:
            place = Place(Path(folder) / "pg" / "data", url, source=source)
            place.data.parent.mkdir()
            with fresh_database(url) as fresh:
                place.url = fresh
                parts = filled(place)
                target = DATA / f"upgrade-{commit}-postgres.tar.gz"
                pack(target, {**parts, "database": sql_of(place)})


if __name__ == "__main__":
    main(sys.argv[1])
