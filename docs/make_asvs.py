"""Writes docs/asvs.md from docs/asvs.yaml.

Run it after a change of the data: ``.venv/bin/python docs/make_asvs.py``. A test compares, and looks
whether every requirement is there and every test that is named exists.
"""  # noqa: INP001 - a script beside the page it writes

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
DATA, PAGE = HERE / "asvs.yaml", HERE / "asvs.md"
Row = dict[str, Any]

CHAPTERS = {
    1: "Encoding and cleaning",
    2: "Validation and flows of the product",
    3: "Browsers",
    4: "API and HTTP",
    5: "Files",
    6: "Proving who one is",
    7: "Sessions",
    8: "Rights",
    9: "Self-contained tokens",
    10: "OAuth and OIDC",
    11: "Cryptography",
    12: "Connections",
    13: "Configuration",
    14: "Data",
    15: "Code and parts",
    16: "Logs and errors",
    17: "WebRTC",
}
STATES = {
    "tested": "tested",
    "reasoned": "reasoned",
    "not_applicable": "not applicable",
    "open": "open",
}
INTRODUCTION = """\
# OWASP ASVS 5.0.0

What Mutualist does about each requirement of levels 1 and 2 of the [Application Security Verification Standard](https://owasp.org/www-project-application-security-verification-standard/), and about those of level 3 that it meets. The middle column says in our words what we make of a requirement; the standard itself says what it asks for.

**Tested**: the tests named fail when it breaks. **Reasoned**: met by the way it is built or documented, at the place named. **Not applicable**: there is no such part. **Open**: not met, or not wholly, with what is missing; tests named there cover the rest. We judged ourselves; nobody else has checked it.

This page is written by `docs/make_asvs.py` from [asvs.yaml](asvs.yaml).
"""


def read() -> list[Row]:
    """Return the rows of the data."""
    rows: list[Row] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return rows


def chapter_of(row: Row) -> int:
    """Return the number of a row's chapter.

    Examples
    --------
    >>> chapter_of({"id": "V14.2.1"})
    14
    """
    return int(row["id"][1:].partition(".")[0])


def _line(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _counts(rows: list[Row]) -> Iterator[str]:
    yield _line(["Chapter", *STATES.values(), "levels 1 and 2", "level 3, met"])
    yield "|---|" + "---:|" * (len(STATES) + 2)
    for number, name in CHAPTERS.items():
        yield _counted(f"V{number} {name}", [row for row in rows if chapter_of(row) == number])
    yield _counted("**All**", rows)
    for level in (1, 2):
        yield _counted(f"of these level {level}", [row for row in rows if row["level"] == level])


def _counted(name: str, rows: list[Row]) -> str:
    asked = [row for row in rows if row["level"] < 3]
    count = Counter(row["state"] for row in asked)
    return _line(
        [name, *(count[state] for state in STATES), len(asked), len(rows) - len(asked) or ""]
    )


def _test(node: str) -> str:
    file, _colons, name = node.partition("::")
    return f"[{name}](../{file})"


def _how(row: Row) -> str:
    tests = ", ".join(_test(node) for node in row.get("tests", ()))
    return ". ".join(part for part in (tests, row.get("note", "")) if part)


def _table(rows: Iterable[Row]) -> Iterator[str]:
    yield _line(["Id", "Level", "What we make of it", "State", "How"])
    yield "|---|---|---|---|---|"
    for row in rows:
        yield _line([row["id"], row["level"], row["ours"], STATES[row["state"]], _how(row)])


def page(rows: list[Row]) -> str:
    """Return the page for the rows."""
    lines = [INTRODUCTION, *_counts(rows), "", "## What is open", ""]
    lines += _table(row for row in rows if row["state"] == "open")
    for number, name in CHAPTERS.items():
        lines += ["", f"## V{number} {name}", ""]
        lines += _table(row for row in rows if chapter_of(row) == number)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(read()), encoding="utf-8")
