"""What is asked of the list of partners: the form above it, and the address that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.countries import country_choices
from mutualist.apps.programme.queries.listing import RISKS, SORTS, Wanted
from mutualist.apps.programme.words import STATES

LONGEST = 80
#: States a partner of the list can have; those who wait or were refused are asked for by name.
LISTED = ("onboarding", "active", "suspended", "ended", "applied", "refused")


def wanted_of(asked: Mapping[str, Any]) -> Wanted:
    """Read what is asked; what makes no sense is asked by nobody and left out."""

    def text(name: str) -> str:
        return " ".join(str(asked.get(name, "")).replace("\x00", "").split())[:LONGEST]

    sort = text("sort")
    return Wanted(
        text=text("q"),
        level=text("level"),
        country=text("country"),
        region=text("region"),
        ability=text("ability"),
        state=text("state") if text("state") in LISTED else "",
        risk=text("risk") if text("risk") in RISKS else "",
        sort=sort if sort.removeprefix("-") in SORTS else "name",
    )


class FilterForm(forms.Form):
    """What the list can be asked for."""

    q = forms.CharField(label=_("Name, place or level"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    region = forms.CharField(label=_("Postal code begins with"), required=False, max_length=10)
    ability = forms.ChoiceField(label=_("Ability"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    risk = forms.ChoiceField(label=_("At risk"), required=False)

    def __init__(
        self,
        *args: Any,
        levels: Mapping[str, str],
        abilities: Mapping[str, str],
        countries: list[str],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        words = dict(country_choices())
        choices: dict[str, list[Any]] = {
            "level": [*levels.items(), ("-", _("no level"))],
            "country": [(one, words.get(one, one)) for one in countries],
            "ability": list(abilities.items()),
            "state": [(one, STATES[one]) for one in LISTED],
            "risk": [
                ("level", _("level in danger within 90 days")),
                ("ending", _("something runs out within 90 days")),
            ],
        }
        for name, known in choices.items():
            field: Any = self.fields[name]
            field.choices = [("", _("all")), *known]
