"""An invoice as a form and as a row of a file: both are read by the same words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mutualist.apps.commissions.actions.booking import Given
from mutualist.apps.commissions.forms.fields import CurrencyField, amount_in, read_credited
from mutualist.apps.commissions.models import KEY_LENGTH, NAME_LENGTH
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission.money import exact


class InvoiceForm(forms.Form):
    """What a customer was charged, and for whom it counts."""

    number = forms.CharField(label=_("Invoice number"), max_length=KEY_LENGTH)
    day = forms.DateField(
        label=_("Invoice date"),
        help_text=_("Rules and level of this day count."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    amount = forms.CharField(
        label=_("Net amount"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    currency = CurrencyField(label=_("Currency"))
    product = forms.CharField(label=_("Product"), max_length=KEY_LENGTH)
    partner = forms.CharField(
        label=_("Partner"),
        max_length=1000,
        help_text=_("Several with their shares: Tauwerk GmbH 60 % | Grauwerk AG 40 %"),
        widget=forms.TextInput(attrs={"list": "partners"}),
    )
    customer = forms.CharField(label=_("Customer"), max_length=NAME_LENGTH, required=False)
    subscription = forms.CharField(
        label=_("Subscription"),
        max_length=KEY_LENGTH,
        required=False,
        help_text=_("Caps per subscription are counted by it."),
    )
    months = forms.IntegerField(
        label=_("Months paid for"), min_value=1, max_value=120, initial=1, required=False
    )
    covers_from = forms.DateField(
        label=_("First day paid for"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    units = forms.CharField(label=_("Units"), max_length=30, required=False, initial="1")
    marks = forms.CharField(
        label=_("Marks"),
        max_length=200,
        required=False,
        help_text=_("What additions and promotions ask for, separated by commas."),
    )

    def __init__(self, standing: Standing, data: Any = None, **options: Any) -> None:
        super().__init__(data, **{"initial": {"day": today()}, **options})
        self.standing = standing

    def clean_partner(self) -> tuple[tuple[int, Fraction], ...]:
        """Find the partners by their names."""
        try:
            return read_credited(self.standing, self.cleaned_data["partner"])
        except ActionError as error:
            raise ValidationError(error.message) from error

    def clean_units(self) -> Fraction:
        """Read the units exactly."""
        text = self.cleaned_data["units"] or "1"
        number = exact(text)
        if number is None or not 0 < number < 10**9 or (number * 10**6).denominator != 1:
            raise ValidationError(gettext("“%(value)s” is no number of units.") % {"value": text})
        return number

    def clean(self) -> dict[str, Any]:
        """Read the amount in its currency."""
        data = super().clean() or self.cleaned_data
        if data.get("amount") and data.get("currency"):
            try:
                data["cents"] = amount_in(data["amount"], data["currency"])
            except ValidationError as error:
                self.add_error("amount", error)
        return data

    def given(self) -> Given:
        """Return the invoice."""
        data = self.cleaned_data
        return Given(
            number=data["number"],
            day=data["day"],
            amount=data["cents"],
            currency=data["currency"],
            product=data["product"],
            credited=data["partner"],
            subscription=data["subscription"],
            customer=data["customer"],
            months=data["months"] or 1,
            covers_from=data["covers_from"],
            units=data["units"],
            marks=frozenset(one.strip() for one in data["marks"].split(",") if one.strip()),
        )


def given_of(standing: Standing, row: int, values: Mapping[str, str]) -> Given:
    """Return the invoice of a row of a file, or say what is wrong in it."""
    form = InvoiceForm(standing, {"currency": "EUR", **values, "day": _day(values.get("day", ""))})
    if form.is_valid():
        return form.given()
    said = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        said += [
            gettext("Row {row}, {column}: {said}").format(row=row, column=label, said=one)
            for one in errors
        ]
    raise ActionError("row", "{said}", said="\n".join(said))


def _day(text: str) -> str:
    """Return a German day as ISO; what is neither stays for the form to refuse."""
    parts = text.split(".")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        day, month, year = map(int, parts)
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return text
    return text


class CancelForm(forms.Form):
    """How much of an invoice is cancelled, when and why."""

    amount = forms.CharField(label=_("Cancelled net amount"), max_length=30)
    day = forms.DateField(
        label=_("Day of the cancellation"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=NAME_LENGTH, help_text=_("The partner reads it.")
    )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=NAME_LENGTH, help_text=_("The partner reads it.")
    )


class ImportForm(forms.Form):
    """A file of invoices."""

    file = forms.FileField(label=_("File (CSV or XLSX)"))
