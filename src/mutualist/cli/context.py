"""What holds for one run of the command line: language, colour, how talkative."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import IO, Final, TextIO

from mutualist.library.words import Language, language, text

DONE: Final = 0
ERROR: Final = 1
USAGE: Final = 2
CONDITION_MET: Final = 3
NOT_OPEN: Final = 4
INTERRUPTED: Final = 130


@dataclass(frozen=True)
class Settings:
    """The options that every command takes."""

    lang: Language = "en"
    quiet: bool = False
    no_color: bool = False


class _Current:
    settings: Settings = Settings()


def use(settings: Settings) -> None:
    """Make settings those of this run."""
    _Current.settings = settings


def settings() -> Settings:
    """Return the settings of this run."""
    return _Current.settings


def lang() -> Language:
    """Return the language of this run."""
    return _Current.settings.lang


def _(message: str, **values: object) -> str:
    """Return a message in the language of this run."""
    return text(message, _Current.settings.lang, **values)


def coloured(stream: IO[str]) -> bool:
    """Tell whether a stream gets colour: a terminal, and nobody said no."""
    if _Current.settings.no_color or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def unicode_ok(stream: TextIO) -> bool:
    """Tell whether a stream can show bars and dots; else they are made of ASCII."""
    try:
        "█●→–".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class GlobalOptionError(ValueError):
    """An option that every command takes has a wrong value."""


def split_global(arguments: list[str]) -> tuple[Settings, list[str]]:
    """Take ``--lang``, ``--quiet`` and ``--no-color`` out of the arguments, wherever they stand.

    Raises
    ------
    GlobalOptionError
        When ``--lang`` has no value or another than de or en.
    """
    rest: list[str] = []
    wanted: str | None = None
    quiet = no_color = False
    queue = list(arguments)
    while queue:
        argument = queue.pop(0)
        if argument == "--":
            rest += [argument, *queue]
            break
        if argument == "--lang":
            if not queue:
                raise GlobalOptionError("--lang")
            wanted = queue.pop(0)
        elif argument.startswith("--lang="):
            wanted = argument.partition("=")[2]
        elif argument in {"--quiet", "-q"}:
            quiet = True
        elif argument in {"--no-color", "--no-colour"}:
            no_color = True
        else:
            rest.append(argument)
    try:
        chosen = language(wanted)
    except ValueError as error:
        raise GlobalOptionError(str(error)) from error
    return Settings(chosen, quiet, no_color), rest


def paint(written: str, style: str, stream: IO[str] | None = None) -> str:
    """Put ANSI codes around a text when its stream gets colour."""
    codes = {"bold": "1", "dim": "2", "accent": "36", "red": "31", "title": "1;36"}
    if not coloured(stream or sys.stdout):
        return written
    return f"\x1b[{codes[style]}m{written}\x1b[0m"
