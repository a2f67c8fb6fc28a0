"""The room: frame, parties and answers as one frozen value."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from mutualist.domain.assess.checks import check_frame, check_sheet
from mutualist.domain.assess.facts import Facts
from mutualist.domain.assess.model import Ruleset
from mutualist.domain.assess.problems import AnswerError, Problem
from mutualist.domain.assess.ruleset import builtin_ruleset
from mutualist.domain.shared.letters import hidden_letter

KEYS = ("ruleset", "frame", "parties", "answers")
PARTY_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}", re.ASCII)
# Answers are at most six levels deep; what is deeper is no answer and is not followed.
DEEPEST = 10
RESERVED = frozenset(
    {"us", "them", "both", "each_own", "not_applicable", "open", "customer", "dont_know"}
    | {"want", "give", "want_months", "give_months", "plan", "what"}
    | {f"P{number}" for number in range(1, 11)}
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Room:
    """What the parties of a room have answered, checked.

    Make one with :meth:`from_dict`; the result of a room is :func:`mutualist.domain.assess.assess`.

    Attributes
    ----------
    ruleset : Ruleset
        The rule file the answers belong to.
    frame : mapping
        What the host filled in.
    parties : mapping of str to str
        Party id to name, in the order of the room.
    answers : mapping
        Party id to item number to answer, as in a room file.
    facts : dict
        Kept for the engine; no part of the value.

    Examples
    --------
    >>> room = Room.from_dict({"ruleset": "2026.2", "parties": {"A": "Nordwerk", "B": "Tauwerk"},
    ...                        "answers": {"A": {"6.2": "us"}}})
    >>> room.ids
    ('A', 'B')
    """

    ruleset: Ruleset
    frame: Mapping[str, Any]
    parties: Mapping[str, str]
    answers: Mapping[str, Mapping[str, Any]]
    facts: dict[str, Facts] = field(default_factory=dict, repr=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], ruleset: Ruleset | None = None) -> Room:
        """Check the data of a room file and make a room of it.

        Parameters
        ----------
        data
            As read from YAML or JSON; it is copied.
        ruleset
            The rule file to use; the one that comes with the package and carries the version of the data, if None.

        Raises
        ------
        AnswerError
            If anything breaks the format; ``problems`` lists everything.
        """
        clean = normalised(data)
        problems = check_room(clean, ruleset)
        if problems:
            raise AnswerError(problems)
        rules = ruleset or builtin_ruleset(clean["ruleset"])
        given = _silence_spelled_out(clean.get("answers", {}), rules)
        return cls(
            rules,
            MappingProxyType(clean.get("frame", {})),
            MappingProxyType(clean["parties"]),
            MappingProxyType(
                {party: MappingProxyType(given.get(party, {})) for party in clean["parties"]}
            ),
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """Party ids in the order of the room."""
        return tuple(self.parties)

    def name(self, party: str) -> str:
        """Return the name of a party."""
        return self.parties[party]

    def with_answers(self, changed: Mapping[str, Mapping[str, Any]]) -> Room:
        """Return a room in which some answers are others; they are not checked again.

        Parameters
        ----------
        changed
            Party id to item number to new answer; None makes an item unknown.
        """
        answers = dict(self.answers)
        for party, sheet in changed.items():
            merged = {**answers[party], **sheet}
            answers[party] = MappingProxyType(
                {key: value for key, value in merged.items() if value is not None}
            )
        kept = {party: facts for party, facts in self.facts.items() if party not in changed}
        return Room(self.ruleset, self.frame, self.parties, MappingProxyType(answers), kept)

    def to_dict(self) -> dict[str, Any]:
        """Return the data of a room file; ``Room.from_dict`` of it is an equal room."""
        return {
            "ruleset": self.ruleset.version,
            "frame": copy.deepcopy(dict(self.frame)),
            "parties": dict(self.parties),
            "answers": {party: copy.deepcopy(dict(sheet)) for party, sheet in self.answers.items()},
        }

    def __repr__(self) -> str:
        """Return one line: the parties and how many items they answered."""
        answered = ", ".join(
            f"{party}: {sum(number in self.ruleset.items for number in sheet)}"
            for party, sheet in self.answers.items()
        )
        return f"<Room {self.frame.get('name', '')!r}, rules {self.ruleset.version}, answers {answered}>"

    def __eq__(self, other: object) -> bool:
        """Rooms are equal if they have the same rules, frame, parties and answers."""
        return isinstance(other, Room) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        """Hash what is hashable of a room; equal rooms have the same."""
        return hash((self.ruleset.version, *self.parties.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as plain data."""
        return _restore, (self.to_dict(), self.ruleset)


def _restore(data: dict[str, Any], ruleset: Ruleset) -> Room:
    answers = {party: MappingProxyType(sheet) for party, sheet in data["answers"].items()}
    rules = builtin_ruleset(ruleset.version) if _is_builtin(ruleset) else ruleset
    return Room(
        rules,
        MappingProxyType(data["frame"]),
        MappingProxyType(data["parties"]),
        MappingProxyType(answers),
    )


def _is_builtin(ruleset: Ruleset) -> bool:
    try:
        return builtin_ruleset(ruleset.version).source == ruleset.source
    except Exception:  # noqa: BLE001 - any other version is not built in
        return False


def check_room(data: Any, ruleset: Ruleset | None = None) -> tuple[Problem, ...]:
    """Return everything that is wrong with the data of a room file.

    Parameters
    ----------
    data
        As read from YAML or JSON.
    ruleset
        As in :meth:`Room.from_dict`.

    Examples
    --------
    >>> [problem.code for problem in check_room({"ruleset": "2026.2", "parties": {"A": "Nordwerk"}})]
    ['too_few_parties']
    """
    data = normalised(data)
    if not isinstance(data, Mapping):
        return (Problem("", "", "", type(data).__name__, "no_room"),)
    found = [
        Problem("", "", "", key, "unknown_key", ", ".join(KEYS)) for key in data if key not in KEYS
    ]
    rules, wrong = _rules(data, ruleset)
    if rules is None:
        return (*found, *wrong)
    found += wrong
    parties = data.get("parties")
    found += _check_parties(parties)
    found += check_frame(data.get("frame", {}), rules)
    answers = data.get("answers", {})
    if not isinstance(answers, Mapping):
        return (*found, Problem("", "answers", "", answers, "not_mapping"))
    ids: Sequence[str] = tuple(parties) if isinstance(parties, Mapping) else ()
    for party, sheet in _silence_spelled_out(answers, rules).items():
        if party not in ids:
            found.append(
                Problem("", "answers", "", party, "unknown_party", ", ".join(map(str, ids)))
            )
        else:
            found += check_sheet(sheet, party, ids, rules)
    return tuple(found)


def _rules(
    data: Mapping[str, Any], ruleset: Ruleset | None
) -> tuple[Ruleset | None, list[Problem]]:
    from mutualist.domain.assess.ruleset import CURRENT, RulesetError

    version = data.get("ruleset")
    expected = ruleset.version if ruleset else CURRENT
    if version is None:
        return ruleset or builtin_ruleset(), [
            Problem("", "ruleset", "", None, "no_ruleset", expected)
        ]
    if ruleset is None:
        try:
            return builtin_ruleset(version if isinstance(version, str) else repr(version)), []
        except RulesetError:
            return None, [Problem("", "ruleset", "", version, "wrong_ruleset", expected)]
    wrong = (
        []
        if version == expected
        else [Problem("", "ruleset", "", version, "wrong_ruleset", expected)]
    )
    return ruleset, wrong


def _silence_spelled_out(answers: Mapping[str, Any], rules: Ruleset) -> dict[str, Any]:
    """Write an answer per counterpart that names no counterpart as what it is: unknown."""
    silent = {
        number
        for number, item in rules.items.items()
        if item.counterpart and item.type not in {"fields", "pledges"}
    }
    return {
        party: {
            number: "dont_know" if number in silent and value == {} else value
            for number, value in sheet.items()
        }
        if isinstance(sheet, Mapping)
        else sheet
        for party, sheet in answers.items()
    }


def _check_parties(parties: Any) -> list[Problem]:
    if parties is None:
        return [Problem("", "parties", "", 0, "too_few_parties")]
    if not isinstance(parties, Mapping):
        return [Problem("", "parties", "", parties, "not_mapping")]
    found = []
    for party, name in parties.items():
        if not isinstance(party, str) or not PARTY_ID.fullmatch(party) or party in RESERVED:
            found.append(Problem("", "parties", "", party, "bad_party_id"))
        elif not isinstance(name, str) or not name.strip():
            found.append(Problem(party, "parties", "", name, "bad_party_name"))
        elif hidden := hidden_letter(name):
            found.append(Problem(party, "parties", "", hidden, "bad_letters"))
    if len(parties) < 2:
        found.append(Problem("", "parties", "", len(parties), "too_few_parties"))
    return found


def normalised(data: Any) -> Any:
    """Return a copy in which dates are text and the numbers of items and versions are text.

    YAML reads ``2026-11-28`` as a date and an unquoted ``2.3`` as a number; both have one meaning here.
    """
    if not isinstance(data, Mapping):
        return data
    clean = {key: _plain(value) for key, value in data.items()}
    if isinstance(clean.get("ruleset"), float):
        clean["ruleset"] = repr(clean["ruleset"])
    answers = clean.get("answers")
    if isinstance(answers, dict):
        clean["answers"] = {
            party: {
                repr(key) if isinstance(key, float) else key: value for key, value in sheet.items()
            }
            if isinstance(sheet, dict)
            else sheet
            for party, sheet in answers.items()
        }
    return clean


def _plain(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {key: _plain(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry, depth + 1) for entry in value]
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value
