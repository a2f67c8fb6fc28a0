"""The database of an older version, brought up to this one, gives everybody what it gave before."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from operations.places import Place, fresh_database, program

SERVER = os.environ.get("MUTUALIST_DATABASE_URL")
KIND = "postgres" if SERVER else "sqlite"
OLD = sorted((Path(__file__).parent / "data").glob(f"upgrade-*-{KIND}.tar.gz"))
#: What is fixed once a round is opened stays as it is, byte for byte.
FIXED = ("api/result", "api/answers", "api/changes", "api/file", " json", " room_file")


@pytest.mark.parametrize("packed", OLD, ids=lambda path: path.name.split(".")[0])
def test_an_older_database_gives_the_same_after_the_upgrade(packed, tmp_path):
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path / "old", filter="data")
    old = tmp_path / "old"
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(SERVER)) if SERVER else None
        place = Place(tmp_path / "data", url)
        lay_down(old, place)
        waiting = place.run("migrate", "--check")
        assert waiting.code == 3, waiting.said
        assert "rooms.0002" in waiting.out
        begun = time.monotonic()
        place.must("migrate")
        print(f"upgraded in {time.monotonic() - begun:.1f} s")
        assert place.run("migrate", "--check").code == 0
        known = old / "known.json"
        moment = json.loads(known.read_text())["moment"]
        place.script("write_exports", known, tmp_path / "after.json", moment)
        compare(
            *(json.loads(p.read_text()) for p in (old / "exports.json", tmp_path / "after.json"))
        )
        # And what was upgraded can be backed up: keys open, chains hold.
        place.must("backup", tmp_path / "upgraded.backup")
        place.must("restore", tmp_path / "upgraded.backup", "--replace")


def lay_down(old: Path, place: Place) -> None:
    """Put the old database and its keys where the installation expects them."""
    place.data.mkdir()
    (old / "keys").rename(place.data / "keys")
    for key in (place.data / "keys").iterdir():
        key.chmod(0o600)
    if place.url is None:
        (old / "database").rename(place.database)
        return
    subprocess.run(
        [program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", old / "database", place.owner],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def compare(before: dict, after: dict) -> None:
    assert set(before) == set(after)
    assert sum(answer[0] == 200 for answer in before.values()) > 50
    changed = [name for name in before if before[name][0] != after[name][0]]
    assert changed == []
    for name, answer in before.items():
        # Of drafts PostgreSQL gives the rows in no certain order: there value for value.
        if name.endswith(FIXED) and not (SERVER and name.endswith("api/file")):
            assert after[name][1] == answer[1], name
        elif len(answer) == 3:
            assert holds(answer[2], after[name][2]), f"{name}: {answer[2]} {after[name][2]}"


def holds(old, new) -> bool:
    """Whether everything that was said is said again; a newer version may say more."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(k in new and holds(v, new[k]) for k, v in old.items())
    if isinstance(old, list):
        return isinstance(new, list) and len(old) == len(new) and all(map(holds, old, new))
    return old == new


def test_there_is_an_older_database():
    assert OLD, "tests/operations/make_upgrade_data.py makes it"
