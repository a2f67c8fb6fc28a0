from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutualist.apps.delivery.kinds import choices


class WebhookForm(forms.Form):
    """Where events go, and which."""

    address = forms.CharField(
        label=_("Address of your program"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    every = forms.BooleanField(label=_("Everything the organisation may see"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Only these"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Sentences come in the language of the page, so they are made anew for each.
        self.kinds_field.choices = choices()

    @property
    def kinds_field(self) -> forms.MultipleChoiceField:
        """The field with a box for each kind."""
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        return field

    def clean(self) -> dict[str, Any]:
        """Read no box at all as a mistake: nothing would ever be sent."""
        found = super().clean() or self.cleaned_data
        if found.get("every"):
            found["kinds"] = []
        elif not found.get("kinds") and "kinds" not in self.errors:
            self.add_error("kinds", _("Choose what your program is to hear."))
        return found
