"""Postal codes of Germany, Austria, Switzerland and Liechtenstein with their coordinates.

Made from GeoNames (CC BY 4.0, www.geonames.org); means of the places of a code.
"""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice, takewhile

from mutualist.domain.programme.routing.model import Place
from mutualist.domain.shared.errors import MutualistError
from mutualist.library.words import N_, text

COUNTRIES = ("DE", "AT", "CH", "LI")
NOTICE = "GeoNames, CC BY 4.0"
#: Places of one name within so many degrees are one town; farther apart they are several.
TOWN_DEGREES = 0.5
#: As people write a code for letters from abroad.
_ABROAD = re.compile(
    r"(?:(DE|AT|CH|LI|D|A|FL)[\s-]*)?([0-9]{4,5})(?:[\s,]+[^0-9].*)?", re.IGNORECASE
)
_LANDS = {"D": "DE", "A": "AT", "FL": "LI"}
_LONG = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class UnknownPlaceError(MutualistError):
    """There is no such postal code; says which come nearest in the table.

    Parameters
    ----------
    near
        Codes of the country that begin alike.
    elsewhere
        Countries that do have the code.
    """

    def __init__(
        self, country: str, code: str, near: tuple[str, ...], elsewhere: tuple[str, ...] = ()
    ) -> None:
        self.country, self.code, self.near, self.elsewhere = country, code, near, elsewhere
        super().__init__(self.message())

    def message(self, lang: str = "en") -> str:
        """Return what is wrong and what to try, in ``de`` or ``en``."""
        if self.country not in COUNTRIES:
            said = N_("Postal codes of {country} are not known; there are those of {known}.")
            return text(said, lang, country=self.country or "–", known=", ".join(COUNTRIES))
        if self.code and not self.code.isdigit():
            said = N_("No place “{code}” is known in {country}. Write the postal code.")
            return text(said, lang, code=self.code[:60], country=self.country)
        if self.elsewhere:
            said = N_("There is no postal code {code} in {country}, but in {others}.")
            others = ", ".join(self.elsewhere)
            return text(said, lang, code=self.code, country=self.country, others=others)
        said = N_("There is no postal code {code} in {country}. Near it: {near}.")
        near = ", ".join(self.near) or "–"
        return text(said, lang, code=self.code or "–", country=self.country, near=near)


class SeveralPlacesError(UnknownPlaceError):
    """A name that several places far from each other have; ``near`` says which, with their codes."""

    def message(self, lang: str = "en") -> str:
        """Return which places there are, in ``de`` or ``en``."""
        said = N_("There are several places called “{code}”: {near}. Write the postal code.")
        return text(said, lang, code=self.code[:60], near=", ".join(self.near))


@cache
def _table() -> Mapping[tuple[str, str], tuple[str, float, float]]:
    packed = files("mutualist.library.datasets").joinpath("postal_codes.csv.gz").read_bytes()
    rows = csv.DictReader(gzip.decompress(packed).decode("utf-8").splitlines())
    return {
        (row["country"], row["code"]): (row["place"], float(row["lat"]), float(row["lon"]))
        for row in rows
    }


def place_of(country: str, code: str) -> Place:
    """Return where a postal code is.

    Raises
    ------
    UnknownPlaceError
        If the table has no such code.

    Examples
    --------
    >>> place_of("DE", "70173")
    Place(lat=48.7742, lon=9.1786)
    """
    found = _table().get((country.strip().upper(), code.strip()))
    if found is None:
        land, wanted = country.strip().upper(), code.strip()
        others = tuple(one for one in COUNTRIES if one != land and (one, wanted) in _table())
        raise UnknownPlaceError(land, wanted, _near(country, code), others)
    return Place(found[1], found[2])


def code_at(country: str, written: str) -> tuple[str, str]:
    """Return country and postal code of what somebody wrote: a code, with a country or a place beside, or a name.

    A name stands for the first code of its place, so that every spelling leads to the same point.

    Raises
    ------
    UnknownPlaceError
        If there is no such place, or several of the name far from each other.

    Examples
    --------
    >>> [code_at("DE", one)[1] for one in ("80331", "D-80331 München", "MUENCHEN", "Munchen")]
    ['80331', '80331', '80331', '80331']
    >>> code_at("DE", "CH-8001")
    ('CH', '8001')
    """
    land, clean = country.strip().upper(), " ".join(written.split())
    if clean.replace(" ", "").isdigit():
        clean = clean.replace(" ", "")
    found = _ABROAD.fullmatch(clean)
    if found is not None:
        named = (found[1] or "").upper()
        land, code = _LANDS.get(named, named) or land, found[2]
        place_of(land, code)
        return land, code
    if land not in COUNTRIES or not any(sign.isalpha() for sign in clean):
        raise UnknownPlaceError(land, clean, _near(land, clean))
    codes = next((_names()[land, one] for one in _folded(clean) if (land, one) in _names()), ())
    if not codes:
        raise UnknownPlaceError(land, clean, ())
    first = place_of(land, codes[0])
    far = [one for one in codes if _degrees(place_of(land, one), first) > TOWN_DEGREES]
    if far:
        listed = {name_of_place(land, one): one for one in reversed((codes[0], *far))}
        told = tuple(sorted(f"{one} {name}" for name, one in listed.items()))
        raise SeveralPlacesError(land, clean, told[:5])
    return land, codes[0]


def _degrees(one: Place, other: Place) -> float:
    return max(abs(one.lat - other.lat), abs(one.lon - other.lon))


def _folded(name: str) -> tuple[str, str]:
    """Return how a name is looked up: ``muenchen`` and ``munchen``."""
    small = " ".join(re.sub(r"[^\w]+", " ", name.casefold()).split())
    ways = (unicodedata.normalize("NFKD", one) for one in (small.translate(_LONG), small))
    first, second = (
        "".join(sign for sign in one if not unicodedata.combining(sign)) for one in ways
    )
    return first, second


@cache
def _names() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the codes of each name by country; a part of a town belongs to the town unless its own name is that."""
    exact: dict[tuple[str, str], set[str]] = {}
    parts: dict[tuple[str, str], set[str]] = {}
    for (land, code), (name, _lat, _lon) in _table().items():
        town = re.sub(r"\s+[0-9]+$", "", name.partition(",")[0])
        for one in _folded(town):
            exact.setdefault((land, one), set()).add(code)
            head = one
            while " " in head:
                head = head.rpartition(" ")[0]
                parts.setdefault((land, head), set()).add(code)
    found = parts | exact
    return {key: tuple(sorted(codes)) for key, codes in found.items()}


def name_of_place(country: str, code: str) -> str:
    """Return the place of a postal code; empty if the table has none."""
    found = _table().get((country.strip().upper(), code.strip()))
    return found[0] if found else ""


@cache
def _codes(land: str) -> tuple[str, ...]:
    return tuple(sorted(code for where, code in _table() if where == land))


@lru_cache(maxsize=10_000)
def _near(country: str, code: str) -> tuple[str, ...]:
    """Return up to three codes of the country that share the longest beginning.

    Routing asks for every partner of a programme, and many have codes that no table knows.
    """
    land, wanted = country.strip().upper(), code.strip()
    for length in range(len(wanted) - 1, 0, -1):
        alike = _beginning(land, wanted[:length])
        if alike:
            return tuple(sorted(alike, key=lambda one: (_apart(one, wanted), one))[:3])
    return ()


def _beginning(land: str, start: str) -> list[str]:
    codes = _codes(land)
    first = bisect_left(codes, start)
    return list(takewhile(lambda one: one.startswith(start), islice(codes, first, None)))


def _apart(one: str, other: str) -> int:
    return abs(int(one) - int(other)) if one.isdigit() and other.isdigit() else 0
