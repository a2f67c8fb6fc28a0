"""Amounts, shares and partners as people type them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mutualist.apps.commissions.books import language
from mutualist.apps.commissions.partners import partner_named
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission import CommissionError
from mutualist.domain.programme.commission.money import exact, is_currency, read_amount

_SHARE = re.compile(r"(?P<name>.*\S)\s+(?P<share>[0-9][0-9.,/]*)\s*%", re.DOTALL)


def amount_in(value: str, currency: str) -> int:
    """Return an amount in cents, or say why not."""
    try:
        return read_amount(value, currency, "")
    except CommissionError as error:
        raise ValidationError(error.message(language())) from error


class CurrencyField(forms.CharField):
    """A currency of three capital letters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=3,
            initial="EUR",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Take small letters as well."""
        text = str(super().clean(value)).upper()
        if text and not is_currency(text):
            raise ValidationError(_("A currency has three letters, such as EUR or CHF."))
        return text


def tell(form: forms.Form, error: ActionError) -> None:
    """Say why an action was refused: beside the field it is about, if the form has it."""
    place = str(error.params.get("place", ""))
    if place in form.fields:
        form.add_error(place, str(error.params["sentence"]))
    else:
        form.add_error(None, error.message)


def read_credited(standing: Standing, text: str) -> tuple[tuple[int, Fraction], ...]:
    """Return who is credited: one partner, or several with shares that add up to 100 %.

    ``Tauwerk GmbH`` or ``Tauwerk GmbH 60 % | Grauwerk AG 40 %``; without shares several partners have equal ones.
    """
    names = [part.strip() for part in re.split(r"[|\n]", text) if part.strip()]
    found: list[tuple[int, Fraction | None]] = []
    for part in names:
        match = _SHARE.fullmatch(part)
        share = _share(match["share"]) / 100 if match else None
        found.append((partner_named(standing, match["name"] if match else part), share))
    given = [share for _pk, share in found if share is not None]
    if given and len(given) < len(found):
        raise ActionError(
            "shares", _("Give each partner a share, or none of them: {text}."), text=text[:100]
        )
    equal = Fraction(1, len(found)) if found else Fraction(1)
    return tuple((pk, equal if share is None else share) for pk, share in found)


def _share(text: str) -> Fraction:
    whole, _slash, part = text.partition("/")
    number, below = exact(whole), exact(part) if part else Fraction(1)
    if number is None or not below:
        raise ActionError(
            "share", _("{text} % is no share. Write 60 % or 33.3 %, for thirds 100/3 %."), text=text
        )
    return number / below
