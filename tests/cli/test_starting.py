"""What an operator is told when the web application cannot start: one line, no traceback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from operations.crash.servers import free_port
from operations.places import Place

GOOD = {"MUTUALIST_DATA": "{folder}/data"}
WRONG = {
    "no folder": ({"MUTUALIST_DATA": "{folder}/file"}, "{folder}/file"),
    "no key": ({**GOOD, "MUTUALIST_KEY": "kurz"}, "MUTUALIST_KEY"),
    "no address": ({**GOOD, "MUTUALIST_BASE_URL": "nonsense"}, "MUTUALIST_BASE_URL"),
    "no mail server": ({**GOOD, "MUTUALIST_SMTP_URL": "ftp://x"}, "MUTUALIST_SMTP_URL"),
    "other database": ({**GOOD, "MUTUALIST_DATABASE_URL": "mysql://x/y"}, "MUTUALIST_DATABASE_URL"),
    "switch": (
        {**GOOD, "MUTUALIST_OPERATOR_SECOND_FACTOR": "required"},
        "MUTUALIST_OPERATOR_SECOND_FACTOR",
    ),
    "time zone": ({**GOOD, "MUTUALIST_TIME_ZONE": "Mars/Olympus"}, "MUTUALIST_TIME_ZONE"),
    "level": ({**GOOD, "MUTUALIST_LOG": "LOUD"}, "MUTUALIST_LOG"),
    "guessable secret": ({**GOOD, "MUTUALIST_SECRET_KEY": "kurz"}, "mutualist keys new"),
    "sender": ({**GOOD, "MUTUALIST_MAIL_FROM": "nobody"}, "MUTUALIST_MAIL_FROM"),
    "own text": ({**GOOD, "MUTUALIST_PRIVACY_TEXT": "{folder}"}, "{folder}/privacy.de.md"),
    "signature": ({**GOOD, "MUTUALIST_SIGNING_KEY": "kurz"}, "MUTUALIST_SIGNING_KEY"),
    "no database": ({"MUTUALIST_DATA": "{folder}/junk"}, "not a database"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_setting_is_named(case: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, not a folder")
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "mutualist.sqlite3").write_text("this is no database at all" * 50)
    settings, said = WRONG[case]
    known = {key: value for key, value in os.environ.items() if not key.startswith("MUTUALIST_")}
    known.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", "from mutualist.cli import main; main()", "migrate", "--check"],
        env={**known, **{key: value.format(folder=tmp_path) for key, value in settings.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert said.format(folder=tmp_path) in done.stderr
    assert "Traceback" not in done.stderr
    assert "error of mutualist itself" not in done.stderr


BROKEN = {
    "key-encryption-key": b"",
    "signing-key": b"kurz",
    "secret-key": b"kurz",
    "erasure-key": b"\xff\xfe",
}


@pytest.fixture
def place(migrated: Place, tmp_path: Path) -> Place:
    """Return an installation of its own for each test."""
    return Place(Path(shutil.copytree(migrated.data, tmp_path / "data")))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_key_file_is_named(name: str, place: Place) -> None:
    file = place.data / "keys" / name
    file.write_bytes(BROKEN[name])
    done = place.run("migrate", "--check")
    assert done.code == 1
    assert str(file) in done.err
    assert "Traceback" not in done.err
    assert "error of mutualist itself" not in done.err


def test_a_lost_signing_key_stops_the_start_and_is_named(place: Place) -> None:
    file = place.data / "keys" / "signing-key"
    file.unlink()
    serve = f"serve --no-worker --port {free_port()}"
    for arguments in ("migrate --check", serve, "tick", "work", "keys status"):
        done = place.run(*arguments.split())
        assert done.code == 1, arguments
        assert "No new key was made" in done.err
    found = {one["name"]: one for one in json.loads(place.run("doctor", "--json").out)["findings"]}
    assert found["keys.signing"]["state"] == "error"
    assert "keys rotate --signing" in found["keys.signing"]["remedy"]
    place.must("audit", "verify")
    assert not file.exists()
    done = place.must("keys", "rotate", "--signing")
    assert "Signed before with" in done.out
    place.must("migrate", "--check")


def test_what_was_brought_up_to_date_is(migrated: Place) -> None:
    migrated.must("migrate", "--check")


def test_everything_a_start_makes_is_for_its_user_alone(migrated: Place) -> None:
    keys = migrated.data / "keys"
    made = [migrated.data, keys, *keys.iterdir()]
    assert [file.name for file in made if file.stat().st_mode & 0o077] == []


def test_the_demo_on_ipv6_prints_addresses_that_work(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("NOT TESTED: this machine has no IPv6")
        port = probe.getsockname()[1]
    place = Place(tmp_path / "data", more={"MUTUALIST_LIMITS": "0"})
    arguments = ["-m", "mutualist", "demo", "--serve", "--bind", "::1", "--port", port]
    server = place.start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        said = []
        for line in server.stdout:
            said.append(line)
            if "Serving on" in line:
                break
        assert f"http://[::1]:{port}" in said[-1]
        link = next(line.strip() for line in said if "http://" in line)
        assert link.startswith(f"http://[::1]:{port}/")
        assert answer(link) == 200
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        server.stdout.close()


def answer(link: str) -> int:
    """Ask until the server has come up."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(link, timeout=30) as found:
                return found.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
