"""Doctor names what is wrong, says what helps and shows no secret."""

from __future__ import annotations

import json
import os
import smtplib
import stat
import subprocess
import sys

import pytest
from django.db import connection

from mutualist.apps.operations.checks import Asked, examine
from mutualist.apps.operations.checks.found import Finding
from mutualist.cli.run import run

pytestmark = pytest.mark.django_db(transaction=True)


def found(**asked) -> dict[str, Finding]:
    return {one.name: one for one in examine(Asked(**asked))}


def test_all_checks_run_and_none_breaks_down():
    findings = found()
    assert not [one for one in findings.values() if "itself failed" in str(one.said)]
    assert {"database.reachable", "database.migrations", "keys.present", "backup"} <= set(findings)
    assert findings["database.reachable"].state == "ok"
    assert all(one.remedy for one in findings.values() if one.state in {"warning", "error"})


def test_an_empty_and_a_foreign_folder_have_one_cause_and_not_five(tmp_path):
    """Before the first start there are no tables: that is said once, and nothing seems broken."""
    (tmp_path / "foreign").mkdir(mode=0o700)
    (tmp_path / "foreign" / "mutualist.sqlite3").write_bytes(b"no database at all" * 300)
    for folder, wrong in (("empty", "database.migrations"), ("foreign", "database.reachable")):
        environment = {**os.environ, "MUTUALIST_DATA": str(tmp_path / folder)}
        for name in ("MUTUALIST_DATABASE_URL", "MUTUALIST_DATABASE_OWNER_URL"):
            environment.pop(name, None)
        command = [sys.executable, "-m", "mutualist", "doctor", "--json"]
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        findings = json.loads(done.stdout)["findings"]
        assert {one["name"] for one in findings if one["state"] == "error"} == {wrong}
        skips = {one["name"]: one["said"] for one in findings if one["state"] == "skipped"}
        assert {"tasks", "queues", "erased"} <= skips.keys()
        assert all(wrong in skips[name] for name in ("tasks", "queues", "erased"))


def test_the_command_says_it_in_german_and_as_json(capsys):
    run(["doctor", "--lang", "de"])
    assert "Die Datenbank antwortet" in capsys.readouterr().out
    code = run(["doctor", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "doctor/1"
    assert document["healthy"] == (code == 0)
    assert os.environ["MUTUALIST_SECRET_KEY"] not in json.dumps(document)


def test_debug_and_demo_are_wrong_where_others_come(settings):
    settings.MUTUALIST_BASE_URL = "https://rooms.example.org"
    settings.MUTUALIST_DEMO = True
    assert found()["switches"].state == "error"
    settings.MUTUALIST_DEMO = False
    assert found()["switches"].state == "ok"


def test_an_address_without_tls_is_wrong(settings):
    settings.MUTUALIST_BASE_URL = "http://rooms.example.org"
    assert found()["address"].state == "error"
    settings.MUTUALIST_BASE_URL = "https://rooms.example.org"
    assert found()["address"].state == "ok"
    settings.ALLOWED_HOSTS = ["*"]
    assert found()["address.hosts"].state == "error"


def test_a_key_others_can_read_and_one_that_does_not_fit_are_wrong(settings, tmp_path):
    from apps.rooms.cast import make_cast, room_of_two

    room_of_two(make_cast())
    assert found()["keys.fit"].state == "ok"
    file = tmp_path / "keys" / "key-encryption-key"
    file.parent.mkdir()
    file.write_text("A" * 64)
    file.chmod(stat.S_IRUSR | stat.S_IRGRP)
    settings.MUTUALIST_KEY_FILE = file
    findings = found()
    assert findings["keys.private"].state == "error"
    assert findings["keys.fit"].state == "error"
    assert "A" * 10 not in str(findings)


def test_pending_migrations_are_told(capsys):
    assert run(["migrate", "--check"]) == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, app, name FROM django_migrations WHERE app = 'support' ORDER BY id DESC"
        )
        row = cursor.fetchone()
    from mutualist.apps.core.roles import as_owner

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE id = %s", [row[0]])
    try:
        assert run(["migrate", "--check"]) == 3
        assert f"{row[1]}.{row[2]}" in capsys.readouterr().out
        assert found()["database.migrations"].state == "warning"
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (id, app, name, applied) VALUES (%s, %s, %s, now())"
                if connection.vendor == "postgresql"
                else "INSERT INTO django_migrations (id, app, name, applied) "
                "VALUES (%s, %s, %s, CURRENT_TIMESTAMP)",
                row,
            )


def test_a_mail_server_that_is_away_is_named_without_its_password(settings, monkeypatch):
    from mutualist.apps.core.environment import mail_from

    settings.MAIL = mail_from("smtp://user:hush-hush@127.0.0.1:1")
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    one = found()["mail"]
    assert one.state == "error"
    assert "127.0.0.1:1" in one.said
    assert "hush" not in str(one)
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *_a, **_k: (220, b"hello"))


def test_certificates_are_looked_at_only_when_asked(settings):
    settings.MUTUALIST_BASE_URL = "https://127.0.0.2:1"
    assert found()["certificate"].state == "skipped"
    assert found(online=True)["certificate"].state == "error"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a setting of SQLite")
def test_a_database_that_does_not_wait_for_the_disk_is_wrong():
    assert found()["database.durable"].state == "ok"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = NORMAL")
    assert found()["database.durable"].state == "error"
    connection.close()


@pytest.mark.parametrize(
    ("way", "state"),
    [
        ("plain", "error"),
        ("unchecked", "error"),
        ("plain by choice", "warning"),
        ("checked", "ok"),
        ("local", "ok"),
    ],
)
def test_a_database_elsewhere_needs_a_checked_certificate(monkeypatch, way, state):
    from mutualist.apps.operations.checks import database

    monkeypatch.setattr(database, "way_to", lambda _settings: way)
    (one,) = database._way()
    assert (one.name, one.state) == ("database.tls", state)
    assert ("sslmode=verify-full" in one.remedy) == (state != "ok")


def test_a_key_that_is_lost_is_wrong_and_not_just_not_there_yet(settings, tmp_path):
    from apps.rooms.cast import make_cast, room_of_two

    room_of_two(make_cast())
    settings.MUTUALIST_KEY_FILE = tmp_path / "keys" / "key-encryption-key"
    findings = found()
    assert findings["keys.fit"].state == "error"
    assert "No new key was made" in findings["keys.fit"].remedy
    assert not settings.MUTUALIST_KEY_FILE.exists()


def test_a_lost_key_of_erased_people_is_wrong(settings, tmp_path):
    from mutualist.apps.core.clock import now
    from mutualist.apps.privacy import erasures

    settings.MUTUALIST_DATA = tmp_path
    assert "keys.erasures" not in found()
    erasures.remember(["dora@grauwerk.example"], now())
    assert "keys.erasures" not in found()
    erasures.key_file().unlink()
    one = found()["keys.erasures"]
    assert (one.state, str(erasures.key_file()) in one.remedy) == ("error", True)
    with pytest.raises(erasures.LostErasureKeyError):
        erasures.digest("dora@grauwerk.example")
    assert not erasures.key_file().exists()
