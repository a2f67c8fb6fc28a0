from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutualist.apps.delivery.kinds import choices


class WebhookForm(forms.Form):
    """Where events go, and which; no box ticked means everything, as in the API."""

    address = forms.CharField(
        label=_("Address of your program"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Sentences come in the language of the page, so they are made anew for each.
        self.groups = choices()
        self.fields["kinds"].choices = self.groups  # type: ignore[attr-defined]
