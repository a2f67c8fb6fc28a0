"""Numbers as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.numbers import NotANumberError, format_number, parse_number
from mutualist.apps.ventures.words import language


class NumberField(forms.CharField):
    """A number with the marks of German or English, and an optional least and most value."""

    def __init__(
        self, *, least: float | None = None, most: float | None = None, **options: Any
    ) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **options)
        self.least, self.most = least, most

    def prepare_value(self, value: Any) -> Any:
        """Write a stored number; what was typed stays as it was typed."""
        if isinstance(value, int | float):
            return format_number(value, language())
        return value

    def clean(self, value: Any) -> Any:
        """Read the number and look at its bounds."""
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_number(text, language())
        except NotANumberError as error:
            raise ValidationError(
                _("“%(value)s” is no number. Write it as 1200 or 0.5."), params={"value": text}
            ) from error
        if self.least is not None and number < self.least:
            raise ValidationError(
                _("At least %(least)s is possible; this is %(value)s."),
                params={"least": format_number(self.least, language()), "value": text},
            )
        if self.most is not None and number > self.most:
            raise ValidationError(
                _("At most %(most)s is possible; this is %(value)s."),
                params={"most": format_number(self.most, language()), "value": text},
            )
        return number
