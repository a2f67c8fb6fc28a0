"""Bad input for money, by the vendor's forms and by programs, in both languages: said beside its field, nothing stored."""

from __future__ import annotations

import pytest

from apps.writes.commissions import COMMISSION_API, COMMISSION_PAGES
from apps.writes.wrong_field import refused

pytestmark = pytest.mark.django_db
AMOUNT = {"en": "An amount belongs here", "de": "Hier gehört ein Betrag hin"}
LARGE = {"en": "is too large: amounts go up to", "de": "ist zu groß: Beträge gehen bis"}
DECIMALS = {"en": "more decimals than EUR has (2)", "de": "mehr Nachkommastellen, als EUR hat (2)"}
#: A field, what stands in it, and what is said.
AMOUNTS = [
    ("amount", "NaN", AMOUNT),
    ("amount", "1e400", AMOUNT),
    ("amount", "1.440", AMOUNT),
    ("amount", "9" * 30, LARGE),
    ("amount", "1.234567890123", DECIMALS),
]
BELOW = {
    "book": {"en": "of -5.00 earns nothing", "de": "über -5.00 wird nicht abgerechnet"},
    "cancel": {"en": "above 0; found -5.00", "de": "größer als 0; da steht -5.00"},
}
FUTURE = {"en": "is in the future", "de": ("liegt in der Zukunft", "in der Zukunft liegt")}
NO_RULES = {"en": "No commission rules are in force on 0001-01-01", "de": "0001-01-01"}
NO_DAY = {
    "en": ("A day belongs here", "Enter a valid date"),
    "de": ("Hier gehört ein Tag hin", "gültiges Datum"),
}
PRODUCT = {
    "en": "no rule for the product nothing",
    "de": "Für das Produkt nothing gibt es keine Regel",
}
CURRENCY = {
    "en": ("three letters", "does not fit the pattern"),
    "de": ("drei Buchstaben", "passt nicht zum Muster"),
}
BOOKED = [
    *AMOUNTS,
    ("amount", "-5", BELOW["book"]),
    ("day", "9999-12-31", FUTURE),
    ("day", "0001-01-01", NO_RULES),
    ("day", "2026-02-30", NO_DAY),
    ("product", "nothing", PRODUCT),
    ("currency", "€", CURRENCY),
]
CANCELLED = [
    *AMOUNTS,
    ("amount", "-5", BELOW["cancel"]),
    ("day", "9999-12-31", FUTURE),
    ("day", "2026-02-30", NO_DAY),
]
PAID = [
    ("execute_on", "0001-01-01", {"en": "which is over", "de": "der Tag ist vorbei"}),
    (
        "execute_on",
        "9999-12-31",
        {"en": "a year ahead at most", "de": "höchstens ein Jahr im Voraus"},
    ),
    ("execute_on", "2026-02-30", NO_DAY),
]
CASES = [
    *(("book_commission_invoice", *one) for one in BOOKED),
    *(("cancel_commission_invoice", *one) for one in CANCELLED),
    *(("make_payment_run", *one) for one in PAID),
    *(("commissions:invoice_new", *one) for one in BOOKED),
    *(("commissions:invoice", *one) for one in CANCELLED),
    *(("commissions:payments", *one) for one in PAID),
    (
        "commissions:invoice_new",
        "partner",
        "Nobody",
        {"en": "no partner Nobody", "de": "Einen Partner Nobody gibt es"},
    ),
    ("commissions:partner", "amount", "0", {"en": "changes nothing", "de": "ändert nichts"}),
    (
        "commissions:payer",
        "iban",
        "DE89370400440532013001",
        {"en": "check digits", "de": "Prüfziffern"},
    ),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("name", "field", "value", "said"), CASES)
def test_what_cannot_be_right_is_said_and_nothing_is_stored(name, field, value, said, language):
    by_program = name in COMMISSION_API
    ready = (COMMISSION_API if by_program else COMMISSION_PAGES)[name]
    answer, told = refused(ready, field, value, language, by_program=by_program)
    wanted = said[language]
    assert any(one in told for one in ((wanted,) if isinstance(wanted, str) else wanted))
    if not by_program:
        # What was typed stands in the form again, and what is wrong beside the field that has it.
        assert f'name="{field}"' in answer.content.decode()
        assert f"{field}: " not in told
