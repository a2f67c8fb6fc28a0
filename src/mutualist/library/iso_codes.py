"""Countries of ISO 3166-1 and currencies of ISO 4217, with their names in German and English.

Source: the Common Locale Data Repository, as Babel carries it.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from babel import Locale
from babel.core import get_global

#: Regions and reservations that stand beside the countries there.
_NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
#: Where most of those are who use this: they stand first in lists.
_FIRST = ("DE", "AT", "CH", "LI")


@cache
def country_names(lang: str) -> dict[str, str]:
    """Return the names of countries by their codes, for a list: those of the German language first.

    Examples
    --------
    >>> list(country_names("de").items())[:5]
    [('DE', 'Deutschland'), ('AT', 'Österreich'), ('CH', 'Schweiz'), ('LI', 'Liechtenstein'), ('AF', 'Afghanistan')]
    """
    found = {
        code: str(name)
        for code, name in Locale(lang).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    others = sorted(set(found) - set(_FIRST), key=lambda code: _alphabetical(found[code]))
    return {code: found[code] for code in (*_FIRST, *others)}


def _alphabetical(name: str) -> str:
    """Return a name without its marks: Ägypten stands beside Albanien."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def is_country(code: str) -> bool:
    """Say whether there is a country with this code, Kosovo's XK among them.

    Examples
    --------
    >>> is_country("FR"), is_country("XX"), is_country("fr")
    (True, False, False)
    """
    return code in country_names("en")


@cache
def _tender() -> frozenset[str]:
    rows = (row for rows in get_global("territory_currencies").values() for row in rows)
    return frozenset(code for code, _since, until, tender in rows if until is None and tender)


def is_currency_today(code: str) -> bool:
    """Say whether people pay with this currency somewhere today.

    Examples
    --------
    >>> is_currency_today("EUR"), is_currency_today("DEM"), is_currency_today("XAU")
    (True, False, False)
    """
    return code in _tender()
