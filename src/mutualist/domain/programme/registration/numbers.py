"""Numbers that name a company for sure: VAT ids, entries of a register, Swiss enterprise ids; postal codes; domains."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from mutualist.domain.programme.registration.problems import Fault, RegistrationError
from mutualist.domain.programme.registration.tables import domain_table, folded

_DE_REGISTER = re.compile(
    r"\b(HRA|HRB|GNR|PR|VR|GSR|GUR)[\s.:]*(?:NR[\s.:]*)?(\d{1,7})\s*([A-Z]{0,4})\b"
)
_AT_REGISTER = re.compile(r"^(?:FN)?\s*(\d{1,6})\s*([A-Z])$")
_CH_UID = re.compile(
    r"^(?:CHE|CH|ADM)?[\s\-.]*(\d{3})[\s\-.]*(\d{3})[\s\-.]*(\d{3})(?:[\s\-.]*(?:MWST|TVA|IVA|VAT))?$"
)
_LI_REGISTER = re.compile(r"^(?:FL)?[\s\-.]*(\d{4})[\s.]*(\d{3})[\s.]*(\d{3})[\s\-]*(\d)$")
_COURT_WORDS = frozenset(
    {"amtsgericht", "ag", "registergericht", "handelsregister", "register", "beim", "des", "nr"}
)
_EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "EL",
        "ES",
        "FI",
        "FR",
        "GB",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
        "XI",
    ]
)
_LABEL = re.compile(r"^(?!-)[a-z0-9\-]{1,63}(?<!-)$")
_POSTCODES: Mapping[str, re.Pattern[str]] = {
    "DE": re.compile(r"^\d{5}$"),
    **dict.fromkeys(("AT", "CH", "LI"), re.compile(r"^\d{4}$")),
}
MOST_LETTERS = 20


def _of_germany(digits: str) -> bool:
    """Check nine digits after ISO 7064 MOD 11,10, as the Federal Central Tax Office gives them."""
    product = 10
    for digit in digits[:8]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(digits[8])


def _of_austria(digits: str) -> bool:
    """Check eight digits: every second of the first seven is doubled, digits of the products are added."""
    total = sum(
        sum(divmod(int(digit) * (1 + position % 2), 10))
        for position, digit in enumerate(digits[:7])
    )
    return (10 - (total + 4) % 10) % 10 == int(digits[7])


def _of_switzerland(digits: str) -> bool:
    """Check nine digits modulo 11 with the weights 5 4 3 2 7 6 5 4 (eCH-0097)."""
    total = sum(int(d) * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4), strict=False))
    return (11 - total % 11) % 11 == int(digits[8])


_VAT: Mapping[str, tuple[re.Pattern[str], Callable[[str], bool] | None, str]] = {
    "DE": (re.compile(r"^(\d{9})$"), _of_germany, "DE123456788"),
    "AT": (re.compile(r"^U(\d{8})$"), _of_austria, "ATU12345675"),
    "CHE": (re.compile(r"^(\d{9})$"), _of_switzerland, "CHE-123.456.788 MWST"),
    "LI": (re.compile(r"^(\d{5})$"), None, "LI12345"),
}


def vat_number(text: str) -> str:
    """Return a VAT id in its normal form, such as ``DE136695976``; nothing for nothing.

    Raises
    ------
    RegistrationError
        ``vat_form`` if it looks like none, ``vat_check`` if its check digit does not fit.
    """
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    if not plain:
        return ""
    plain = re.sub(r"^(CHE\d{9})(MWST|TVA|IVA|VAT)$", r"\1", plain)
    prefix = "CHE" if plain.startswith("CHE") else plain[:2]
    if prefix in _VAT:
        pattern, fits, wanted = _VAT[prefix]
        found = pattern.match(plain[len(prefix) :])
        if found is None:
            raise RegistrationError(Fault("vat_form", "vat", text.strip(), wanted))
        if fits and not fits(found[1]):
            raise RegistrationError(Fault("vat_check", "vat", text.strip(), wanted))
        return plain
    if prefix in _EU and re.fullmatch(r"[0-9A-Z]{5,12}", plain[2:]):
        return plain
    raise RegistrationError(Fault("vat_form", "vat", text.strip(), _VAT["DE"][2]))


def register_number(text: str, country: str) -> str:
    """Return an entry of a register in its normal form, court included; nothing for nothing.

    ``DE:muenchen:HRB42243``, ``AT:FN112233X``, ``CHE116281710``, ``LI:FL00021234567``; of other countries the
    letters and digits as they are.

    Raises
    ------
    RegistrationError
        ``register_form``, or ``register_court`` if a German number comes without its court, or ``register_check``.
    """
    plain = " ".join(text.upper().split())
    if not plain:
        return ""
    readers = {"DE": _german, "AT": _austrian, "CH": _swiss, "LI": _liechtenstein}
    if country in readers:
        return readers[country](plain)
    return f"{country}:" + re.sub(r"[^0-9A-Z]", "", plain)[:40]


def _german(plain: str) -> str:
    found = _DE_REGISTER.search(plain)
    if found is None:
        raise RegistrationError(
            Fault("register_form", "register", plain, "HRB 12345, Amtsgericht München")
        )
    around = folded(plain[: found.start()] + " " + plain[found.end() :]).split()
    court = "-".join(one for one in around if one not in _COURT_WORDS)
    if not court:
        raise RegistrationError(
            Fault("register_court", "register", plain, f"{plain}, Amtsgericht München")
        )
    return f"DE:{court}:{found[1]}{int(found[2])}{found[3]}"


def _austrian(plain: str) -> str:
    found = _AT_REGISTER.match(plain)
    if found is None:
        raise RegistrationError(Fault("register_form", "register", plain, "FN 123456 a"))
    return f"AT:FN{int(found[1])}{found[2]}"


def _swiss(plain: str) -> str:
    found = _CH_UID.match(plain)
    if found is None:
        raise RegistrationError(Fault("register_form", "register", plain, "CHE-123.456.788"))
    digits = found[1] + found[2] + found[3]
    if not _of_switzerland(digits):
        raise RegistrationError(Fault("register_check", "register", plain, "CHE-123.456.788"))
    return f"CHE{digits}"


def _liechtenstein(plain: str) -> str:
    found = _LI_REGISTER.match(plain)
    if found is None:
        raise RegistrationError(Fault("register_form", "register", plain, "FL-0002.123.456-7"))
    return "LI:FL" + "".join(found.groups())


def web_domain(text: str) -> str:
    """Return the registrable domain of an address, a mail address or a name; nothing for nothing.

    Raises
    ------
    RegistrationError
        ``domain_form`` if there is no domain in it.
    """
    plain = text.strip().lower()
    if not plain:
        return ""
    host = plain.rpartition("@")[2]
    try:
        host = urlsplit(host if "://" in host else f"//{host}").hostname or ""
        host = host.rstrip(".").encode("idna").decode()
    except (ValueError, UnicodeError):
        host = ""
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.match(one) for one in labels) or labels[-1].isdigit():
        raise RegistrationError(Fault("domain_form", "domain", text.strip(), "nordwerk.de"))
    size = 3 if ".".join(labels[-2:]) in domain_table().endings else 2
    return ".".join(labels[-size:])


def telling_domain(domain: str) -> str:
    """Return the domain if it says something about a firm: free mail and builders of sites do not."""
    return "" if domain in domain_table().nobodys or domain in domain_table().endings else domain


def postal_code(text: str, country: str) -> str:
    """Return a postal code as it is written in its country.

    Raises
    ------
    RegistrationError
        ``postal_code`` if it has another form than those of Germany, Austria, Switzerland, Liechtenstein.
    """
    plain = re.sub(rf"^{country}\s*-\s*", "", text.strip().upper())
    plain = re.sub(r"^(D|A|CH|FL)\s*-\s*", "", plain)
    pattern = _POSTCODES.get(country)
    if pattern is None:
        return plain[:MOST_LETTERS]
    if not pattern.match(plain):
        wanted = "80331" if country == "DE" else "1010"
        raise RegistrationError(Fault("postal_code", "postal_code", text.strip(), wanted))
    return plain
