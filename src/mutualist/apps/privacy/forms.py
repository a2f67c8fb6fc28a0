from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """Whoever has no account asks by mail address."""

    email = forms.EmailField(label=_("Mail address"), max_length=254)


class EraseForm(forms.Form):
    """The second step: nobody types their own address by accident."""

    email = forms.CharField(label=_("Your mail address, to confirm"), max_length=254)

    def __init__(self, *args: Any, mails: AbstractSet[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self._mails = mails

    def clean_email(self) -> str:
        """Refuse another address."""
        typed = str(self.cleaned_data["email"]).strip().lower()
        if typed not in self._mails:
            raise forms.ValidationError(
                _(
                    "“%(typed)s” is not your mail address here. Please write the one you sign in with."
                ),
                params={"typed": typed},
            )
        return typed


class EndForm(forms.Form):
    """The name of an organisation, typed."""

    name = forms.CharField(label=_("Name of the organisation, to confirm"), max_length=120)
