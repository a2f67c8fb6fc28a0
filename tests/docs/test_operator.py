"""The operator's page lists what the code reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"[\"'](MUTUALIST_[A-Z_]+)[\"']")
LISTED = re.compile(r"^\| `(MUTUALIST_\w+)` \|", re.MULTILINE)


def variables_of_the_code():
    """Every name of a variable that stands in a file which reads the environment."""
    files = {file: file.read_text(encoding="utf-8") for file in ROOT.glob("src/**/*.py")}
    reading = [text for text in files.values() if re.search(r"environ|getenv|flag\(", text)]
    found = {name for text in reading for name in NAMED.findall(text)}
    for script in ("run", "test", "setup.sh"):
        found |= set(re.findall(r"MUTUALIST_\w+", (ROOT / script).read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_variable_is_listed_and_no_other(lang):
    text = (ROOT / "docs" / lang / "operator.md").read_text(encoding="utf-8")
    listed = LISTED.findall(text)
    assert len(listed) == len(set(listed))
    assert set(listed) == variables_of_the_code()
