"""Forms of enquiries: the finder's search, what a customer asks, what the two sides answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.words import CLOSE, DECLINE, LOSE, STATES

COUNTRIES = [
    ("DE", _("Germany")),
    ("AT", _("Austria")),
    ("CH", _("Switzerland")),
    ("LI", "Liechtenstein"),
]
#: Of more partners than these, one is looked for instead of chosen from a list.
MOST_LISTED = 50
RADII = (25, 50, 100, 200)
#: A field that people do not see and programs like to fill.
HONEYPOT = "website"


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be chosen in a programme, with the words for it: abilities, languages, levels."""

    abilities: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]

    def fill(self, fields: Any) -> None:
        """Give the fields of a form their choices."""
        fields["ability"].choices = _choices(self.abilities)
        fields["language"].choices = _choices(self.languages)
        if "level" in fields:
            fields["level"].choices = _choices(self.levels)


def _choices(names: Iterable[tuple[str, str]]) -> list[tuple[str, Any]]:
    return [("", _("any")), *names]


class SearchForm(forms.Form):
    """Which partners are looked for; all of it may be left open."""

    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, required=False)
    postal_code = forms.CharField(label=_("Postal code or place"), max_length=60, required=False)
    within = forms.TypedChoiceField(
        label=_("Within"),
        choices=[("", _("any distance")), *((km, f"{km} km") for km in RADII)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    ability = forms.ChoiceField(label=_("Ability"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    level = forms.ChoiceField(label=_("Level, at least"), required=False)

    def __init__(self, offered: Offered, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered.fill(self.fields)


class BoardForm(forms.Form):
    """Which enquiries of the board are shown."""

    search = forms.CharField(
        label=_("Company, person, postal code or words"), max_length=80, required=False
    )
    partner = forms.ChoiceField(label=_("Partner"), required=False)
    ability = forms.ChoiceField(label=_("Ability"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(
        self,
        partners: Iterable[tuple[str, str]],
        abilities: Iterable[tuple[str, str]],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        listed = list(partners)
        if len(listed) > MOST_LISTED:
            fields["partner"] = forms.CharField(
                label=_("Partner, part of the name"), max_length=80, required=False
            )
        else:
            fields["partner"].choices = _choices(listed)
        fields["ability"].choices = _choices(abilities)
        fields["state"].choices = _choices(STATES.items())


class EnquiryForm(forms.Form):
    """An enquiry, as the vendor enters it."""

    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    person = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    email = forms.EmailField(label=_("Mail address"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    postal_code = forms.CharField(label=_("Postal code or place"), max_length=60)
    ability = forms.ChoiceField(label=_("Ability"), required=False)
    certificate = forms.CharField(label=_("Certificate"), max_length=80, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    level = forms.ChoiceField(label=_("Level, at least"), required=False)
    text = forms.CharField(
        label=_("What is it about?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, offered: Offered, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered.fill(self.fields)

    @property
    def wish(self) -> Wish:
        """What was asked."""
        data = dict(self.cleaned_data)
        ability = data.pop("ability", "")
        known = {name: data[name] for name in data if name in Wish.__dataclass_fields__}
        return Wish(**known, abilities=(ability,) if ability else ())


class AskForm(EnquiryForm):
    """An enquiry, as a customer writes it in the finder."""

    field_order = (
        *("person", "company", "email", "phone", "country", "postal_code", "ability"),
        *("language", "text", "consent"),
    )
    person = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("Your mail address"))
    text = forms.CharField(
        label=_("What is it about?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    wanted = forms.UUIDField(required=False, widget=forms.HiddenInput)
    consent = forms.BooleanField(
        label=_(
            "I agree that my enquiry is passed on to one partner after the other until one takes it, "
            "and that this partner and the vendor write to me about it."
        ),
        error_messages={
            "required": _("Without your consent nobody may pass the enquiry on. Please tick it.")
        },
    )
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("certificate", "level"):
            del self.fields[name]

    def clean_website(self) -> str:
        """Refuse what a program has filled in; a person is told what to do."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("This field is not for people. Please leave it empty and send the form again.")
            )
        return ""

    @property
    def shown(self) -> list[Any]:
        """The fields that people see."""
        return [bound for bound in self if bound.name not in {HONEYPOT, "wanted", "consent"}]

    @property
    def wish(self) -> Wish:
        """What was asked; the chosen partner by its id."""
        wanted = self.cleaned_data.pop("wanted", None)
        self.cleaned_data["wanted"] = str(wanted) if wanted else ""
        return super().wish


class ReasonForm(forms.Form):
    """A reason and a few words."""

    reason = forms.ChoiceField(label=_("Reason"))
    words = forms.CharField(
        label=_("Words about it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, reasons: dict[str, Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["reason"]
        field.choices = [("", _("Please choose")), *reasons.items()]


class HandForm(forms.Form):
    """Another partner.

    Parameters
    ----------
    partners
        Those to choose from, a part of all where a programme has many.
    """

    relation = forms.ChoiceField(label=_("Partner"))

    def __init__(self, partners: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["relation"]
        field.choices = [("", _("Please choose")), *partners]


class PartnerSearchForm(forms.Form):
    """Which partner an enquiry may go to, where there are too many for a list."""

    find = forms.CharField(
        label=_("Look for a partner"),
        help_text=_(
            "Part of the name, the place or the postal code, or your number of the partner."
        ),
        max_length=80,
        required=False,
    )


class IntakeForm(forms.Form):
    """How enquiries are handed out."""

    answer_hours = forms.IntegerField(label=_("Hours a partner has for its answer"))
    attempts = forms.IntegerField(label=_("Partners asked before you are"))
    open_days = forms.IntegerField(label=_("Days until an enquiry that nobody takes is closed"))
    finder = forms.BooleanField(label=_("Show the partner finder to everybody"), required=False)
    origins = forms.CharField(
        label=_("Sites that may show the finder, one a line"),
        help_text=_("Such as https://www.firm.example"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )


class FileForm(forms.Form):
    """A table of enquiries."""

    file = forms.FileField(label=_("File (CSV or XLSX)"))


REASONS = {"decline": DECLINE, "give_back": DECLINE, "lose": LOSE, "close": CLOSE}
