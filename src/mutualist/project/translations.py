"""Merge the German catalogues, one per area, into the file Django reads.

``locale/de/*.po`` are kept apart so that each stays short and has one subject;
``locale/de/LC_MESSAGES/django.mo`` is made from them and is never committed.
"""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


class ConflictingTranslationError(ValueError):
    """One message has two different translations in the areas' catalogues."""


def read_catalogue(language: str = "de") -> Catalog:
    """Read all areas of a language into one catalogue.

    Raises
    ------
    ConflictingTranslationError
        When two areas translate one message differently.
    """
    merged = Catalog(locale=language, domain="django", fuzzy=False)
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if not message.id:
                    continue
                known = merged.get(message.id, context=message.context)
                if known is not None and known.string != message.string:
                    raise ConflictingTranslationError(f"{path.name}: {message.id!r}")
                merged.add(message.id, message.string, context=message.context)
    return merged


def write_catalogue(language: str = "de") -> Path:
    """Write ``django.mo`` of a language when an area is newer; return its path."""
    target = LOCALE / language / "LC_MESSAGES" / "django.mo"
    sources = [*(LOCALE / language).glob("*.po"), LOCALE / language]
    if target.exists() and all(p.stat().st_mtime <= target.stat().st_mtime for p in sources):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{os.getpid()}.{target.name}")
    try:
        with draft.open("wb") as file:
            write_mo(file, read_catalogue(language))
        # Whole or not at all: a server that reads half a file answers nothing in this language.
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


if __name__ == "__main__":
    write_catalogue()
