"""The form a host fills once: who, what, until when, and how the room opens."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import today
from mutualist.apps.rooms.values import PartySpec

MOST_PARTIES = 8
RELATIONS = [
    ("none", _("Nothing yet")),
    ("customer_supplier", _("One supplies the other")),
    ("reseller", _("One resells the other's product")),
    ("same_group", _("Both belong to the same group")),
    ("competitors", _("They compete")),
]
OPENS = [
    ("all_press", _("When everybody has sealed and everybody presses “Open together”")),
    ("deadline", _("At the deadline, if everybody has sealed")),
]
MONTH = re.compile(r"^(?:(?P<y>\d{4})-(?P<m>\d{2})|(?P<m2>\d{1,2})[/.](?P<y2>\d{4}))$")


class FrameForm(forms.Form):
    """Name, offer and dates of a room; not counted in the result."""

    name = forms.CharField(
        label=_("Name of the initiative"), max_length=80, help_text=_("For example: PumpenPuls")
    )
    offer = forms.CharField(
        label=_("What is sold to whom, in one sentence?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    relation = forms.ChoiceField(
        label=_("What are the parties to each other today?"), choices=RELATIONS
    )
    public_since = forms.CharField(
        label=_("Month of the first logo or news, if anything is public"),
        max_length=7,
        required=False,
        help_text=_("For example 03/2026; leave empty if nothing is public."),
    )
    horizon = forms.IntegerField(label=_("Years looked at"), min_value=1, max_value=30, initial=5)
    currency = forms.RegexField(
        label=_("Currency"),
        regex=r"^[A-Za-z]{3}$",
        initial="EUR",
        error_messages={"invalid": _("Three letters such as EUR or CHF.")},
    )
    opens = forms.ChoiceField(
        label=_("When are the answers opened?"),
        choices=OPENS,
        widget=forms.RadioSelect,
        initial="all_press",
    )
    deadline = forms.DateField(
        label=_("Deadline"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The parties get it as a calendar entry."),
    )

    def clean_public_since(self) -> str:
        """Read a month written as 03/2026 or 2026-03."""
        text = self.cleaned_data["public_since"].strip()
        if not text:
            return ""
        found = MONTH.match(text)
        year, month = (
            (found["y"] or found["y2"], int(found["m"] or found["m2"])) if found else ("", 0)
        )
        if not 1 <= month <= 12:
            raise forms.ValidationError(
                _("“%(value)s” is no month. Write it as 03/2026."), params={"value": text}
            )
        return f"{year}-{month:02d}"

    def clean_deadline(self) -> date | None:
        """Accept a day from today on."""
        day: date | None = self.cleaned_data["deadline"]
        if day and day < today():
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for a deadline where the room opens at the deadline."""
        data = super().clean() or self.cleaned_data
        if data.get("opens") == "deadline" and "deadline" in data and not data["deadline"]:
            self.add_error("deadline", _("A room that opens at the deadline needs one."))
        return data

    def frame(self) -> dict[str, Any]:
        """Return the frame as it stands in a room file."""
        data = self.cleaned_data
        frame = {key: data[key] for key in ("name", "offer", "horizon", "relation")}
        frame["currency"] = data["currency"].upper()
        if data["public_since"]:
            frame["public_since"] = data["public_since"]
        return frame


class PartyForm(forms.Form):
    """One firm and the person who answers for it."""

    name = forms.CharField(label=_("Firm"), max_length=80)
    person = forms.CharField(label=_("Person who answers"), max_length=120, required=False)
    email = forms.EmailField(label=_("Mail address"), required=False)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def party(self) -> PartySpec:
        """Return the party as the action takes it."""
        return PartySpec(**self.cleaned_data)


if TYPE_CHECKING:
    PartyFormSetBase = forms.BaseFormSet[PartyForm]
else:
    PartyFormSetBase = forms.BaseFormSet


class BasePartyFormSet(PartyFormSetBase):
    """The other parties; at least one, each with a name of its own."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "too_few_forms": _("Name at least one other party."),
        "too_many_forms": _("A room holds at most eight parties."),
    }

    def clean(self) -> None:
        """Refuse two parties of one name."""
        names = [
            form.cleaned_data["name"].casefold()
            for form in self.forms
            if getattr(form, "cleaned_data", {}).get("name")
        ]
        if len(names) != len(set(names)):
            raise forms.ValidationError(_("Two parties have the same name. Give each its own."))

    def parties(self) -> list[PartySpec]:
        """Return the parties filled in."""
        return [form.party() for form in self.forms if form.cleaned_data.get("name")]


def party_forms(
    *, least: int, data: Any = None, initial: list[dict[str, str]] | None = None
) -> Any:
    """Return the forms for the parties, `least` of which have to be filled."""
    made = forms.formset_factory(
        PartyForm,
        formset=BasePartyFormSet,
        extra=0 if initial else least,
        min_num=0,
        max_num=MOST_PARTIES - 1,
        validate_max=True,
        absolute_max=MOST_PARTIES,
    )
    return made(data, prefix="party", initial=initial)


class PersonForm(forms.Form):
    """Somebody who is to get a link."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Mail address"))
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)


class DeadlineForm(forms.Form):
    """A later deadline."""

    deadline = FrameForm.base_fields["deadline"]
