"""Bank accounts: the normal form of an IBAN and a BIC, and what is wrong with one."""

from __future__ import annotations

import re
from typing import Final, Literal

#: Length of an IBAN by country: the SEPA area and neighbours (IBAN registry of SWIFT, as read in November 2026).
LENGTHS: Final = {
    "AD": 24, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18,
    "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29, "VA": 22, "XK": 20,
}  # fmt: skip
_SHAPE: Final = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")
_BIC: Final = re.compile("[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
#: In how many of these the figures between country and end are digits only: a letter there is a slip.
_DIGITS_ONLY: Final = frozenset({"AT", "BE", "CZ", "DE", "DK", "EE", "ES", "FI", "HR", "HU", "LT", "NO", "PL", "PT", "SE", "SI", "SK"})  # fmt: skip

IbanFault = Literal["", "shape", "country", "length", "letters", "check"]


def normal_iban(text: str) -> str:
    """Return an IBAN without blanks and in capital letters.

    Examples
    --------
    >>> normal_iban("de89 3704 0044 0532 0130 00")
    'DE89370400440532013000'
    """
    return re.sub(r"[\s\u200b\u2060-]", "", text).upper().removeprefix("IBAN").lstrip(":")


def iban_fault(text: str) -> IbanFault:
    """Say what is wrong with an IBAN; nothing if it can be right (ISO 13616, check digits by ISO 7064 mod 97-10).

    Examples
    --------
    >>> iban_fault("DE89 3704 0044 0532 0130 00"), iban_fault("DE88 3704 0044 0532 0130 00"), iban_fault("DE89")
    ('', 'check', 'shape')
    """
    iban = normal_iban(text)
    if not _SHAPE.fullmatch(iban):
        return "shape"
    country = iban[:2]
    if country not in LENGTHS:
        return "country"
    if len(iban) != LENGTHS[country]:
        return "length"
    if country in _DIGITS_ONLY and not iban[2:].isdigit():
        return "letters"
    number = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
    # Check digits 00, 01 and 99 would pass the division as well, and are never given.
    return "" if int(number) % 97 == 1 and 2 <= int(iban[2:4]) <= 98 else "check"


def grouped_iban(iban: str) -> str:
    """Return an IBAN in groups of four, as people read it."""
    plain = normal_iban(iban)
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def is_bic(text: str) -> bool:
    """Say whether a text has the form of a BIC (ISO 9362)."""
    return _BIC.fullmatch(text) is not None
