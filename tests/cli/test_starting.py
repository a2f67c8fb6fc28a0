"""What an operator is told when the web application cannot start: one line, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
        [sys.executable, "-c", "from mutualist.cli import main; main()", "migrate"],
        env={**known, **{key: value.format(folder=tmp_path) for key, value in settings.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert said.format(folder=tmp_path) in done.stderr
    assert "Traceback" not in done.stderr
    assert "error of mutualist itself" not in done.stderr
