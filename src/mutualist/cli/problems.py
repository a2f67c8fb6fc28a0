"""Lists of what is wrong: the first of them for a person to read, all of them as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from mutualist.cli.context import _, lang
from mutualist.library.words import number

#: More lines than this nobody reads; what comes later often comes of what came first.
SHOWN: Final = 50


def show(
    lines: Sequence[str],
    write: Callable[[str], Any] = print,
    write_more: Callable[[str], Any] = print,
) -> None:
    """Write the first lines, and how many more there are."""
    for line in lines[:SHOWN]:
        write(line)
    more = len(lines) - SHOWN
    if more > 0:
        write_more(_("... and {count} more; --json lists all.", count=number(more, lang())))


def document(problems: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """Return file, place and sentence of each problem as a JSON document."""
    listed = [
        {"file": file, "place": place, "message": message} for file, place, message in problems
    ]
    return {"schema": "mutualist-problems/1", "ok": False, "problems": listed}
