"""Accounts, payment runs, statements, adjustments."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mutualist.apps.commissions.forms.fields import CurrencyField
from mutualist.apps.commissions.models import NAME_LENGTH
from mutualist.apps.core.clock import today

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AccountForm(forms.Form):
    """A bank account; it is never shown again but for its last four signs."""

    name = forms.CharField(
        label=_("Account holder"),
        max_length=70,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    iban = forms.CharField(
        label="IBAN",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    bic = forms.CharField(
        label="BIC",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RunForm(forms.Form):
    """When the bank is to carry it out."""

    currency = forms.CharField(max_length=3, widget=forms.HiddenInput)
    total = forms.IntegerField(widget=forms.HiddenInput)
    execute_on = forms.DateField(label=_("Carry out on"), widget=DAY)


class PeriodForm(forms.Form):
    """A period, by default the last closed month."""

    first = forms.DateField(label=_("From"), widget=DAY)
    last = forms.DateField(label=_("To"), widget=DAY)

    @staticmethod
    def usual() -> dict[str, date]:
        """Return the last closed month."""
        last = today().replace(day=1) - timedelta(days=1)
        return {"first": last.replace(day=1), "last": last}


class AdjustForm(forms.Form):
    """Something given or taken by hand."""

    amount = forms.CharField(
        label=pgettext_lazy("money", "Amount"),
        max_length=30,
        help_text=_("Below 0 to take something off."),
    )
    currency = CurrencyField(label=_("Currency"))
    reason = forms.CharField(
        label=_("Reason"), max_length=NAME_LENGTH, help_text=_("The partner reads it.")
    )


class RulesForm(forms.Form):
    """Commission rules as text."""

    text = forms.CharField(
        label=_("Commission rules"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "code"}),
    )
