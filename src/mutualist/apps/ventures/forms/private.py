"""What a party keeps to itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutualist.apps.ventures.forms.fields import NumberField

PLAIN = ("best_alternative", "pain_limit", "risk_tolerance")


class PrivateForm(forms.Form):
    """Best alternative, pain limit, own business; each may stay empty."""

    best_alternative = NumberField(
        label=_("What is your best alternative worth, all in all?"),
        help_text=_("In today’s money over the same time. A split below it is no good for you."),
        required=False,
    )
    pain_limit = NumberField(
        label=_("Which loss would hurt your firm?"),
        help_text=_("In today’s money, without a sign."),
        least=0,
        required=False,
    )
    business_mean = NumberField(
        label=_("What does your firm earn in a year without the venture?"), required=False
    )
    business_sd = NumberField(
        label=_("By how much does that usually differ from year to year?"), least=0, required=False
    )
    risk_tolerance = NumberField(
        label=_("Which bet would you just still take: win it or lose half of it, each as likely?"),
        least=0,
        required=False,
    )

    @classmethod
    def of(cls, figures: dict[str, Any], data: Any = None) -> PrivateForm:
        """Return the form with what is kept."""
        business = figures.get("business") or {}
        initial = {key: figures[key] for key in PLAIN if key in figures}
        initial |= {f"business_{key}": value for key, value in business.items()}
        return cls(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        """Ask for both figures of the business or none."""
        data = super().clean() or self.cleaned_data
        if {"business_mean", "business_sd"} <= set(data):
            mean, sd = data["business_mean"], data["business_sd"]
            if (mean is None) != (sd is None):
                missing = "business_mean" if mean is None else "business_sd"
                self.add_error(missing, _("Please give both figures, or neither."))
        return data

    def figures(self) -> dict[str, Any]:
        """Return the figures as they stand in a venture."""
        data = self.cleaned_data
        found: dict[str, Any] = {key: data[key] for key in PLAIN if data[key] is not None}
        if data["business_mean"] is not None:
            found["business"] = {"mean": data["business_mean"], "sd": data["business_sd"]}
        return found
