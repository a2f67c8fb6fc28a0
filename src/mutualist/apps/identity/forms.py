from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mutualist.apps.identity.models import Role, Scope

#: Days a token is valid; 0 is for ever.
DAYS = (
    (90, _("90 days")),
    (30, _("30 days")),
    (365, _("one year")),
    (0, _("until it is deleted")),
)


class SignupForm(forms.Form):
    """What is asked beside mail address and password."""

    name = forms.CharField(label=_("Your name"), max_length=120)

    def signup(self, request: Any, user: Any) -> None:  # noqa: ARG002
        """Store the name; called by the account library."""
        user.name = " ".join(self.cleaned_data["name"].split())
        user.save(update_fields=["name"])


class OrganisationForm(forms.Form):
    """A new organisation."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=120)


class MemberForm(forms.Form):
    """Somebody to invite into an organisation."""

    email = forms.EmailField(label=_("Mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)


class NameForm(forms.Form):
    """One's own name."""

    name = forms.CharField(label=_("Your name"), max_length=120)


class CodeForm(forms.Form):
    """A code that came by mail."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)
    scope = forms.ChoiceField(label=_("What may it do?"), choices=Scope.choices, initial=Scope.READ)
    days = forms.TypedChoiceField(label=_("How long is it valid?"), choices=DAYS, coerce=int)
