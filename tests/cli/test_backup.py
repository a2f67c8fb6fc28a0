"""Backup and restore from the command line: what is refused changes nothing."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import signal
import sqlite3
import tarfile
from contextlib import closing
from hashlib import sha256

import pytest

from mutualist.apps.operations.keys import keys_of
from mutualist.apps.operations.public import OperationError, check
from operations.places import Place

WORD = "correct horse battery"
FILL = """
import django
django.setup()
from mutualist.apps.core.clock import now
from mutualist.apps.privacy import erasures
erasures.remember(["somebody@example.org"], now())
from apps.rooms.cast import make_cast, room_of_two
cast = make_cast()
room_of_two(cast)
"""


@pytest.fixture(scope="module")
def filled(migrated, tmp_path_factory):
    """Return an installation with a room, a backup of it with keys, and a plain one."""
    folder = tmp_path_factory.mktemp("filled")
    place = Place(folder / "data", None, {"MUTUALIST_BACKUP_PASSPHRASE": WORD})
    shutil.copytree(migrated.data, place.data)
    (folder / "fill.py").write_text(FILL)
    done = place._python(folder / "fill.py", more={})
    assert done.code == 0, done.said
    with closing(sqlite3.connect(place.database)) as database, database:
        database.execute("UPDATE sqlite_sequence SET seq = 4711 WHERE name = 'rooms_room'")
    place.must("backup", folder / "sealed.backup", "--encrypt", "--with-keys")
    place.must("backup", folder / "plain.backup")
    return place


def backup(place: Place, name: str):
    return place.data.parent / f"{name}.backup"


@pytest.fixture
def empty(tmp_path):
    return Place(tmp_path / "data", None, {"MUTUALIST_BACKUP_PASSPHRASE": WORD})


def test_the_passphrase_is_needed_and_has_to_be_right(filled, empty, tmp_path):
    file = backup(filled, "sealed")
    assert b"PumpenPuls" not in file.read_bytes()
    wrong = empty.run("restore", file, MUTUALIST_BACKUP_PASSPHRASE="quite another one")
    assert wrong.code == 1
    assert "not the one of this backup" in wrong.err
    none = empty.run("restore", file, MUTUALIST_BACKUP_PASSPHRASE="")
    assert none.code == 2
    assert "--passphrase-file" in none.err
    assert not empty.database.exists()
    word = tmp_path / "word"
    word.write_text(WORD + "\n")
    empty.must("restore", file, "--passphrase-file", word, MUTUALIST_BACKUP_PASSPHRASE="")
    assert count(empty) == 1
    with closing(sqlite3.connect(empty.database)) as database:
        given = dict(database.execute("SELECT name, seq FROM sqlite_sequence"))
    assert given["rooms_room"] == 4711, "numbers once given do not come back"


def count(place: Place) -> int:
    with closing(sqlite3.connect(place.database)) as database:
        return database.execute("SELECT count(*) FROM rooms_room").fetchone()[0]


def test_an_altered_or_cut_off_file_is_told(filled, tmp_path):
    """Everywhere up to the checksums; behind them a tar has nothing but zeros."""
    whole = backup(filled, "plain").read_bytes()
    end = whole.rstrip(b"\0")
    broken = tmp_path / "broken.backup"
    for place in range(0, len(end) - 4, len(end) // 60):
        for content in (whole[:place], whole[:place] + flipped(whole[place]) + whole[place + 1 :]):
            if content[place : place + 1] == whole[place : place + 1] or not any(
                whole[place : place + 1]
            ):
                continue
            broken.write_bytes(content)
            with pytest.raises(OperationError):
                check(broken, None)


def flipped(byte: int) -> bytes:
    return bytes([byte ^ 0x5A])


def test_a_cut_off_file_changes_nothing(filled, empty, tmp_path):
    broken = tmp_path / "broken.backup"
    broken.write_bytes(backup(filled, "plain").read_bytes()[:-12_000])
    done = empty.run("restore", broken, "--without-key")
    assert done.code == 1, done.said
    assert "error of mutualist itself" not in done.err
    assert not empty.database.exists()
    assert not list(empty.data.glob(".*restoring*"))


def rewritten(old, new, change):
    """Write a backup anew, with the content of a part changed."""
    with tarfile.open(old) as source, tarfile.open(new, "w") as target:
        for member in source:
            content = change(member.name, source.extractfile(member).read())
            member.size = len(content)
            target.addfile(member, io.BytesIO(content))
    return new


def test_a_part_that_was_changed_with_care_is_found(filled, tmp_path):
    """A tar with a row changed is a sound tar; the checksums tell."""

    def change(name, content):
        if name.startswith("tables/identity_organisation/"):
            return gzip.compress(gzip.decompress(content).replace(b"Nordwerk", b"Sudwerk."))
        return content

    with pytest.raises(OperationError, match="identity_organisation"):
        check(rewritten(backup(filled, "plain"), tmp_path / "changed.backup", change), None)


def test_a_backup_of_a_newer_version_is_refused_by_name(filled, tmp_path):
    def change(name, content):
        if name != "manifest.json":
            return content
        manifest = json.loads(content)
        manifest["migrations"]["rooms"].append("0999_from_the_future")
        return json.dumps({**manifest, "product": "9.9"}).encode()

    with pytest.raises(OperationError, match=r"9\.9.*rooms\.0999_from_the_future"):
        check(rewritten(backup(filled, "plain"), tmp_path / "newer.backup", change), None)


def test_a_full_database_is_replaced_when_asked_not_in_use_and_kept(filled, empty):
    shutil.copytree(filled.data, empty.data)
    before = empty.database.read_bytes()
    done = empty.run("restore", backup(filled, "sealed"))
    assert done.code == 1
    assert "--replace" in done.err
    assert empty.database.read_bytes() == before
    with closing(sqlite3.connect(empty.database)) as database:
        database.execute("SELECT count(*) FROM rooms_room").fetchone()
        done = empty.run("restore", backup(filled, "sealed"), "--replace")
        assert done.code == 1
        assert "in use" in done.err
    done = empty.must("restore", backup(filled, "sealed"), "--replace")
    kept = list(empty.data.glob("mutualist.sqlite3.before-restore-*"))
    assert len(kept) == 1
    assert str(kept[0]) in done.err


def test_without_its_key_a_backup_is_refused_before_anything_happens(filled, empty):
    done = empty.run("restore", backup(filled, "plain"))
    assert done.code == 1
    assert "keys" in done.err
    assert not empty.database.exists()
    assert not (empty.data / "keys" / "key-encryption-key").exists()
    empty.must("restore", backup(filled, "plain"), "--without-key")
    assert count(empty) == 1
    # What the lost key sealed stays shut; the installation goes on with keys of its own.
    empty.must("migrate")
    empty.must("migrate", "--check")
    empty.must("tick")
    found = {one["name"]: one for one in json.loads(empty.run("doctor", "--json").out)["findings"]}
    assert (found["keys.fit"]["state"], found["keys.signing"]["state"]) == ("error", "ok")


def smuggled(old, new, name: str, content: bytes = b"A" * 64):
    """Write a backup anew with a further part, and the checksums that go with it."""
    with tarfile.open(old) as source:
        parts = {member.name: source.extractfile(member).read() for member in source}
    sums = json.loads(parts.pop("checksums.json"))
    parts[name] = content
    sums["parts"][name] = {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
    parts["checksums.json"] = json.dumps(sums).encode()
    with tarfile.open(new, "w") as target:
        for part, found in parts.items():
            info = tarfile.TarInfo(part)
            info.size = len(found)
            target.addfile(info, io.BytesIO(found))
    return new


NAMES = (
    "keys/key-encryption-key",
    "keys/signing-key",
    "keys/authorized_keys",
    "keys/../../x",
    "keys/sub/signing-key",
    "keys//etc/x",
    "keys/",
    "../x",
    "/etc/x",
    "notes.txt",
    "tables/../identity_user/000001.gz",
    "tables/identity_user",
)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_rows_comes_out_of_a_plain_backup(filled, empty, tmp_path, name):
    """Least of all keys: whoever forged the file would know them."""
    file = smuggled(backup(filled, "plain"), tmp_path / "x.backup", name)
    with pytest.raises(OperationError):
        check(file, None)
    with pytest.raises(OperationError):
        keys_of({name: b"A" * 64}, sealed=False)
    if name == NAMES[0]:
        done = empty.run("restore", file, "--without-key")
        assert done.code == 1
        assert "not encrypted" in done.err
        assert not (empty.data / "keys" / "key-encryption-key").exists()
        assert not empty.database.exists()


def test_of_an_encrypted_backup_known_names_only():
    aside = "keys/key-encryption-key.before-restore-20261122T180000Z"
    for name in ("keys/signing-key.previous", "keys/erasure-key", "keys/secret-key", aside):
        assert keys_of({name: b"A" * 64}, sealed=True) == {name[5:]: b"A" * 64}
    for name, content in (
        *((name, b"A" * 64) for name in NAMES[2:]),
        ("keys/signing-key\n", b"A" * 64),
        (f"{aside}x", b"A" * 64),
        ("keys/signing-key", b"\xff"),
        ("keys/signing-key", b"A\nB"),
        ("keys/signing-key", b"A" * 5000),
    ):
        with pytest.raises(OperationError):
            keys_of({name: content}, sealed=True)


def test_only_keys_are_taken_along(filled, tmp_path):
    strange = filled.data / "keys" / "notes.txt"
    strange.write_text("mine")
    try:
        file = tmp_path / "x.backup"
        filled.must("backup", file, "--encrypt", "--with-keys")
        kept = json.loads(filled.must("restore", "--check", file, "--json").out)["keys"]
    finally:
        strange.unlink()
    assert "key-encryption-key" in kept
    assert "notes.txt" not in kept


KILLED = """
import django, os, signal, sys
from pathlib import Path
django.setup()
from mutualist.apps.operations import restoring
where, file, word = sys.argv[1:]
def killed(*_arguments, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "key":
    restoring.put = killed
elif where == "switch":
    restoring._NewFile._switch = killed
else:
    restoring.sync_folder = killed
restoring.restore(Path(file), passphrase=word, replace=True)
"""


def test_a_restore_may_be_killed_at_any_moment(migrated, filled, empty, tmp_path):
    """The old database or the new one, whole, and the keys of both: the next try goes through."""
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    shutil.copytree(migrated.data, empty.data)
    own = empty.data / "keys" / "key-encryption-key"
    empty.must("keys", "rotate")
    own.with_name("key-encryption-key.previous").unlink()
    before = own.read_text()
    for where in ("key", "switch", "end"):
        done = empty._python(script, where, backup(filled, "sealed"), WORD, more={})
        assert done.code == -signal.SIGKILL, done.said
        with closing(sqlite3.connect(empty.database)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        keys = {file.read_text() for file in own.parent.glob("key-encryption-key*")}
        assert before in keys, "the key of the database before is still there"
        assert own.exists()
    empty.must("restore", backup(filled, "sealed"), "--replace")
    assert count(empty) == 1
    empty.must("migrate", "--check")
    assert not list(empty.data.glob(".*restoring*")), "what was left behind is tidied up"


def test_a_folder_that_cannot_be_written_is_named(filled, empty, monkeypatch):
    empty.data.mkdir(mode=0o700)
    (empty.data / "keys").write_text("a file where a folder belongs")
    done = empty.run("restore", backup(filled, "sealed"))
    assert done.code == 1
    assert str(empty.data) in done.err
    assert "error of mutualist itself" not in done.err


def test_keys_never_go_into_a_plain_file(filled, tmp_path):
    done = filled.run("backup", tmp_path / "x.backup", "--with-keys")
    assert done.code == 1
    assert not (tmp_path / "x.backup").exists()
    key = (filled.data / "keys" / "key-encryption-key").read_bytes()
    assert key not in backup(filled, "plain").read_bytes()
    assert key not in backup(filled, "sealed").read_bytes()


def test_a_folder_keeps_the_newest_and_nothing_else_is_touched(filled, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    for day in range(1, 5):
        (folder / f"mutualist-2026010{day}T000000Z.backup").write_bytes(b"old")
    filled.must("backup", folder, "--keep", "2")
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 3
    assert left[0] == "mutualist-20260104T000000Z.backup"
    assert left[-1] == "notes.txt"
    assert all(
        path.stat().st_mode & 0o077 == 0
        for path in folder.glob("mutualist-2*")
        if path.name != left[0]
    )
