"""Route enquiries from tables: partners and enquiries as CSV, each decision with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutualist.domain.programme.routing import (
    Assignment,
    Candidate,
    Enquiry,
    Fairness,
    Field,
    Partner,
    Refusal,
    assign,
    fairness,
    route,
    weights,
    why_not,
)
from mutualist.domain.programme.routing.fairness import trade_off
from mutualist.library.places import NOTICE
from mutualist.library.routing_tables import (
    RowProblem,
    TableError,
    read_enquiries,
    read_partners,
)
from mutualist.library.words import N_, number, text

#: Names of the languages that partners speak most.
LANGUAGES = {
    "de": N_("German"),
    "en": N_("English"),
    "fr": N_("French"),
    "it": N_("Italian"),
    "nl": N_("Dutch"),
    "pl": N_("Polish"),
    "cs": N_("Czech"),
    "es": N_("Spanish"),
    "tr": N_("Turkish"),
}
#: Times the mean load that the trade-off is told for.
BOUNDS = (1.2, 1.5, 2.0, 3.0, 5.0)
#: Refusals told for an enquiry: the nearest partners that were not taken.
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Routing:
    """Enquiries handed to partners, with the reasons."""

    field: Field
    enquiries: tuple[Enquiry, ...]
    assignment: Assignment

    @property
    def spread(self) -> Fairness:
        """How evenly the enquiries were spread."""
        return fairness(self.assignment.chosen, [one.id for one in self.field.partners])

    @property
    def trade_off(self) -> list[tuple[float, Fairness]]:
        """The spread under several bounds on the load: the more even, the farther."""
        return trade_off(self.field, self.enquiries, BOUNDS)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """Return the document ``route/1``."""
        return {
            "schema": "route/1",
            "weights": self.field.weights.version,
            "places": NOTICE,
            "assignments": [
                self._told(enquiry, chosen, able, lang)
                for enquiry, chosen, able in zip(
                    self.enquiries, self.assignment.chosen, self.assignment.able, strict=True
                )
            ],
            "fairness": _spread(self.spread),
            "trade_off": [
                {"bound": bound, "spread": _spread(found)} for bound, found in self.trade_off
            ],
        }

    def _told(
        self, enquiry: Enquiry, chosen: Candidate | None, able: int, lang: str
    ) -> dict[str, Any]:
        others = self.others(enquiry, chosen)
        return {
            "enquiry": enquiry.id,
            "partner": chosen.partner if chosen else None,
            "name": chosen.name if chosen else None,
            "km": _rounded(chosen.km) if chosen else None,
            "score": _rounded(chosen.score) if chosen else None,
            "able": able,
            "parts": {name: _rounded(points) for name, points in chosen.parts.items()}
            if chosen
            else {},
            "reason": self._reason(enquiry, chosen, able, lang),
            "why_not": [
                {"partner": one.partner, "code": one.code, "text": refusal_text(one, lang)}
                for one in others
            ],
        }

    def others(self, enquiry: Enquiry, chosen: Candidate | None) -> list[Refusal]:
        """Return why the best other candidates were not taken."""
        found: list[Refusal] = []
        for one in route(self.field, enquiry, MOST_TOLD + 1).candidates:
            if chosen is not None and one.partner == chosen.partner:
                continue
            better = chosen is None or one.score > chosen.score
            refusal = None if better else why_not(self.field, enquiry, one.partner)
            found.append(refusal or Refusal(one.partner, one.name, "full_elsewhere"))
        return found[:MOST_TOLD]

    def _reason(self, enquiry: Enquiry, chosen: Candidate | None, able: int, lang: str) -> str:
        if chosen is not None:
            return candidate_text(chosen, lang)
        if able:
            return text(N_("{count} partners could, but all of them are full."), lang, count=able)
        return nobody_text(route(self.field, enquiry, 1).failed, lang)


def nobody_text(failed: Mapping[str, int], lang: str) -> str:
    """Return why nobody can serve an enquiry: how many partners fail which condition first."""
    return text(N_("Nobody can: {reasons}."), lang, reasons=failed_text(failed, lang) or "–")


def failed_text(failed: Mapping[str, int], lang: str) -> str:
    """Return which conditions partners fail first, and how many of them, the most frequent first."""
    words = weights().words
    return ", ".join(
        f"{words[f'{code}_short'][lang]} ({count})"
        for code, count in sorted(failed.items(), key=lambda one: -one[1])
    )


def candidate_text(chosen: Candidate, lang: str) -> str:
    """Return why a partner was taken: its points, largest part first."""
    words = weights().words
    told = []
    for name, points in sorted(chosen.parts.items(), key=lambda one: -one[1]):
        part = f"{words['part.' + name][lang]} {number(points, lang)}"
        if name == "nearness" and chosen.km is not None:
            part = words["chosen.away"][lang].format(part=part, km=number(chosen.km, lang))
        elif points < 0.5:
            continue
        told.append(part)
    score = number(chosen.score, lang)
    return words["chosen.points"][lang].format(points=score, parts=", ".join(told))


def language_text(code: str, lang: str) -> str:
    """Return what a language is called; its code where it has no name here.

    Examples
    --------
    >>> language_text("de", "en"), language_text("xy", "en")
    ('German', 'xy')
    """
    return text(LANGUAGES[code], lang) if code in LANGUAGES else code


def refusal_text(refusal: Refusal, lang: str) -> str:
    """Return why a partner was not taken, in ``de`` or ``en``."""
    words = weights().words
    values = dict(refusal.values)
    if refusal.code == "behind":
        values["points"] = number(float(str(values["points"])), lang, 1)
        values["value"] = words["part." + str(values["value"])][lang]
    if refusal.code == "language":
        values["value"] = language_text(str(values["value"]), lang)
    return words[refusal.code][lang].format(**values)


def _spread(spread: Fairness) -> dict[str, Any]:
    return {
        "served": spread.served,
        "unserved": spread.unserved,
        "mean": round(spread.mean, 4),
        "most": spread.most,
        "times_mean": round(spread.times_mean, 4),
        "none": spread.none,
        "gini": round(spread.gini, 4),
        "median_km": _rounded(spread.median_km),
        "far_km": _rounded(spread.far_km),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def route_files(partners: str | Path, enquiries: str | Path) -> Routing:
    """Hand the enquiries of one file to the partners of another, all at once.

    Raises
    ------
    TableError
        With every cell of either file that cannot be read.
    """
    problems: list[RowProblem] = []
    firms: list[Partner] = []
    asked: list[Enquiry] = []
    try:
        firms = read_partners(partners)
    except TableError as error:
        problems += error.problems
    try:
        asked = read_enquiries(enquiries)
    except TableError as error:
        problems += error.problems
    if problems:
        raise TableError(problems)
    field = Field(firms)
    return Routing(field, tuple(asked), assign(field, asked))
