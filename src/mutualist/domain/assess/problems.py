"""What is wrong with an answer, in words that say what to do."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mutualist.domain.assess.model import Words
from mutualist.domain.shared.errors import MutualistError

_TEXTS: Mapping[str, Words] = {
    "no_room": Words(
        "Eine Raumdatei ist eine Zuordnung mit ruleset, frame, parties und answers; da steht {value}.",
        "A room file is a mapping with ruleset, frame, parties and answers; found {value}.",
    ),
    "wrong_ruleset": Words(
        "Die Antworten gehören zur Regelversion {value}; hier gilt {allowed}. Bitte neu aus dem Raum ausgeben.",
        "The answers belong to rule version {value}; this is {allowed}. Please export them again from the room.",
    ),
    "no_ruleset": Words(
        'Die Regelversion fehlt. Schreiben Sie ruleset: "{allowed}".',
        'The rule version is missing. Write ruleset: "{allowed}".',
    ),
    "unknown_key": Words(
        "Den Schlüssel {value} gibt es in einer Raumdatei nicht. Möglich sind: {allowed}.",
        "A room file has no key {value}. Possible are: {allowed}.",
    ),
    "too_few_parties": Words(
        "Ein Raum braucht mindestens zwei Parteien, hier sind es {value}.",
        "A room needs at least two parties, this one has {value}.",
    ),
    "bad_party_id": Words(
        "Das Kürzel {value} geht nicht. Nehmen Sie einen Buchstaben a–z oder A–Z und bis zu 15 weitere Buchstaben, "
        "Ziffern oder Unterstriche, und keines der Wörter der Antworten.",
        "The party id {value} does not work. Take a letter a–z or A–Z and up to 15 more letters, digits or underscores, "
        "and none of the words used in answers.",
    ),
    "bad_party_name": Words(
        "Der Name der Partei fehlt oder ist kein Text; da steht {value}.",
        "The name of the party is missing or not text; found {value}.",
    ),
    "unknown_party": Words(
        "Die Partei {value} gibt es in diesem Raum nicht. Möglich sind: {allowed}.",
        "There is no party {value} in this room. Possible are: {allowed}.",
    ),
    "own_party": Words(
        "Das eigene Kürzel {value} steht hier. Schreiben Sie stattdessen „us“ (wir) oder nennen Sie eine andere Partei.",
        "This is your own party id {value}. Write ‘us’ instead, or name another party.",
    ),
    "unknown_item": Words(
        "Den Punkt {value} gibt es nicht. Die Nummern gehen von 1.1 bis 6.6 und stehen in Anführungszeichen.",
        "There is no item {value}. The numbers go from 1.1 to 6.6 and stand in quotes.",
    ),
    "unknown_field": Words(
        "Das Feld {value} gibt es hier nicht. Möglich sind: {allowed}.",
        "There is no field {value} here. Possible are: {allowed}.",
    ),
    "unknown_value": Words(
        "Den Wert {value} gibt es hier nicht. Möglich sind: {allowed}.",
        "The value {value} is not possible here. Possible are: {allowed}.",
    ),
    "boolean": Words(
        'Hier steht {value} als Wahrheitswert. Setzen Sie yes und no in Anführungszeichen: "yes", "no".',
        'This is the truth value {value}. Put yes and no in quotes: "yes", "no".',
    ),
    "empty": Words(
        "Hier steht nichts. Lassen Sie die Zeile weg oder schreiben Sie „dont_know“ (weiß ich nicht).",
        "There is nothing here. Leave the line out or write ‘dont_know’.",
    ),
    "dont_know": Words(
        "Hier geht „weiß ich nicht“ nur für den ganzen Punkt, nicht für einen Teil.",
        "Here ‘dont_know’ is possible for the whole item only, not for a part of it.",
    ),
    "not_text": Words(
        "Hier gehört ein Text hin, da steht {value}.", "Text belongs here, found {value}."
    ),
    "not_number": Words(
        "Hier gehört eine Zahl hin, da steht {value}.", "A number belongs here, found {value}."
    ),
    "not_whole": Words(
        "Hier gehört eine ganze Zahl hin, da steht {value}.",
        "A whole number belongs here, found {value}.",
    ),
    "not_list": Words(
        "Hier gehört eine Liste hin, da steht {value}.", "A list belongs here, found {value}."
    ),
    "not_mapping": Words(
        "Hier gehört eine Zuordnung hin (Feld: Wert), da steht {value}.",
        "A mapping (field: value) belongs here, found {value}.",
    ),
    "not_month": Words(
        "Hier gehört ein Monat hin, als „2026-11“; da steht {value}.",
        "A month belongs here, as ‘2026-11’; found {value}.",
    ),
    "not_date": Words(
        "Hier gehört ein Datum hin, als „2026-11-28“; da steht {value}.",
        "A date belongs here, as ‘2026-11-28’; found {value}.",
    ),
    "not_currency": Words(
        "Hier gehört eine Währung mit drei Großbuchstaben hin, etwa EUR; da steht {value}.",
        "A currency of three capital letters belongs here, such as EUR; found {value}.",
    ),
    "out_of_range": Words(
        "Erlaubt ist {allowed}; da steht {value}.", "Allowed is {allowed}; found {value}."
    ),
    "too_large": Words(
        "Die Zahl {value} ist zu groß. Geldbeträge stehen in Tausend.",
        "The number {value} is too large. Amounts of money are in thousands.",
    ),
    "bad_letters": Words(
        "Der Text enthält das unsichtbare Steuerzeichen {value}. Bitte löschen oder neu eintippen.",
        "The text holds the invisible control character {value}. Please delete it or type it anew.",
    ),
    "too_long": Words(
        "Der Text hat {value} Zeichen, erlaubt sind {allowed}. Bitte kürzen.",
        "The text has {value} characters, {allowed} are allowed. Please shorten it.",
    ),
    "sum": Words(
        "Die Punkte ergeben {value}, nicht {allowed}. Bitte so verteilen, dass es genau {allowed} sind.",
        "The points add up to {value}, not {allowed}. Please share out exactly {allowed}.",
    ),
    "too_many_rows": Words(
        "Das sind {value} Zeilen, höchstens {allowed} sind möglich. Bitte streichen Sie die unwichtigsten.",
        "These are {value} rows, at most {allowed} are possible. Please drop the least important.",
    ),
    "too_few_rows": Words(
        "Das sind {value} Zeilen, mindestens {allowed} wird gebraucht. Wer nichts einnimmt, wählt „none“ (gar nicht).",
        "These are {value} rows, at least {allowed} is needed. If there is no income, choose ‘none’.",
    ),
    "missing_field": Words(
        "In dieser Zeile fehlt {value}. Bitte ergänzen oder die Zeile streichen.",
        "This row lacks {value}. Please add it or drop the row.",
    ),
    "missing_payer": Words(
        "Wer zahlt? Bei dieser Quelle gehört zu jeder Zeile ein Zahler: „customer“ oder eine andere Partei ({allowed}).",
        "Who pays? With this source every row needs a payer: ‘customer’ or another party ({allowed}).",
    ),
    "no_payer": Words(
        "Bei „none“ (gar nicht) zahlt niemand; streichen Sie {value}.",
        "With ‘none’ nobody pays; drop {value}.",
    ),
    "stands_alone": Words(
        "„none“ (gar nicht) steht allein mit 100; streichen Sie die anderen Zeilen oder diese.",
        "‘none’ stands alone with 100; drop the other rows or this one.",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a room, a sheet or an answer.

    Parameters
    ----------
    party, item, field
        Where it is; empty if it is about the whole. ``field`` is the name of a field, or row and column as ``"2.type"``.
    value
        What was found, as it was given.
    code
        What is wrong, for programs.
    allowed
        What is possible instead.

    Examples
    --------
    >>> print(Problem("A", "2.2", "years", 12, "out_of_range", "0–10").message("de"))
    A, 2.2 (years): Erlaubt ist 0–10; da steht 12.
    """

    party: str
    item: str
    field: str
    value: Any
    code: str
    allowed: str = ""

    def message(self, lang: str = "en") -> str:
        """Return one sentence or two that name the item, the value and the remedy."""
        text = _TEXTS[self.code][lang].format(value=shown(self.value), allowed=self.allowed)
        return f"{self.place}: {text}" if self.place else text

    @property
    def place(self) -> str:
        """Where it is, as ``A, 5.1 (2.percent)``."""
        where = ", ".join(part for part in (self.party, self.item) if part)
        return f"{where} ({self.field})" if self.field and where else where or self.field

    def __str__(self) -> str:
        """Return the English message."""
        return self.message("en")


class _Quote(reprlib.Repr):
    """Quotes a value that may be anything: of any size, depth and kind."""

    def repr_int(self, value: int, level: int) -> str:  # noqa: ARG002 - the interface of Repr
        return str(value) if abs(value) < 10**18 else "> 10^18"


_QUOTE = _Quote()
_QUOTE.maxstring = _QUOTE.maxother = 60
_QUOTE.maxlevel = 3


def shown(value: Any) -> str:
    """Return a found value as it is quoted in a message, shortened."""
    return "–" if value is None else _QUOTE.repr(value)


class AnswerError(MutualistError):
    """Answers that break the format; nothing is computed from them.

    Parameters
    ----------
    problems
        Everything that is wrong, or one message.
    item
        The item, if one message is given.

    Attributes
    ----------
    problems : tuple of Problem
        All of them, in the order of the file.
    item : str
        Item of the first problem.

    Examples
    --------
    >>> AnswerError("2.2: expected 0–10 years, got 'five'", item="2.2").item
    '2.2'
    """

    def __init__(self, problems: Iterable[Problem] | str, item: str = "") -> None:
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        self.text = problems if isinstance(problems, str) else ""
        self.item = item or (self.problems[0].item if self.problems else "")
        super().__init__(self.message("en"))

    def message(self, lang: str = "en") -> str:
        """Return all messages, one a line."""
        return self.text or "\n".join(problem.message(lang) for problem in self.problems)

    def __reduce__(self) -> tuple[type[AnswerError], tuple[Any, ...]]:
        """Pickle with the problems, not only with the text."""
        return type(self), (self.problems or self.text, self.item)


@dataclass(slots=True)
class Collector:
    """Gathers problems while a sheet is checked; knows the place that is being looked at."""

    party: str = ""
    item: str = ""
    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, value: Any = None, *, field: str = "", allowed: Any = "") -> None:
        """Note a problem at the present place."""
        self.found.append(Problem(self.party, self.item, field, value, code, str(allowed)))
