"""The papers' own words in the reader's language.

Questions, rules, conflicts and findings bring their words with the rule file. Headings and notes
of the papers are English in the code and German in ``locale/de/rooms_exports.po`` under the context
``report``; the stdlib reads the merged catalogue, so that nothing here needs Django.
"""

from __future__ import annotations

import gettext
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from mutualist.domain.assess import wording

CONTEXT: Final = "report"
_LOCALE: Final = Path(__file__).resolve().parent.parent / "locale"
_MONTHS: Final = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation("django", str(_LOCALE), [lang], fallback=True)


def say(message: str, lang: str, **values: object) -> str:
    """Return an English message in a language, with its ``{values}`` filled in."""
    if lang != "en":
        message = _catalogue(lang).pgettext(CONTEXT, message)
    return message.format(**values) if values else message


def money(thousands: float, lang: str, currency: str = "EUR") -> str:
    r"""Write an amount of a room, which counts in thousands; number and sign stay on one line.

    Examples
    --------
    >>> money(240, "de"), money(1200, "en")
    ('240.000\xa0€', '€1.2m')
    """
    return wording.money(thousands, currency, lang).replace(" ", "\u00a0")


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
