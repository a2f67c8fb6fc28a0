"""What a schema cannot say about a rule file: names, ids, conditions, placeholders."""

from __future__ import annotations

import difflib
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from mutualist.domain.assess import building
from mutualist.domain.assess.compiler import Compiler
from mutualist.domain.assess.fragments import Chosen, Numeric, Several, Wording
from mutualist.domain.assess.move_rules import OPERATIONS
from mutualist.domain.assess.programs import (
    PAIR,
    ROOM,
    PlacedError,
    Programs,
    condition,
    formulas,
    number,
)
from mutualist.domain.assess.runtime import people_test
from mutualist.domain.assess.vocabulary import Scope, Vocabulary

Path = tuple[str | int, ...]
Trouble = tuple[Path, str, str, int]

# Items that functions, moves and interests read by name.
NEEDED = (
    "joint_goals",
    "yardstick",
    "own_goals",
    "skills",
    "income",
    "loss_today",
    "stake",
    "milestones",
    "pace",
    "pledges",
)


def reference_problems(data: Mapping[str, Any]) -> list[Trouble]:
    """Return (key path, German, English, place in the text) of everything that is wrong.

    ``data`` follows the schema.
    """
    found = list(_ids(data))
    found += _items(data)
    if found:
        return found
    finder = Finder(data)
    finder.run()
    return finder.found


# ------------------------------------------------------------------------------------------------------- ids and lists


def _unknown(path: Path, name: str, known: Iterable[str], what_de: str, what_en: str) -> Trouble:
    near = difflib.get_close_matches(name, list(known), n=1)
    de = f" Gemeint ist vielleicht „{near[0]}“." if near else ""
    en = f" Did you mean {near[0]!r}?" if near else ""
    return path, f"{what_de} „{name}“ gibt es nicht.{de}", f"There is no {what_en} {name!r}.{en}", 0


def _ids(data: Mapping[str, Any]) -> Iterator[Trouble]:
    for section, label in (
        ("rules", "id"),
        ("conflicts", "id"),
        ("gaps", "id"),
        ("measures", "id"),
        ("gates", "id"),
    ):
        yield from _double(data[section], label, (section,))
    for section, label in (
        ("pledges", "key"),
        ("kinds", "key"),
        ("questions", "number"),
        ("formulas", "name"),
        ("moves", "id"),
    ):
        yield from _double(data[section], label, (section,))
    for name, entries in data["lists"].items():
        yield from _double(entries, "key", ("lists", name))


def _double(entries: Sequence[Mapping[str, Any]], label: str, path: Path) -> Iterator[Trouble]:
    seen: set[Any] = set()
    for index, entry in enumerate(entries):
        if entry[label] in seen:
            name = entry[label]
            yield (
                (*path, index, label),
                f"„{name}“ gibt es zweimal.",
                f"{name!r} is there twice.",
                0,
            )
        seen.add(entry[label])


def _items(data: Mapping[str, Any]) -> Iterator[Trouble]:
    lists = data["lists"]
    names: dict[str, str] = {}
    for item_number, item in data["items"].items():
        path: Path = ("items", item_number)
        if item["name"] in names:
            other = names[item["name"]]
            yield (
                (*path, "name"),
                f"So heißt schon {other}.",
                f"This is the name of {other} already.",
                0,
            )
        names[item["name"]] = item_number
        yield from _list_names(item, path, lists)
        yield from _fields(item, path, lists)
    for name in NEEDED:
        if name not in names:
            yield _unknown(
                ("items",), name, names, "Einen Punkt mit dem Namen", "item with the name"
            )


def _fields(item: Mapping[str, Any], path: Path, lists: Mapping[str, Any]) -> Iterator[Trouble]:
    fields = item.get("fields", {})
    for name, field in fields.items():
        yield from _list_names(field, (*path, "fields", name), lists)
        if field.get("by") and field["by"] not in fields:
            yield _unknown((*path, "fields", name, "by"), field["by"], fields, "Das Feld", "field")
    for key in ("short", "value"):
        if key in item and item[key] not in fields:
            yield _unknown((*path, key), item[key], fields, "Das Feld", "field")
    core = item.get("core", ())
    for index, name in enumerate(core if isinstance(core, list) else ()):
        if name not in fields:
            yield _unknown((*path, "core", index), name, fields, "Das Feld", "field")


def _list_names(
    entry: Mapping[str, Any], path: Path, lists: Mapping[str, Any]
) -> Iterator[Trouble]:
    for key in ("options", "levels"):
        if key in entry and entry[key] not in lists and entry[key] != building.PARTIES:
            yield _unknown((*path, key), entry[key], lists, "Die Liste", "list")


# ---------------------------------------------------------------------------------------------------------- conditions


class Finder:
    """Tries every condition, value and text of a rule file and gathers what does not work."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.found: list[Trouble] = []
        lists = {name: building.options(entries) for name, entries in data["lists"].items()}
        self.items = {
            key: building.item_of(key, entry, lists) for key, entry in data["items"].items()
        }
        self.pledges = tuple(pledge["key"] for pledge in data["pledges"])
        frame = {
            name: building.field_of(name, entry, lists) for name, entry in data["frame"].items()
        }
        named = self._formulas()
        self.vocabulary = Vocabulary(
            {item.name: item for item in self.items.values()}, lists, frame, self.pledges, named
        )
        self.programs = Programs(self.vocabulary, people_test(()))

    def _formulas(self) -> Mapping[str, Any]:
        good: dict[str, Any] = {}
        for index, entry in enumerate(self.data["formulas"]):
            try:
                good |= formulas([(entry["name"], tuple(entry["of"]), entry["is"])])
            except PlacedError as error:
                self.found.append(
                    (("formulas", index, "is"), error.error.de, error.error.en, error.error.at)
                )
        return good

    def attempt(self, make: Callable[..., Any], *args: Any) -> Any:
        """Run something that may fail at a place, and note the failure."""
        try:
            return make(*args)
        except PlacedError as error:
            self.found.append((self._path(error), error.error.de, error.error.en, error.error.at))
        return None

    def _path(self, error: PlacedError) -> Path:
        """Return where a mistake is: in the condition, or in the formula that it uses."""
        names = [entry["name"] for entry in self.data["formulas"]]
        if error.error.formula in names:
            return "formulas", names.index(error.error.formula), "is"
        return error.path

    def run(self) -> None:
        """Try everything."""
        self._measures()
        self._rules()
        self._conflicts()
        for index, gap in enumerate(self.data["gaps"]):
            self._gap(gap, ("gaps", index))
        self._result()
        self._moves()
        self._interests()

    def _compiler(self) -> Compiler:
        return Compiler(self.vocabulary)

    def _measures(self) -> None:
        for index, measure in enumerate(self.data["measures"]):
            path: Path = ("measures", index)
            self.attempt(number, self._compiler(), measure["formula"], ROOM, (*path, "formula"))
            for key in ("items", "proof"):
                self._sources(measure[key], (*path, key))
        known = [measure["id"] for measure in self.data["measures"]]
        for index, gate in enumerate(self.data["gates"]):
            if gate["measure"] not in known:
                self.found.append(
                    _unknown(
                        ("gates", index, "measure"), gate["measure"], known, "Das Maß", "measure"
                    )
                )
            self._pledge(gate.get("pledge"), ("gates", index, "pledge"))

    def _rules(self) -> None:
        for index, rule in enumerate(self.data["rules"]):
            path: Path = ("rules", index)
            scope = ROOM if rule["kind"] == "logo" else PAIR
            self.attempt(condition, self._compiler(), rule["when"], scope, (*path, "when"))
            self._words(rule, path, scope, ())
            self._template(rule["undo"], (*path, "undo"), self._names(scope))
            self._sources(rule["items"], (*path, "items"))
            self._sources(rule.get("proof", ()), (*path, "proof"), proof=True)

    def _conflicts(self) -> None:
        for index, conflict in enumerate(self.data["conflicts"]):
            path: Path = ("conflicts", index)
            scope = ROOM if conflict["scope"] == "room" else PAIR
            inner = scope
            for step, entry in enumerate(conflict.get("let", ())):
                for name, text in entry.items():
                    place = (*path, "let", step, name)
                    self.attempt(number, self._compiler(), text, inner, place)
                    inner = inner.with_names(**{name: Numeric("v", exact=False)})
            self.attempt(number, self._compiler(), conflict["severity"], inner, (*path, "severity"))
            self._words(conflict, path, scope, ())
            self._sources(conflict["items"], (*path, "items"))
            for at, pledge in enumerate(conflict.get("pledges", ())):
                self._pledge(pledge, (*path, "pledges", at))

    def _gap(self, data: Mapping[str, Any], path: Path) -> None:
        gap = building.gap_of(data)
        index = int(path[1])
        found = self.attempt(self.programs.gap_scope, self._compiler(), gap, index)
        if found is None:
            return
        scope = found[0]
        more = (gap.each[0],) if gap.each else ()
        for at, case in enumerate(data["cases"]):
            place = (*path, "cases", at)
            self.attempt(condition, self._compiler(), case["when"], scope, (*place, "when"))
            self._words(case, place, scope, more)
            self._sources(case["items"], (*place, "items"))

    # -------------------------------------------------------------------------------------------------------- words

    @staticmethod
    def _names(scope: Scope) -> tuple[str, ...]:
        return () if scope.kind == "room" else ("X", "Y")

    def _words(
        self, entry: Mapping[str, Any], path: Path, scope: Scope, more: Sequence[str]
    ) -> None:
        values = entry.get("values", {})
        for name, text in values.items():
            self.attempt(self._value, text, scope, (*path, "values", name))
        allowed = (*self._names(scope), *values, *more)
        words = entry["words"]
        phrases = words if isinstance(words, list) else [words]
        for index, phrase in enumerate(phrases):
            place = (*path, "words", index) if isinstance(words, list) else (*path, "words")
            if "when" in phrase:
                self.attempt(condition, self._compiler(), phrase["when"], scope, (*place, "when"))
            self._template(phrase, place, allowed)
        if "when" in phrases[-1]:
            de = "Der letzte Text gilt ohne Bedingung; sonst fehlen manchmal die Worte."
            en = "The last text has no condition; otherwise words are missing at times."
            self.found.append(((*path, "words"), de, en, 0))

    def _value(self, text: str, scope: Scope, path: Path) -> None:
        fragment = self.programs.text_value("value", scope, text, path).fragment
        if not isinstance(fragment, Numeric | Chosen | Several | Wording):
            de, en = (
                "Für Worte passt nur eine Zahl, eine Auswahl oder ein Text.",
                "Words need a number, a choice or text.",
            )
            self.found.append((path, de, en, 0))

    def _template(self, words: Mapping[str, str], path: Path, allowed: Sequence[str]) -> None:
        for lang in ("de", "en"):
            try:
                names = [
                    name
                    for _, name, _, _ in string.Formatter().parse(words[lang])
                    if name is not None
                ]
            except ValueError:
                de, en = "Eine geschweifte Klammer ist nicht geschlossen.", "A brace is not closed."
                self.found.append(((*path, lang), de, en, 0))
                continue
            for name in names:
                if name not in allowed:
                    self.found.append(
                        _unknown(
                            (*path, lang), f"{{{name}}}", allowed, "Den Platzhalter", "placeholder"
                        )
                    )

    def _sources(self, sources: Sequence[str], path: Path, *, proof: bool = False) -> None:
        for index, source in enumerate(sources):
            item = self.items.get(source.removeprefix("Y:"))
            if item is None:
                self.found.append(_unknown((*path, index), source, self.items, "Den Punkt", "item"))
            elif proof and item.type != "level" and "proof" not in item.fields:
                de, en = f"{source} hat keine Belegstufe.", f"{source} has no level of proof."
                self.found.append(((*path, index), de, en, 0))

    def _pledge(self, name: str | None, path: Path) -> None:
        if name and name not in self.pledges:
            self.found.append(_unknown(path, name, self.pledges, "Die Zusage", "pledge"))

    # --------------------------------------------------------------------------------------------------- the rest

    def _result(self) -> None:
        gates = [gate["id"] for gate in self.data["gates"]]
        gate = self.data["result"]["making"]["gate"]
        if gate not in gates:
            self.found.append(
                _unknown(("result", "making", "gate"), gate, gates, "Die Bedingung", "gate")
            )
        rules = [rule["id"] for rule in self.data["rules"]]
        cap = self.data["result"]["logo_cap"]
        for path, name in [
            ("unless", cap["unless"]),
            *(("with_any", name) for name in cap["with_any"]),
        ]:
            if name not in rules:
                self.found.append(
                    _unknown(("result", "logo_cap", path), name, rules, "Die Regel", "rule")
                )
        for index, kind in enumerate(self.data["kinds"]):
            for key in ("sentence", "first", "second", "both", "several"):
                if key in kind:
                    self._template(kind[key], ("kinds", index, key), kind.get("roles", ()))
        for index, pledge in enumerate(self.data["pledges"]):
            self._template(pledge["clause"], ("pledges", index, "clause"), ("parties",))

    def _moves(self) -> None:
        for index, move in enumerate(self.data["moves"]):
            path: Path = ("moves", index)
            self._template(move, path, ("X",) if move.get("per_party") else ())
            if move["do"] not in OPERATIONS:
                self.found.append(
                    _unknown((*path, "do"), move["do"], OPERATIONS, "Den Schritt", "operation")
                )
            self._pledge(move.get("pledge"), (*path, "pledge"))
            item = self.items.get(move.get("item", ""))
            if "item" in move and item is None:
                self.found.append(
                    _unknown((*path, "item"), move["item"], self.items, "Den Punkt", "item")
                )
            elif item is not None and "field" in move and move["field"] not in item.fields:
                self.found.append(
                    _unknown((*path, "field"), move["field"], item.fields, "Das Feld", "field")
                )

    def _interests(self) -> None:
        goals = [goal["key"] for goal in self.data["lists"].get("goals", ())]
        for index, clash in enumerate(self.data["interests"]["clashes"]):
            for at, goal in enumerate(clash):
                if goal not in goals:
                    self.found.append(
                        _unknown(
                            ("interests", "clashes", index, at), goal, goals, "Das Ziel", "goal"
                        )
                    )
