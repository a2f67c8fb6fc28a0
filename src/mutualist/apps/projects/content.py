"""What a partner writes when it registers a project: checked whole, with every mistake at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.errors import ActionError
from mutualist.apps.projects.models import TEXT_LENGTH, TITLE_LENGTH
from mutualist.apps.projects.words import FIELDS, told
from mutualist.domain.programme.registration import Customer, Fault, RegistrationError, customer
from mutualist.library.iso_codes import is_country, is_currency_today

MOST_AMOUNT = Decimal(10) ** 12
SHORT = 120


class Mistakes(ActionError):
    """What was written cannot be taken; nothing was stored.

    Attributes
    ----------
    fields
        Sentence by field.
    """

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("project", "{problems}", problems=" ".join(fields.values()))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Content:
    """A project as somebody wrote it.

    Attributes
    ----------
    name
        Of the customer.
    person, role, email, phone, amount, currency
        Withheld from the vendor until it has accepted.
    """

    name: str = ""
    country: str = "DE"
    postal_code: str = ""
    domain: str = ""
    vat: str = ""
    register: str = ""
    title: str = ""
    need: str = ""
    expected_on: date | None = None
    person: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    amount: str = ""
    currency: str = "EUR"

    def checked(self) -> Customer:
        """Return the customer in normal forms.

        Raises
        ------
        Mistakes
            With a sentence for each field that is wrong.
        """
        wrong = self._others()
        found = None
        try:
            found = customer(
                self.name,
                self.country,
                postcode=self.postal_code,
                domain=self.domain,
                vat=self.vat,
                register=self.register,
            )
        except RegistrationError as error:
            wrong = told(error.faults) | wrong
        if found is not None and not is_country(found.country):
            wrong |= told([Fault("country", "country", found.country, "DE")])
        if found is not None and not (
            found.postal_code or found.domain or found.vat or found.register
        ):
            wrong["postal_code"] = str(
                _(
                    "Give the postal code, or else a domain, VAT id or entry in the register: a name alone names many."
                )
            )
        if wrong or found is None:
            raise Mistakes(wrong)
        return found

    def _others(self) -> dict[str, str]:
        wrong: dict[str, str] = {}
        if not self.title.strip() or len(self.title) > TITLE_LENGTH:
            wrong["title"] = str(_("Say in up to {most} characters what it is about.")).format(
                most=TITLE_LENGTH
            )
        if len(self.need) > TEXT_LENGTH:
            wrong["need"] = str(_("The text has {length} characters; {most} are possible.")).format(
                length=len(self.need), most=TEXT_LENGTH
            )
        for field in ("person", "role", "phone"):
            if len(getattr(self, field)) > SHORT:
                wrong[field] = str(_("Up to {most} characters are possible.")).format(most=SHORT)
        if self.email.strip():
            try:
                validate_email(self.email.strip())
            except ValidationError:
                wrong["email"] = str(
                    _("“{value}” is no mail address. Write it as name@firm.example.")
                ).format(value=self.email[:SHORT])
        if self.amount.strip() and self._amount() is None:
            wrong["amount"] = str(_("“{value}” is no amount. Write it like 125000.")).format(
                value=self.amount[:SHORT]
            )
        if not is_currency_today(self.currency.upper()):
            wrong["currency"] = str(
                _("“{value}” is no currency. Write three letters, such as EUR.")
            ).format(value=self.currency[:SHORT])
        return wrong

    def _amount(self) -> Decimal | None:
        plain = self.amount.strip().replace(" ", "").replace("\u202f", "")
        if "," in plain:
            plain = plain.replace(".", "").replace(",", ".")
        try:
            found = Decimal(plain)
        except InvalidOperation:
            return None
        fits = found.is_finite() and 0 <= found < MOST_AMOUNT and found == round(found, 2)
        return found if fits else None

    def withheld(self) -> dict[str, Any]:
        """Return what the vendor does not read before it has accepted."""
        amount = self._amount() if self.amount.strip() else None
        return {
            "person": self.person.strip(),
            "role": self.role.strip(),
            "email": self.email.strip(),
            "phone": self.phone.strip(),
            "amount": "" if amount is None else f"{amount:f}",
            "currency": self.currency.upper(),
        }

    def shown(self) -> dict[str, Any]:
        """Return what is said about the project itself."""
        title = " ".join(self.title.split())
        return {"title": title, "need": self.need.strip(), "expected_on": self.expected_on}


LABELS = FIELDS
