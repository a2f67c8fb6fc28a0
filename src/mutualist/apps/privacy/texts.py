"""What people are told about their data (Art. 13 GDPR): the operator's own text, else ours.

Ours is made from the same two files the programs obey, `personal.yaml` and `retention.yaml`, so the
page cannot say anything else than what happens.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutualist.apps.core.environment import SettingError
from mutualist.apps.privacy.holdings import holdings
from mutualist.apps.privacy.retention import policy

#: Changed when the words of our own page change in substance.
VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or a list of an operator's own text."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptWhat:
    """One line of the table: what is kept, about what, and for how long."""

    what: str
    columns: str
    days: int | None
    since: str
    erased: bool


def own_text(language: str) -> str:
    """Return the operator's own text in a language, or nothing."""
    folder = settings.MUTUALIST_PRIVACY_TEXT
    if not folder:
        return ""
    try:
        return (Path(folder) / f"privacy.{language}.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"MUTUALIST_PRIVACY_TEXT: privacy.{language}.md: {error}") from error


def version(language: str) -> str:
    """Return which words somebody was shown: ours by date, an operator's own by its digest."""
    own = own_text(language)
    return hashlib.sha256(own.encode()).hexdigest()[:8] if own else VERSION


def blocks_of(text: str) -> Iterator[Block]:
    """Read headings (``#``), lists (``-``) and paragraphs; everything else stays as it is written."""
    for piece in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in piece.splitlines() if line.strip()]
        if not lines:
            continue
        if lines[0].startswith("#"):
            yield Block("heading", (lines.pop(0).lstrip("# "),))
        if lines and all(line.startswith("- ") for line in lines):
            yield Block("list", tuple(line[2:] for line in lines))
        elif lines:
            yield Block("paragraph", (" ".join(lines),))


def kept(language: str) -> list[KeptWhat]:
    """Return what is kept about people and for how long, as this installation is set."""
    classes = policy().classes
    found = []
    for holding in holdings():
        about = classes[holding.keep]
        found.append(
            KeptWhat(
                what=holding.words[language],
                columns=", ".join(holding.shown),
                days=about.days,
                since=about.words[language],
                erased=holding.erase != "stays",
            )
        )
    return found


def controller() -> str:
    """Return who is responsible, as the operator has named it."""
    return settings.MUTUALIST_CONTROLLER or _("whoever runs this server; no name has been set")


def how_long(row: KeptWhat) -> str:
    """Return a class as words: "30 days after ..."."""
    if row.days is None:
        return row.since
    years, rest = divmod(row.days, 365)
    if years > 1 and not rest:
        return _("%(years)s years %(since)s") % {"years": years, "since": row.since}
    words = ngettext("%(days)s day %(since)s", "%(days)s days %(since)s", row.days)
    return words % {"days": row.days, "since": row.since}


def context(language: str) -> Mapping[str, object]:
    """Return what the page shows."""
    own = own_text(language)
    return {
        "own": list(blocks_of(own)),
        "version": version(language),
        "controller": controller(),
        "rows": [(row, how_long(row)) for row in kept(language)],
        "retention_version": policy().version,
    }
