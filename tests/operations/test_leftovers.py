"""Words that an upgrade encrypts are gone from the files of the database, not only from its tables."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from operations.places import Place

MARK = "Kanari-Einladung"
OLD = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", "core", "0002", verbosity=0)
"""


@pytest.mark.skipif(
    bool(os.environ.get("MUTUALIST_DATABASE_URL")), reason="looks into the file of SQLite"
)
def test_no_word_of_an_old_mail_is_left_in_the_file(tmp_path):
    place = Place(tmp_path / "data")
    place.data.mkdir(mode=0o700)
    script = tmp_path / "old.py"
    script.write_text(OLD)
    done = place._python(script, more={})
    assert done.code == 0, done.said
    # As the first version wrote and deleted mails: nothing was overwritten.
    with closing(sqlite3.connect(place.database)) as database, database:
        database.execute("PRAGMA secure_delete = OFF")
        database.executemany(
            'INSERT INTO core_outboxmail ("to", subject, text, html, state, created) '
            "VALUES ('anna@nordwerk.example', ?, ?, '', 'kept', '2026-11-01')",
            [(f"{MARK} {number}", f"{MARK} " * 200) for number in range(2000)],
        )
    with closing(sqlite3.connect(place.database)) as database, database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("DELETE FROM core_outboxmail WHERE id > 30")
    assert MARK.encode() in content(place)
    place.must("migrate")
    assert MARK.encode() not in content(place)
    with closing(sqlite3.connect(place.database)) as database:
        assert database.execute("SELECT count(*) FROM core_outboxmail").fetchone() == (30,)


def content(place: Place) -> bytes:
    """Return everything that stands in the files of the database."""
    files = sorted(place.data.glob("mutualist.sqlite3*"))
    return b"".join(file.read_bytes() for file in files)
