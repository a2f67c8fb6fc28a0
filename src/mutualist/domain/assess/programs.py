"""Turns all conditions of a rule file into a handful of Python functions, once.

One function a scope keeps a verdict fast: the rules of an ordered pair, the rules of the room, the conflicts and gaps of
each scope, and the measures. The conditions behind words are compiled when a text is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mutualist.domain.assess import runtime
from mutualist.domain.assess.compiler import Compiler
from mutualist.domain.assess.fragments import Chosen, Fragment, Numeric, Party, Rows
from mutualist.domain.assess.model import Conflict, Gap, Measure, Rule
from mutualist.domain.assess.vocabulary import Scope, Vocabulary
from mutualist.domain.shared.language.expressions import ExpressionError, parse

_T = TypeVar("_T")
X = Party("x", total=True)
Y = Party("y", total=True)
PAIR = Scope("pair", {"X": X, "Y": Y})
ROOM = Scope("room", {})
_PAIR_ARGS = "x, y, frame"
_ROOM_ARGS = "sides, pairs, frame, room"


class PlacedError(Exception):
    """An expression error with the key path of the text it is in.

    ``path`` leads from the top of the rule file to the text, ``error`` says what is wrong with it.
    """

    def __init__(self, path: tuple[str | int, ...], error: ExpressionError) -> None:
        super().__init__(f"{'.'.join(map(str, path))}: {error}")
        self.path = path
        self.error = error


@dataclass(frozen=True, slots=True)
class TextValue:
    """A compiled value for words: how to compute it, and what it is."""

    compute: Callable[..., Any]
    fragment: Fragment


@dataclass(slots=True)
class Programs:
    """The compiled conditions of a rule file."""

    vocabulary: Vocabulary
    is_person: Callable[[str | None], bool]
    ordered_rules: Callable[..., tuple[Any, ...]] = field(init=False)
    room_rules: Callable[..., list[str]] = field(init=False)
    ordered_conflicts: Callable[..., tuple[int, ...]] = field(init=False)
    pair_conflicts: Callable[..., tuple[int, ...]] = field(init=False)
    room_conflicts: Callable[..., tuple[int, ...]] = field(init=False)
    ordered_gaps: Callable[..., list[tuple[str, int, Any]]] = field(init=False)
    party_gaps: Callable[..., tuple[bool, ...]] = field(init=False)
    row_gaps: Callable[..., list[tuple[str, int, Any]]] = field(init=False)
    room_gaps: Callable[..., list[tuple[str, int, Any]]] = field(init=False)
    measures: Callable[..., tuple[float | None, ...]] = field(init=False)
    party_cases: tuple[tuple[str, int], ...] = field(init=False, default=())
    texts: dict[tuple[str, str, str], TextValue] = field(init=False, default_factory=dict)

    def namespace(self) -> dict[str, Any]:
        """Return the names that generated code may call."""
        names = (
            "cosine",
            "highest",
            "total",
            "lowest",
            "largest",
            "same",
            "top",
            "months",
            "severity",
        )
        return {
            **{name: getattr(runtime, name) for name in (*names, "count_common", "count_united")},
            "is_person": self.is_person,
        }

    def function(self, name: str, args: str, lines: Sequence[str]) -> Any:
        """Make a function of generated lines."""
        source = f"def {name}({args}):\n" + "\n".join(f"    {line}" for line in lines)
        scope = self.namespace()
        exec(compile(source, f"<rules: {name}>", "exec"), scope)  # noqa: S102 - only code written by the compiler
        return scope[name]

    # ------------------------------------------------------------------------------------------------------- scores

    def add_rules(self, rules: Sequence[Rule]) -> None:
        """Compile the rules of S, D and L."""
        compiler = Compiler(self.vocabulary)
        lines = ["s = d = 0", "fired_s = []", "fired_d = []"]
        room = ["fired = []"]
        for index, rule in enumerate(rules):
            if rule.kind == "logo":
                truth = condition(compiler, rule.when, ROOM, ("rules", index, "when"))
                room += [f"if {truth}:", f"    fired.append({rule.id!r})"]
            else:
                score = "s" if rule.kind == "supplier" else "d"
                truth = condition(compiler, rule.when, PAIR, ("rules", index, "when"))
                lines += [
                    f"if {truth}:",
                    f"    {score} += {rule.points!r}",
                    f"    fired_{score}.append({rule.id!r})",
                ]
        self.ordered_rules = self.function(
            "ordered_rules", _PAIR_ARGS, [*lines, "return s, fired_s, d, fired_d"]
        )
        self.room_rules = self.function("room_rules", _ROOM_ARGS, [*room, "return fired"])

    def add_measures(self, measures: Sequence[Measure]) -> None:
        """Compile the formulas of the measures."""
        compiler = Compiler(self.vocabulary)
        values = [
            number(compiler, measure.formula, ROOM, ("measures", index, "formula")).code
            for index, measure in enumerate(measures)
        ]
        self.measures = self.function("measures", _ROOM_ARGS, [f"return ({', '.join(values)},)"])

    # ---------------------------------------------------------------------------------------------------- conflicts

    def add_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        """Compile the severities, one function a scope."""
        self.ordered_conflicts = self._severities("ordered", conflicts)
        self.pair_conflicts = self._severities("pair", conflicts)
        self.room_conflicts = self._severities("room", conflicts)

    def _severities(self, scope_name: str, conflicts: Sequence[Conflict]) -> Any:
        compiler = Compiler(self.vocabulary)
        room = scope_name == "room"
        lines: list[str] = []
        results = []
        for index, conflict in enumerate(conflicts):
            if conflict.scope != scope_name:
                continue
            scope = ROOM if room else PAIR
            for step, (name, text) in enumerate(conflict.let):
                local = f"v{index}_{step}"
                value = number(compiler, text, scope, ("conflicts", index, "let", step, name))
                lines.append(f"{local} = {value.code}")
                scope = scope.with_names(**{name: Numeric(local, total=value.total, exact=False)})
            result = number(compiler, conflict.severity, scope, ("conflicts", index, "severity"))
            results.append(f"severity({result.code})")
        body = [*lines, f"return ({''.join(f'{result}, ' for result in results)})"]
        return self.function(f"{scope_name}_conflicts", _ROOM_ARGS if room else _PAIR_ARGS, body)

    # --------------------------------------------------------------------------------------------------------- gaps

    def add_gaps(self, gaps: Sequence[Gap]) -> None:
        """Compile the gaps, one function a scope."""
        compiler = Compiler(self.vocabulary)
        ordered: list[str] = ["found = []"]
        room: list[str] = ["found = []"]
        rows: list[str] = ["found = []"]
        party: list[str] = []
        cases: list[tuple[str, int]] = []
        for index, gap in enumerate(gaps):
            scope, before, indent, extra = self.gap_scope(compiler, gap, index)
            lines = list(before)
            for number_, case in enumerate(gap.cases):
                path = ("gaps", index, "cases", number_, "when")
                truth = condition(compiler, case.when, scope, path)
                if gap.scope == "party" and not gap.each_row:
                    party.append(truth)
                    cases.append((gap.id, number_))
                    continue
                lines += [
                    f"{indent}if {truth}:",
                    f"{indent}    found.append(({gap.id!r}, {number_}, {extra}))",
                ]
            {"ordered": ordered, "room": room, "party": rows}[gap.scope].extend(lines)
        self.ordered_gaps = self.function("ordered_gaps", _PAIR_ARGS, [*ordered, "return found"])
        self.room_gaps = self.function("room_gaps", _ROOM_ARGS, [*room, "return found"])
        self.row_gaps = self.function("row_gaps", "x, frame", [*rows, "return found"])
        self.party_gaps = self.function(
            "party_gaps", _PAIR_ARGS, [f"return ({''.join(f'{truth}, ' for truth in party)})"]
        )
        self.party_cases = tuple(cases)

    def gap_scope(
        self, compiler: Compiler, gap: Gap, index: int
    ) -> tuple[Scope, list[str], str, str]:
        """Return the scope of a gap's cases, the loop before them, their indent and what is noted beside them."""
        scope = ROOM if gap.scope == "room" else PAIR
        if gap.each is not None:
            name, text = gap.each
            rows, column = self.column(compiler, text, ("gaps", index, "each", name))
            loop = f"for k in (() if {rows.code} is None else dict.fromkeys([{column.code} for r in {rows.code}])):"
            bound = Chosen("k", total=True, options=getattr(column, "options", ""))
            return scope.with_names(**{name: bound}), [loop], "    ", "k"
        if gap.each_row:
            path = ("gaps", index, "each_row")
            rows = self.rows(compiler, gap.each_row, path)
            loop = f"for i, r in enumerate({rows.code} or ()):"
            item = self.vocabulary.by_name[rows.item]
            return scope.with_names(**compiler.columns(item)), [loop], "    ", "i"
        return scope, [], "", "None"

    def rows(self, compiler: Compiler, text: str, path: tuple[str | int, ...]) -> Rows:
        """Compile the name of an item with rows."""
        found = _placed(path, lambda: compiler.compile(parse(text), PAIR))
        if not isinstance(found, Rows):
            raise PlacedError(
                path,
                ExpressionError(
                    "Hier passt nur ein Punkt mit Zeilen.", "Only an item with rows fits here."
                ),
            )
        return found

    def column(
        self, compiler: Compiler, text: str, path: tuple[str | int, ...]
    ) -> tuple[Rows, Fragment]:
        """Compile ``Y.expects.type``: rows and one of their columns."""
        head, _, tail = text.rpartition(".")
        rows = self.rows(compiler, head or text, path)
        columns = compiler.columns(self.vocabulary.by_name[rows.item])
        if tail not in columns or not isinstance(columns[tail], Chosen):
            raise PlacedError(
                path,
                ExpressionError(
                    f"„{tail}“ ist keine Spalte mit Auswahl.",
                    f"{tail!r} is no column with a choice.",
                ),
            )
        return rows, columns[tail]

    # -------------------------------------------------------------------------------------------------------- texts

    def text_value(
        self, kind: str, scope: Scope, text: str, path: tuple[str | int, ...] = ()
    ) -> TextValue:
        """Compile a value or condition for words, once; ``kind`` tells scopes with the same text apart."""
        key = (kind, " ".join((scope.kind, *scope.bound)), text)
        if key not in self.texts:
            compiler = Compiler(self.vocabulary)
            found = _placed(path, lambda: compiler.compile(parse(text), scope))
            args = "x, y, sides, pairs, frame, room, k, r"
            self.texts[key] = TextValue(
                self.function("value", args, [f"return {found.code}"]), found
            )
        return self.texts[key]

    def text_scope(self, pair: tuple[int, int] | None) -> Scope:
        """Return what the words about a pair, or about the whole room, may look at."""
        return ROOM if pair is None else PAIR

    def gap_text_scope(self, gap: Gap) -> Scope:
        """Return what the words of a gap may look at."""
        return self.gap_scope(Compiler(self.vocabulary), gap, 0)[0]


def condition(compiler: Compiler, text: str, scope: Scope, path: tuple[str | int, ...]) -> str:
    """Compile a condition to the code that is true when it certainly holds."""
    return _placed(path, lambda: compiler.truth(parse(text), scope).code)


def number(compiler: Compiler, text: str, scope: Scope, path: tuple[str | int, ...]) -> Numeric:
    """Compile a formula."""
    return _placed(path, lambda: compiler.number(parse(text), scope))


def _placed(path: tuple[str | int, ...], make: Callable[[], _T]) -> _T:
    try:
        return make()
    except ExpressionError as error:
        raise PlacedError(path, error) from None


def formulas(
    entries: Iterable[tuple[str, tuple[str, ...], str]],
) -> Mapping[str, tuple[tuple[str, ...], Any]]:
    """Parse the named formulas."""
    return {
        name: (params, _placed(("formulas", index, "is"), lambda text=text: parse(text)))  # type: ignore[misc]
        for index, (name, params, text) in enumerate(entries)
    }
