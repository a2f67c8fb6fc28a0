"""From what the rules of the format object to, to the box it belongs to and words for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from mutualist.apps.rooms.forms.counterparts import part_name
from mutualist.apps.rooms.forms.scene import Scene
from mutualist.domain.assess import Problem, check_answer, check_sheet
from mutualist.domain.assess.model import Ruleset

_WORDS: Mapping[str, Promise] = {
    "missing_payer": _("Who pays it? Please choose."),
    "no_payer": _("Whoever earns nothing here has no payer: please clear this choice."),
    "stands_alone": _("Earning nothing stands alone at 100 %: please clear the other rows."),
    "not_whole": _("Please write a whole number."),
    "too_many_rows": _("These are too many rows for one party: please drop the least important."),
    "missing_field": _("Something is missing in this row."),
    "boolean": _("This is not among the answers."),
    "unknown_value": _("This is not among the answers."),
    "unknown_field": _("This is not among the answers."),
    "unknown_party": _("This party is not in the room."),
    "own_party": _("This is your own party: please choose “we”."),
}
"""Words for a page; the domain's own speak of files."""


_UNFINISHED = frozenset({"missing_payer", "missing_field", "sum", "stands_alone"})
"""What may well be on its way to be right while somebody is still typing."""


class Objection(NamedTuple):
    """What the format objects to: place in the value, message, and whether more is to come."""

    place: str
    message: str
    is_unfinished: bool


def checker(scene: Scene, rules: Ruleset) -> Callable[[str, Any], Iterator[Objection]]:
    """Return what checks a value that could be read against the rules of the format."""
    parties = tuple(scene.parties)

    def check(number: str, value: Any) -> Iterator[Objection]:
        if number in rules.items:
            problems = check_answer(number, value, scene.party, parties, rules)
        else:
            problems = check_sheet({number: value}, scene.party, parties, rules)
        return objections(problems, scene)

    return check


def objections(problems: Iterable[Problem], scene: Scene) -> Iterator[Objection]:
    """Yield the place below the item, or an empty text, and the message of each problem."""
    for problem in problems:
        with override(scene.language):
            words = _WORDS.get(problem.code)
            text = str(words) if words else _without_place(problem, scene.language)
        place = place_of(problem.field, scene.others)
        yield Objection(place, text, problem.code in _UNFINISHED)


def _without_place(problem: Problem, language: str) -> str:
    """Return the domain's sentence without party and item, which the page shows anyway."""
    message = problem.message(language)
    return message.removeprefix(f"{problem.place}: ")


def place_of(field: str, others: Mapping[str, Any]) -> str:
    """Return where a field of the domain stands among the boxes.

    Examples
    --------
    >>> place_of("2.payer", {}), place_of("B.plan", {"B": "Nordwerk"}), place_of("have.sales", {})
    ('1.payer', 'to-B.plan', 'have.sales')
    """
    first, dot, rest = field.partition(".")
    if first.isdecimal():
        return f"{int(first) - 1}{dot}{rest}"
    if first in others:
        return f"{part_name(first)}.{rest or 'value'}"
    return field
