"""The short form of a venture: the questions of its template, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutualist.apps.ventures.described import Question, Template, find
from mutualist.apps.ventures.forms.fields import NumberField
from mutualist.apps.ventures.words import SIGNS, language, plain
from mutualist.domain.venture import VentureError, read_description
from mutualist.domain.venture.model import PER_YEAR
from mutualist.domain.venture.problems import Problem

THREE = (("low", _("Low")), ("likely", _("Middle")), ("high", _("High")))
NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page shows it: one control, or three in a group."""

    key: str
    label: str
    ask: str
    controls: Sequence[Any]
    unit: str
    hint: str

    @property
    def thirds(self) -> Sequence[tuple[Any, Any]]:
        """The controls of low, likely and high, each with its word."""
        return [(words, one) for (_part, words), one in zip(THREE, self.controls, strict=False)]

    @property
    def error(self) -> str:
        """What is wrong with it."""
        return " ".join(str(error) for control in self.controls for error in control.errors)


class ShortForm(forms.Form):
    """Name of the venture and an answer to each question of its template.

    Parameters
    ----------
    template
        The contract the venture began with.
    venture
        The venture as it stands: its values are shown, and a copy is changed.
    """

    name = forms.CharField(label=_("Name of the venture"), max_length=NAME_LENGTH)

    def __init__(
        self, template: Template, venture: Mapping[str, Any], data: Any = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.venture = venture
        self.questions = tuple(template.asked(venture))
        self.description: dict[str, Any] = {}
        self.fields["name"].initial = venture.get("name", "")
        for question in self.questions:
            self._add(question)

    def _add(self, question: Question) -> None:
        value = question.read(self.venture)
        label = question.label(language(), self._parties())
        if question.ask == "three":
            for (part, _words), one in zip(THREE, value, strict=True):
                number = NumberField(label=label, initial=one)
                self.fields[f"{question.key}-{part}"] = _described(number, question)
            return
        most = 100 if question.ask in {"percent", "stake"} else None
        least = 0 if question.ask in {"percent", "stake"} else None
        number = NumberField(label=label, initial=value, least=least, most=most)
        self.fields[question.key] = _described(number, question)

    def _parties(self) -> dict[str, str]:
        return {key: party.get("name", key) for key, party in self.venture["parties"].items()}

    def asked(self) -> Iterator[Asked]:
        """Yield the questions with their controls, in the order of the template."""
        parties = self._parties()
        for question in self.questions:
            names = _controls(question)
            controls = [self[name] for name in names]
            yield Asked(
                question.key,
                question.label(language(), parties),
                question.ask,
                controls,
                self._unit(question),
                question.hint(language(), parties),
            )

    def _unit(self, question: Question) -> str:
        """Return what a figure is counted in, where its question does not say so."""
        if question.ask in {"percent", "stake"}:
            return "%"
        driver = find(self.venture, question.at)
        unit = str(driver.get("unit", "")) if isinstance(driver, Mapping) else "money"
        if unit.partition("/")[0] == "money":
            currency = str(self.venture.get("currency", "EUR"))
            return SIGNS.get(currency, currency)
        return str(_("hours")) if unit == "hours" else ""

    def horizon(self) -> dict[str, Any]:
        """Return over how many periods, of which kind, and how many years the venture is looked at."""
        periods = self.venture["periods"]
        years = periods["count"] / PER_YEAR[periods["unit"]]
        unit = {"month": _("months"), "quarter": _("quarters"), "year": _("years")}[periods["unit"]]
        return {"count": periods["count"], "unit": unit, "years": plain(years, 1)}

    def told(self) -> list[tuple[str, str, str]]:
        """Return what is wrong with the figures: key of the question, its words, what is wrong."""
        general = [("", "", str(error)) for error in self.non_field_errors()]
        asked = [(one.key, one.label, one.error) for one in self.asked() if one.error]
        return general + asked

    def clean(self) -> dict[str, Any]:
        """Put the answers into the venture and check it as a whole; problems go to their questions."""
        data = super().clean() or self.cleaned_data
        asked = {name for question in self.questions for name in _controls(question)}
        if asked & set(self.errors):
            return data
        found = deepcopy(dict(self.venture))
        # A name that is missing is told by itself; the figures are checked all the same.
        found["name"] = data.get("name", "")
        for question in self.questions:
            given = tuple(data[name] for name in _controls(question))
            question.write(found, given if question.ask == "three" else given[0])
        self.described(found)
        try:
            read_description(found)
        except VentureError as error:
            self._tell(error)
        else:
            self.description = found
        return data

    def described(self, found: dict[str, Any]) -> None:
        """Change the description once more; forms with further fields do."""

    def _tell(self, error: VentureError) -> None:
        for problem in error.problems:
            at = next((q for q in self.questions if _concerns(problem.place, q)), None)
            said = _plainly(problem)
            if at is None:
                self.add_error(None, said)
            else:
                self.add_error(_controls(at)[-1], said.removeprefix(f"{problem.place}: "))


def _plainly(problem: Problem) -> str:
    """Return what is wrong, without words that only the whole form knows."""
    if problem.code == "no_spread":
        said = _(
            "Two of the three are equal. Give three that differ, or the same one three times if it is certain."
        )
        return str(said)
    return problem.message(language())


def _described(number: NumberField, question: Question) -> NumberField:
    """Tie a control to the hint and the message of its question."""
    number.widget.attrs["aria-describedby"] = f"{question.key}-hint {question.key}-error"
    return number


def _controls(question: Question) -> tuple[str, ...]:
    if question.ask == "three":
        return tuple(f"{question.key}-{part}" for part, _words in THREE)
    return (question.key,)


def _concerns(place: str, question: Question) -> bool:
    return place == question.at or place.startswith(f"{question.at}.")


class RoomForm(ShortForm):
    """The short form within a room: which party takes which place of the contract."""

    first = forms.ChoiceField()
    second = forms.ChoiceField(required=False)

    def __init__(
        self, template: Template, seats: Mapping[str, str], currency: str, data: Any = None
    ) -> None:
        keys = list(seats)
        first = data.get("first") if data else ""
        first = first if first in seats else keys[0]
        others = [key for key in keys if key != first]
        second = data.get("second") if data else ""
        second = second if second in others else others[0]
        chosen = {first: seats[first], second: seats[second]}
        venture = template.begun(name="", currency=currency, parties=chosen, lang=language())
        super().__init__(template, venture, data)
        choices = list(seats.items())
        self.fields["first"] = forms.ChoiceField(
            label=template.first[language()],
            choices=choices,
            initial=first,
            widget=forms.RadioSelect,
        )
        if len(keys) > 2:
            label = _("Who is the other side of the contract?")
            self.fields["second"] = forms.ChoiceField(
                label=label, choices=choices, initial=second, widget=forms.RadioSelect
            )
        else:
            del self.fields["second"]

    def clean(self) -> dict[str, Any]:
        """Refuse a contract of a party with itself."""
        data = super().clean()
        if "second" in data and data.get("first") == data["second"]:
            self.add_error("second", _("Choose two different parties."))
        return data


class OwnForm(ShortForm):
    """The short form for the own organisation: names of the parties and the currency."""

    first_name = forms.CharField(max_length=NAME_LENGTH)
    second_name = forms.CharField(max_length=NAME_LENGTH)
    currency = forms.RegexField(
        label=_("Currency"),
        regex=r"^[A-Za-z]{3}$",
        initial="EUR",
        error_messages={"invalid": _("Three letters such as EUR or CHF.")},
    )

    def __init__(self, template: Template, organisation: str, data: Any = None) -> None:
        given = [data.get(key, "") for key in ("first_name", "second_name")] if data else ["", ""]
        # As long as the other side has no name, its questions are asked of party B.
        known = (organisation, str(_("party B")))
        names = [" ".join(name.split()) or key for name, key in zip(given, known, strict=True)]
        currency = str(data.get("currency", "EUR")).upper() if data else "EUR"
        venture = template.begun(
            name="",
            currency=currency,
            parties=dict(zip("AB", names, strict=True)),
            lang=language(),
        )
        super().__init__(template, venture, data)
        self.fields["first_name"].label = template.first[language()]
        self.fields["first_name"].initial = organisation
        self.fields["second_name"].label = _("Who is the other side of the contract?")
