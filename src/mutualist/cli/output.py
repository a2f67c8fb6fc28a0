"""Where results go: data to stdout or a file, everything else to stderr."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from mutualist.cli.context import _, paint, settings
from mutualist.cli.run import CommandError

# How letters are spelled on a terminal that lacks them.
PLAINER: Final = str.maketrans(
    {
        "–": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "…": "...",
        "€": "EUR", "·": "|", "→": "->", "●": "!", "✓": "+", "✗": "-", "\u202f": " ", "\u00a0": " ",
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss",
    }
)  # fmt: skip


def refuse_overwriting(target: Path | None, *, force: bool) -> None:
    """Stop before work is done when its result would replace a file."""
    if target is not None and target.exists() and not force:
        raise CommandError(_("{file} exists. With --force it is replaced.", file=target))


def deliver(content: str | bytes, target: Path | None = None) -> None:
    """Write a result to stdout or to a file.

    Bytes never go to a terminal: there they are refused with a hint.
    """
    if target is None:
        if isinstance(content, bytes):
            if sys.stdout.isatty():
                raise CommandError(_("This is not readable on a screen: give a file with -o."))
            sys.stdout.buffer.write(content)
            return
        _write_text(content if content.endswith("\n") else content + "\n")
        return
    raw = content.encode() if isinstance(content, str) else content
    try:
        target.write_bytes(raw)
    except OSError as error:
        raise CommandError(
            _("{file} can't be written: {reason}.", file=target, reason=error.strerror)
        ) from error
    tell(_("Written: {file}", file=target))


def _write_text(content: str) -> None:
    """Write text in the terminal's encoding; what it lacks is spelled with plainer letters."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        content.encode(encoding)
    except UnicodeEncodeError:
        plain = content.translate(PLAINER)
        content = plain.encode(encoding, errors="replace").decode(encoding)
    sys.stdout.write(content)


def as_json(document: Any) -> str:
    """Return one JSON document; floats and keys as they are, in their given order."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def tell(message: str) -> None:
    """Say something on stderr, unless the user wants it quiet."""
    if not settings().quiet:
        sys.stderr.write(message + "\n")


def suggest(command: str, why: str) -> None:
    """Name the next command."""
    tell(_("Next") + f": {paint(command, 'accent', sys.stderr)}  {paint(why, 'dim', sys.stderr)}")
