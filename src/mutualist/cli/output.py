"""Where results go: data to stdout or a file, everything else to stderr."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final

from mutualist.cli.context import _, paint, settings
from mutualist.cli.run import CommandError
from mutualist.library.words import N_

# How letters are spelled on a terminal that lacks them.
PLAINER: Final = str.maketrans(
    {
        "–": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "…": "...",
        "€": "EUR", "·": "|", "→": "->", "●": "!", "✓": "+", "✗": "-", "\u202f": " ", "\u00a0": " ",
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss",
    }
)  # fmt: skip


#: What the system says most often; it knows no language but English here.
REASONS: Final = (
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("Is a directory"),
    N_("Permission denied"),
    N_("Read-only file system"),
    N_("No space left on device"),
)


def refuse_overwriting(target: Path | None, *, force: bool) -> None:
    """Stop before work is done when its result would replace a file."""
    if target is not None and target.exists() and not force:
        raise CommandError(_("{file} exists. With --force it is replaced.", file=target))


def deliver(content: str | bytes, target: Path | None = None) -> None:
    """Write a result to stdout or to a file.

    Bytes never go to a terminal: there they are refused with a hint.
    """
    if target is None:
        if isinstance(content, bytes) and sys.stdout.isatty():
            raise CommandError(_("This is not readable on a screen: give a file with -o."))
        _to_stdout(content)
        return
    raw = content.encode() if isinstance(content, str) else content
    try:
        _write_whole(target, raw)
    except OSError as error:
        raise CommandError(
            _("{file} can't be written: {reason}.", file=target, reason=reason_of(error))
        ) from error
    tell(_("Written: {file}", file=target))


def _to_stdout(content: str | bytes) -> None:
    try:
        if isinstance(content, bytes):
            sys.stdout.buffer.write(content)
        else:
            _write_text(content if content.endswith("\n") else content + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        said = _("The output can't be written: {reason}.", reason=reason_of(error))
        raise CommandError(said) from error


def _write_whole(target: Path, raw: bytes) -> None:
    """Write a file that appears when it is whole: a full disk leaves the one before as it was."""
    if target.exists() and not target.is_file():
        target.write_bytes(raw)
        return
    target = target.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(raw)
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def reason_of(error: OSError) -> str:
    """Return why the system refused a file, in the user's language where the reason is a usual one."""
    return _(error.strerror) if error.strerror in REASONS else error.strerror or str(error)


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
