"""A customer as a registration names it, its keys for finding candidates, and how alike two of them are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from mutualist.domain.programme.registration.names import CompanyName, company_name, reduced
from mutualist.domain.programme.registration.numbers import (
    postal_code,
    register_number,
    telling_domain,
    vat_number,
    web_domain,
)
from mutualist.domain.programme.registration.problems import Fault, RegistrationError
from mutualist.domain.programme.registration.tables import matching_table

Decision = Literal["same", "maybe", "different"]
#: A word that stands for a whole name has at least so many letters.
TELLING = 4
WHOLE = 100
#: Names of more letters, in several words, are seldom those of two firms.
RARE = 12
NAME_MOST = 200


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom a project is about, in normal forms: made by :func:`customer`.

    Attributes
    ----------
    name
        As it was written.
    country
        Two letters.
    """

    name: str
    country: str
    postal_code: str = ""
    domain: str = ""
    vat: str = ""
    register: str = ""

    @property
    def parts(self) -> CompanyName:
        """The name, taken apart."""
        return company_name(self.name)


@dataclass(frozen=True, slots=True)
class Keys:
    """What candidates share with a customer; an empty one finds nothing.

    Attributes
    ----------
    place
        Postal code and the first letters of the name.
    sound
        Region and the sound of the first telling word.
    claim
        What only one protected registration of a programme may have.
    """

    vat: str
    register: str
    domain: str
    name: str
    place: str
    sound: str
    claim: str

    def blocks(self) -> dict[str, str]:
        """Return the keys that find candidates, by their names."""
        found = {
            "vat": self.vat,
            "register": self.register,
            "domain": self.domain,
            "name": self.name,
            "place": self.place,
            "sound": self.sound,
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Reason:
    """What spoke for or against: a code of matching.yaml, its points, and both values."""

    code: str
    points: int
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two customers are one firm, and why.

    Attributes
    ----------
    likeness
        Of the names, in whole per cent.
    version
        Of the points that were used.
    """

    decision: Decision
    points: int
    likeness: int
    reasons: tuple[Reason, ...]
    version: str


def customer(
    name: str,
    country: str,
    *,
    postcode: str = "",
    domain: str = "",
    vat: str = "",
    register: str = "",
) -> Customer:
    """Bring what somebody wrote about a firm into normal forms.

    Raises
    ------
    RegistrationError
        With every fault, not the first alone.
    """
    faults: list[Fault] = []
    written = " ".join(name.split())
    if not written or len(written) > NAME_MOST or not any(map(str.isalnum, written)):
        faults.append(Fault("name", "name", written[:NAME_MOST]))
    land = country.strip().upper()
    if not (len(land) == 2 and land.isascii() and land.isalpha()):
        faults.append(Fault("country", "country", country.strip(), "DE"))
    found: dict[str, str] = {}
    readers: Mapping[str, Callable[[], str]] = {
        "postal_code": lambda: postal_code(postcode, land) if postcode.strip() else "",
        "domain": lambda: web_domain(domain),
        "vat": lambda: vat_number(vat),
        "register": lambda: register_number(register, land),
    }
    for field, read in readers.items():
        try:
            found[field] = read()
        except RegistrationError as error:
            faults += error.faults
    if faults:
        raise RegistrationError(*faults)
    return Customer(written, land, **found)


def keys_of(one: Customer) -> Keys:
    """Return the keys by which a customer and its doubles find each other."""
    parts = one.parts
    spot = f"{one.country}:{one.postal_code}"
    place = f"{spot}:{parts.compact[:2]}" if one.postal_code else ""
    region = _region(one)
    # Without a number, a firm is its name, form and place.
    exact = f"name:{spot}:{parts.key}:{parts.form}"
    number = (one.vat and f"vat:{one.vat}") or (one.register and f"register:{one.register}")
    return Keys(
        vat=one.vat,
        register=one.register,
        domain=telling_domain(one.domain),
        name=parts.key,
        place=place,
        sound=f"{one.country}:{region}:{parts.sound}",
        claim=number or exact,
    )


def _region(one: Customer) -> str:
    return one.postal_code[: 2 if one.country == "DE" else 1]


def likeness(mine: CompanyName, theirs: CompanyName) -> int:
    """Return how alike two names are, in whole per cent: the order of words and umlauts do not count."""
    if mine.key == theirs.key:
        return WHOLE
    if mine.compact == theirs.compact:
        return WHOLE
    sorted_words = fuzz.ratio(mine.key, theirs.key)
    in_one = fuzz.ratio(mine.compact, theirs.compact)
    return min(99, round(max(sorted_words, in_one)))


def is_rare(name: CompanyName) -> bool:
    """Whether a name is long enough to belong to few firms; in another region it is looked for, too."""
    return len(name.strong) > 1 and len(name.key) > RARE


def within(mine: CompanyName, theirs: CompanyName) -> bool:
    """Whether one name holds the other whole: a firm and its branch, a short and a long name."""
    short, long = sorted((mine, theirs), key=lambda one: len(one.strong))
    words = {reduced(one) for one in long.words}
    telling = [reduced(one) for one in short.strong]
    return max(map(len, telling)) >= TELLING and all(one in words for one in telling)


def compare(mine: Customer, theirs: Customer) -> Comparison:
    """Say whether two customers are the same firm.

    Points of `matching.yaml` are added for what both give. Numbers of a register decide where both give them:
    equal ones make the same firm, others make different ones, whatever the names say. An equal domain makes two firms
    perhaps the same, however little their names agree: a trade name and the firm behind it share hardly a word.
    """
    table = matching_table()
    alike = likeness(mine.parts, theirs.parts)
    reasons = [
        *_of_names(mine, theirs, alike),
        *_of_numbers(mine, theirs),
        *_of_places(mine, theirs),
    ]
    points = sum(one.points for one in reasons)
    codes = {one.code for one in reasons}
    decision: Decision = "different"
    if points >= table["same"]:
        decision = "same"
    elif points >= table["maybe"] or "domain_equal" in codes:
        decision = "maybe"
    if codes & {"vat_equal", "register_equal"} and not codes & {"vat_other", "register_other"}:
        decision = "same"
    elif codes & {"vat_other", "register_other"} and not codes & {"vat_equal", "register_equal"}:
        decision = "different"
    elif codes & {"vat_equal", "register_equal"}:
        decision = "maybe"
    return Comparison(decision, points, alike, tuple(reasons), table["version"])


def _reason(code: str, mine: str, theirs: str) -> Reason:
    return Reason(code, matching_table()[code], mine, theirs)


def _of_names(mine: Customer, theirs: Customer, alike: int) -> list[Reason]:
    table = matching_table()
    points = next(step["points"] for step in table["name"] if alike >= step["likeness"])
    found = [Reason("name", points, mine.name, theirs.name)]
    if points < table["name_within"] and within(mine.parts, theirs.parts):
        found = [_reason("name_within", mine.name, theirs.name)]
    elif alike == WHOLE and is_rare(mine.parts):
        found.append(_reason("name_rare", mine.name, theirs.name))
    forms = mine.parts.form, theirs.parts.form
    if all(forms) and forms[0] != forms[1]:
        found.append(_reason("form_other", *forms))
    return found


def _of_numbers(mine: Customer, theirs: Customer) -> list[Reason]:
    pairs = {
        "vat": (mine.vat, theirs.vat),
        "register": (mine.register, theirs.register),
        "domain": (telling_domain(mine.domain), telling_domain(theirs.domain)),
    }
    return [
        _reason(f"{name}_{'equal' if one == other else 'other'}", one, other)
        for name, (one, other) in pairs.items()
        if one and other
    ]


def _of_places(mine: Customer, theirs: Customer) -> list[Reason]:
    if mine.country != theirs.country:
        return [_reason("country_other", mine.country, theirs.country)]
    if not (mine.postal_code and theirs.postal_code):
        return []
    code = "postcode_other"
    if mine.postal_code == theirs.postal_code:
        code = "postcode_equal"
    elif _region(mine) == _region(theirs):
        code = "region_equal"
    return [_reason(code, mine.postal_code, theirs.postal_code)]
