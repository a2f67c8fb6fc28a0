"""The papers' own words in the reader's language.

Questions, rules, conflicts and findings bring their words with the rule file. Headings and notes
of the papers are English in the code and German in ``locale/de/rooms_exports.po`` under the context
``report``; the stdlib reads the merged catalogue, so that nothing here needs Django.
"""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

CONTEXT: Final = "report"
_LOCALE: Final = Path(__file__).resolve().parent.parent / "locale"
_MONTHS: Final = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_CURRENCY_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£"}


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation("django", str(_LOCALE), [lang], fallback=True)


def say(message: str, lang: str, **values: object) -> str:
    """Return an English message in a language, with its ``{values}`` filled in."""
    if lang != "en":
        message = _catalogue(lang).pgettext(CONTEXT, message)
    return message.format(**values) if values else message


def number(value: float, lang: str, digits: int = 0) -> str:
    """Write a number for reading: decimal comma and points in German.

    Examples
    --------
    >>> number(1234.5, "de", 1), number(1234.5, "en", 1)
    ('1.234,5', '1,234.5')
    """
    written = f"{value:,.{digits}f}"
    return written.translate(str.maketrans(",.", ".,")) if lang == "de" else written


def plain_number(value: float, lang: str) -> str:
    """Write a number with as many digits as it has, at most two."""
    rounded = round(float(value), 2)
    digits = 0 if rounded == int(rounded) else (1 if rounded * 10 == int(rounded * 10) else 2)
    return number(rounded, lang, digits)


def money(thousands: float, lang: str, currency: str = "EUR") -> str:
    """Write an amount of a room, which counts in thousands, as a reader says it.

    Examples
    --------
    >>> money(240, "de"), money(1200, "en"), money(1200, "de")
    ('240.000 €', '€1.2m', '1,2 Mio. €')
    """
    sign = _CURRENCY_SIGNS.get(currency, currency)
    if abs(thousands) >= 1000:
        amount, unit = (
            plain_number(thousands / 1000, lang),
            {"de": " Mio.", "en": "m"}[lang],
        )
    else:
        amount, unit = number(round(thousands * 1000), lang), ""
    if lang == "de":
        return f"{amount}{unit} {sign}"
    minus = "−" if thousands < 0 else ""
    gap = "" if sign in _CURRENCY_SIGNS.values() else " "
    return f"{minus}{sign}{gap}{amount.lstrip('-')}{unit}"


def day(value: date, lang: str) -> str:
    """Write a day, ``28. November 2026`` or ``28 November 2026``, that stays on one line."""
    name = _MONTHS[lang].split()[value.month - 1]
    return f"{value.day}{'.' if lang == 'de' else ''}\u00a0{name}\u00a0{value.year}"


def month(value: str, lang: str) -> str:
    """Write a month given as ``YYYY-MM``; anything else is returned as it is."""
    try:
        year, index = (int(part) for part in value.split("-"))
        return f"{_MONTHS[lang].split()[index - 1]} {year}"
    except (ValueError, IndexError):
        return value


def listing(parts: Sequence[str], lang: str) -> str:
    """Join names: ``A, B and C``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {say('and', lang)} {parts[-1]}"
