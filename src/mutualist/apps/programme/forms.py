"""Forms of programmes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.countries import country_choices
from mutualist.domain.programme.presets import presets
from mutualist.library.iso_codes import is_country

OWN = "own"


class BeginForm(forms.Form):
    """A new programme: whose, its name, and which rules it begins with."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    name = forms.CharField(label=_("Name of the programme"), max_length=120)
    preset = forms.ChoiceField(label=_("Rules to begin with"))
    own_rules = forms.CharField(
        label=_("Own rules (YAML)"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )
    since = forms.DateField(
        label=_("In force from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES)

    def __init__(self, owners: list[Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = (get_language() or "en")[:2]
        whose: Any = self.fields["organisation"]
        whose.choices = [(str(one.uid), one.name) for one in owners]
        rules: Any = self.fields["preset"]
        rules.choices = [
            *((one.name, f"{one.words.of(language)} ({one.version})") for one in presets()),
            (OWN, _("own rules, written below")),
        ]

    @property
    def rules(self) -> str:
        """The rule file that was chosen or written."""
        chosen = self.cleaned_data["preset"]
        if chosen == OWN:
            return str(self.cleaned_data["own_rules"])
        return next(one.text for one in presets() if one.name == chosen)

    def clean(self) -> dict[str, Any]:
        """Refuse own rules that are not there."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("preset") == OWN and not values.get("own_rules", "").strip():
            self.add_error("own_rules", _("Write the rules here, or choose some of ours above."))
        return values


def several(text: str) -> list[str]:
    """Return what stands between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def name_abilities(form: forms.Form, names: Mapping[str, str]) -> None:
    """Say beside a form's field which abilities the programme knows; others may be written as well."""
    if names:
        said = _("Known here: {names}. Others are possible.")
        form.fields["abilities"].help_text = format_lazy(said, names=", ".join(names.values()))


class ProfileForm(forms.Form):
    """What a partner firm says of itself."""

    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    postal_code = forms.CharField(label=_("Postal code"), max_length=10)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    abilities = forms.CharField(label=_("Abilities, with commas between"), max_length=500)
    languages = forms.CharField(label=_("Languages, such as de, en"), max_length=80, required=False)
    capacity = forms.IntegerField(
        label=_("Open enquiries at most"), required=False, min_value=0, max_value=10_000
    )
    in_finder = forms.BooleanField(
        label=_("Customers may find us in the partner finder"), required=False
    )

    @property
    def fields_of_partner(self) -> dict[str, Any]:
        """What is known of the firm."""
        data = dict(self.cleaned_data)
        return {
            **data,
            "abilities": several(data["abilities"]),
            "languages": several(data["languages"].lower()),
        }


class ApplicationForm(forms.Form):
    """Who wants to join a programme."""

    name = forms.CharField(label=_("Name of the firm"), max_length=120)
    person = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("Your mail address at the firm"))
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    postal_code = forms.CharField(label=_("Postal code"), max_length=10)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    abilities = forms.CharField(
        label=_("Abilities, with commas between"), max_length=500, required=False
    )
    message = forms.CharField(
        label=_("What brings you here?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    kind = forms.ChoiceField(label=_("What kind of partner do you want to be?"), required=False)
    #: Nobody sees it; whoever fills it in is a program.
    company_fax = forms.CharField(required=False)

    def __init__(
        self, *args: Any, kinds: Mapping[str, str] = MappingProxyType({}), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if kinds:
            field: Any = self.fields["kind"]
            field.choices = list(kinds.items())
        else:
            del self.fields["kind"]

    @property
    def fields_of_partner(self) -> dict[str, Any]:
        """What is known of the firm."""
        data = self.cleaned_data
        plain = {key: data[key] for key in ("country", "postal_code", "website")}
        plain["kind"] = data.get("kind", "")
        return {**plain, "abilities": several(data["abilities"])}


class PartnerForm(forms.Form):
    """A partner firm and the person to write to."""

    name = forms.CharField(label=_("Name of the firm"), max_length=120)
    country = forms.ChoiceField(
        label=_("Country"),
        choices=country_choices,
    )
    postal_code = forms.CharField(label=_("Postal code"), max_length=10, required=False)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    abilities = forms.CharField(
        label=_("Abilities, with commas between"), max_length=500, required=False
    )
    external_id = forms.CharField(
        label=_("Your number of the partner"), max_length=80, required=False
    )
    contact_name = forms.CharField(label=_("Person to write to"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Mail address"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for both of a person or none."""
        values: dict[str, Any] = super().clean() or {}
        if bool(values.get("contact_name")) != bool(values.get("contact_email")):
            missing = "contact_email" if values.get("contact_name") else "contact_name"
            if missing not in self.errors:
                self.add_error(missing, _("Give name and mail address of the person, or neither."))
        return values

    @property
    def fields_of_partner(self) -> dict[str, Any]:
        """What is known of the firm."""
        data = self.cleaned_data
        plain = {key: data[key] for key in ("country", "postal_code", "place", "external_id")}
        return {**plain, "abilities": several(data["abilities"])}


class ChangeForm(forms.Form):
    """What the vendor knows of a partner."""

    name = forms.CharField(label=_("Name of the firm"), max_length=120)
    external_id = forms.CharField(
        label=_("Your number of the partner"), max_length=80, required=False
    )
    kind = forms.ChoiceField(label=_("Kind of partner"), required=False)
    parent = forms.CharField(
        label=_("Belongs to (number or name of a partner)"), max_length=120, required=False
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    postal_code = forms.CharField(label=_("Postal code"), max_length=10, required=False)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    vat_id = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    abilities = forms.CharField(
        label=_("Abilities, with commas between"), max_length=500, required=False
    )
    languages = forms.CharField(label=_("Languages, such as de, en"), max_length=80, required=False)
    capacity = forms.IntegerField(
        label=_("Open enquiries at most"), required=False, min_value=0, max_value=10_000
    )

    def __init__(self, *args: Any, kinds: Mapping[str, str], country: str, **options: Any) -> None:
        super().__init__(*args, **options)
        kind: Any = self.fields["kind"]
        kind.choices = [("", "–"), *kinds.items()]
        known: Any = self.fields["country"]
        if country and not is_country(country):
            known.choices = [*country_choices(), (country, country)]

    @property
    def fields_of_partner(self) -> dict[str, Any]:
        """What is known of the firm, by names of the action."""
        data = dict(self.cleaned_data)
        return {
            **data,
            "abilities": several(data["abilities"]),
            "languages": several(data["languages"].lower()),
        }
