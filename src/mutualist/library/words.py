"""The library's and the command line's own sentences in the reader's language.

Questions, rules and findings bring their words with the rule file. What is left -- headings,
column names, error messages -- is English in the code and German in ``locale/de/cli.po``. The
stdlib reads the merged catalogue in a few milliseconds, so that nothing here needs Django.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast

Language = Literal["de", "en"]
LANGUAGES: Final = ("de", "en")
_LOCALE: Final = Path(__file__).resolve().parent.parent / "locale"
_ENVIRONMENT: Final = ("MUTUALIST_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation("django", str(_LOCALE), [lang], fallback=True)


def text(message: str, lang: str, **values: object) -> str:
    """Return a message in a language, with its ``{values}`` filled in.

    Parameters
    ----------
    message : str
        The English sentence as it stands in the code.
    lang : {"de", "en"}
        The reader's language.
    **values
        What to put into the braces of the sentence.

    Examples
    --------
    >>> text("{count} of {total}", "en", count=14, total=50)
    '14 of 50'
    """
    if lang != "en":
        message = _catalogue(lang).gettext(message)
    return message.format(**values) if values else message


def N_(message: str) -> str:  # noqa: N802 - the name that message catalogues look for
    """Name a message that is translated later."""
    return message


def language(wanted: str | None = None) -> Language:
    """Return ``wanted`` or, without it, the language of the environment.

    ``MUTUALIST_LANG`` comes before the locale variables; anything that is not German is English.

    Raises
    ------
    ValueError
        When a language is wanted that there is none of.
    """
    if wanted is not None:
        if wanted not in LANGUAGES:
            raise ValueError(f"language {wanted!r}: choose one of {', '.join(LANGUAGES)}")
        return cast("Language", wanted)
    for name in _ENVIRONMENT:
        value = os.environ.get(name)
        if value:
            return "de" if value.lower().startswith("de") else "en"
    return "en"


def number(value: float, lang: str, digits: int = 0) -> str:
    """Write a number for reading: decimal comma and points in German.

    Examples
    --------
    >>> number(1234.5, "de", 1), number(1234.5, "en", 1)
    ('1.234,5', '1,234.5')
    """
    written = f"{value:,.{digits}f}"
    if lang == "de":
        return written.translate(str.maketrans(",.", ".,"))
    return written
