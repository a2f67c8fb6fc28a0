"""The short form of the experiment with kills; the long one is the command in kill_outbox.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connection

KILLS = os.environ.get("MUTUALIST_TEST_KILLS", "10")
COMMAND = Path(__file__).with_name("kill_outbox.py")


def test_nothing_is_lost_when_app_and_worker_are_killed(django_db_blocker) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "MUTUALIST_DATABASE_URL"}
    with django_db_blocker.unblock(), own_database() as url:
        if url:
            environment["MUTUALIST_DATABASE_URL"] = url
        done = subprocess.run(
            [sys.executable, str(COMMAND), "--kills", KILLS],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=500,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was lost." in done.stdout


class own_database:  # noqa: N801 - used as a function
    """An empty database on the server of the tests; on SQLite none is needed."""

    def __enter__(self) -> str:
        if connection.vendor != "postgresql":
            return ""
        self.name = f"kill_{os.getpid()}"
        self._ask(f"CREATE DATABASE {self.name}")
        with_name = connection.settings_dict
        user, host = quote(with_name["USER"]), quote(with_name["HOST"], safe="")
        port = f":{with_name['PORT']}" if with_name["PORT"] else ""
        return f"postgresql://{user}@{host}{port}/{self.name}"

    def __exit__(self, *_: object) -> None:
        if connection.vendor == "postgresql":
            self._ask(f"DROP DATABASE {self.name} WITH (FORCE)")

    def _ask(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)
