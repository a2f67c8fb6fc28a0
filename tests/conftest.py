"""Every test run keeps its data in a folder of its own; nothing outside is read or written."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest

_folder = tempfile.mkdtemp(prefix="mutualist-test-")
_owner = os.getpid()


@atexit.register
def _clean() -> None:
    # A forked child that ends must not take the folder away from under the tests.
    if os.getpid() == _owner:
        shutil.rmtree(_folder, ignore_errors=True)


os.environ["MUTUALIST_DATA"] = _folder
os.environ["MUTUALIST_SECRET_KEY"] = "for tests only, never where others come in"
# Tests ask more often than people; those of the limits switch them on.
os.environ["MUTUALIST_LIMITS"] = "0"
for name in ("MUTUALIST_SMTP_URL", "MUTUALIST_DEMO", "MUTUALIST_KEY", "MUTUALIST_LANG"):
    os.environ.pop(name, None)

# Named here and not in pyproject.toml, because there it would be read before the lines above.
os.environ["DJANGO_SETTINGS_MODULE"] = "mutualist.project.settings"
django.setup()


def _make_key() -> None:
    """Make the key before any test: without one the database would be asked whether it needs one."""
    from mutualist.apps.core.keyring import key_file, new_key_text
    from mutualist.apps.core.secret_files import write_once

    write_once(key_file(), new_key_text())


_make_key()


@pytest.fixture(autouse=True)
def everybody_starts_in_english() -> Iterator[None]:
    """End each test in the language it began with: a request in German leaves German behind."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Let the owner of the tables make the test database, where it is a role of its own."""
    from django.conf import settings
    from django.db import connection

    if settings.MUTUALIST_DATABASE_OWNER is not None:
        connection.settings_dict["USER"] = settings.MUTUALIST_DATABASE_OWNER["USER"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Run the tests as the role that serves: it owns nothing and is above no policy."""
    from django.conf import settings
    from django.db import connection

    from mutualist.apps.core.environment import database_from
    from mutualist.apps.core.roles import as_owner, grant_application

    owner = settings.MUTUALIST_DATABASE_OWNER
    if owner is None:
        yield
        return
    serving = database_from(os.environ["MUTUALIST_DATABASE_URL"], Path())["USER"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["USER"] = serving
        grant_application()
        with as_owner(), connection.cursor() as cursor:
            # Tests in threads empty the tables afterwards; the application never does.
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {serving}")
        yield
        connection.close()
        connection.settings_dict["USER"] = owner["USER"]
