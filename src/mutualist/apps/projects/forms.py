"""Forms of projects: what a partner registers, what a vendor decides, the rules of protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.countries import country_choices
from mutualist.apps.projects.content import Content
from mutualist.apps.projects.models import TEXT_LENGTH, TITLE_LENGTH, Registration
from mutualist.apps.projects.words import LOSSES, REJECTIONS, RULE_FIELDS, RULINGS
from mutualist.domain.programme.registration import LIMITS, ProtectionRules

CURRENCIES = [
    (code, code)
    for code in ("EUR", "CHF", "USD", "GBP", "PLN", "CZK", "DKK", "SEK", "NOK", "HUF", "RON")
]


def _long(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProjectForm(forms.Form):
    """A customer's project, as a partner registers it."""

    name = forms.CharField(
        label=_("Customer"), max_length=200, help_text=_("The firm, with its legal form.")
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    domain = forms.CharField(
        label=_("Web or mail domain"),
        max_length=253,
        required=False,
        help_text=_(
            "Such as nordwerk.de. It finds the firm where its name is spelled in several ways."
        ),
    )
    vat = forms.CharField(label=_("VAT id"), max_length=40, required=False)
    register = forms.CharField(
        label=_("Entry in the register"),
        max_length=120,
        required=False,
        help_text=_("With the court: HRB 12345, Amtsgericht München."),
    )
    title = forms.CharField(label=_("What it is about"), max_length=TITLE_LENGTH)
    need = forms.CharField(
        label=_("What the customer needs"), max_length=TEXT_LENGTH, required=False, widget=_long()
    )
    expected_on = forms.DateField(
        label=_("Expected to be decided on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    person = forms.CharField(label=_("Person at the customer"), max_length=120, required=False)
    role = forms.CharField(label=_("Role of that person"), max_length=120, required=False)
    email = forms.CharField(label=_("Mail address of that person"), max_length=254, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=120, required=False)
    amount = forms.CharField(label=_("Expected amount"), max_length=40, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, required=False)

    SHOWN = ("title", "need", "expected_on")
    CUSTOMER = ("name", "country", "postal_code", "domain", "vat", "register")
    WITHHELD = ("person", "role", "email", "phone", "amount", "currency")

    @property
    def groups(self) -> list[tuple[Any, Any, list[Any]]]:
        """The fields in three groups, each with what is said about it."""
        parts = (
            (
                _("Customer"),
                _("The vendor reads this: it is what the conflict check needs."),
                self.CUSTOMER,
            ),
            (_("Project"), _("The vendor reads this as well."), self.SHOWN),
            (
                _("Persons and amount"),
                _("The vendor reads this only once it has accepted. It is stored encrypted."),
                self.WITHHELD,
            ),
        )
        return [(title, about, [self[name] for name in names]) for title, about, names in parts]

    @property
    def content(self) -> Content:
        """What was written."""
        given = dict(self.cleaned_data)
        given["currency"] = given.get("currency") or "EUR"
        return Content(**given)

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong beside its field."""
        for name, text in problems.items():
            self.add_error(name if name in self.fields else None, text)


def initial_of(row: Registration, withheld: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a form is filled with."""
    names = ("country", "postal_code", "domain", "vat", "register", "title", "need", "expected_on")
    register = row.register
    if register.startswith("DE:"):
        _land, court, number = register.split(":")
        register = (
            f"{number[:3]} {number[3:]}, {court.title()}"
            if number[:3] in {"HRA", "HRB"}
            else register
        )
    found = {name: getattr(row, name) for name in names} | {
        "name": row.customer,
        "register": register,
    }
    return found | dict(withheld or {})


class AskForm(forms.Form):
    """A question to the partner."""

    question = forms.CharField(label=_("Your question"), max_length=TEXT_LENGTH, widget=_long(3))


class ApproveForm(forms.Form):
    """The vendor accepts; over a conflict with a word about it."""

    ruling = forms.ChoiceField(
        label=_("About the conflict"), required=False, choices=[("", "–"), *RULINGS.items()]
    )
    note = forms.CharField(
        label=_("Note to the partner"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=_long(2),
        help_text=_("Where the customer decided in writing: the mail, its date, who wrote it."),
    )

    def __init__(self, *args: Any, conflict: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not conflict:
            del self.fields["ruling"]
            self.fields["note"].help_text = ""


class ReasonForm(forms.Form):
    """Why a project is not accepted, or its protection ends."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(REJECTIONS.items()))
    note = forms.CharField(
        label=_("Note to the partner"), max_length=TEXT_LENGTH, required=False, widget=_long(2)
    )


class NoteForm(forms.Form):
    """A note, where one is wanted."""

    note = forms.CharField(label=_("Note"), max_length=TEXT_LENGTH, required=False, widget=_long(2))


class AppealForm(forms.Form):
    """Why a decision should be looked at again."""

    text = forms.CharField(
        label=_("Why the decision should be looked at again"),
        max_length=TEXT_LENGTH,
        widget=_long(4),
    )


class LossForm(forms.Form):
    """Why a project was lost."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(LOSSES.items()))
    note = forms.CharField(label=_("Note"), max_length=TEXT_LENGTH, required=False, widget=_long(2))


class RulesForm(forms.Form):
    """The rules of protection."""

    version = forms.CharField(label=_("Name of this version"), max_length=60)

    def __init__(self, rules: ProtectionRules, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = rules.to_dict()
        for name, (least, most) in LIMITS.items():
            self.fields[name] = forms.IntegerField(
                label=RULE_FIELDS[name], min_value=least, max_value=most
            )
        self.fields["customer_decides"] = forms.BooleanField(
            label=RULE_FIELDS["customer_decides"], required=False
        )

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong beside its field."""
        for name, text in problems.items():
            self.add_error(name if name in self.fields else None, text)
