"""Check facts against rules: every row becomes a fact, or a problem that says where and what to do."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import FactTable, Field, RuleSet
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.cells import Point, Wrong, read_cell, texts
from mutualist.domain.programme.scoring.facts import Facts, Row
from mutualist.domain.programme.scoring.survey import Raw, Survey, id_of, survey

PARTNERS = "partners"
#: For so many problems the nearest known partner is looked for.
MOST_COMPARED = 50
_TEXT = Field("", "text")


@dataclass(frozen=True, slots=True)
class FactProblem:
    """Something wrong with a row.

    Attributes
    ----------
    table, row, column
        Where; row 0 is the table as a whole, and no column the row.
    severity
        An error keeps facts from being scored; a warning says what follows from the row.
    """

    table: str
    row: int
    column: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    severity: Literal["error", "warning"] = "error"

    @property
    def place(self) -> str:
        """Where: ``sales.csv`` is told by its table, row 4, column amount."""
        row = f" {self.row}" if self.row else ""
        return f"{self.table}{row}" + (f" {self.column}" if self.column else "")

    def message(self, language: str = "en") -> str:
        """Return place and sentence in ``de`` or ``en``."""
        code = "de" if language == "de" else "en"
        word = "Zeile" if code == "de" else "row"
        where = self.table + (f", {word} {self.row}" if self.row else "")
        where += f", {self.column}" if self.column else ""
        near = self.values.get("near")
        said = {name: _shown(value) for name, value in self.values.items()}
        said["near"] = texts()["near"][code].format(value=near) if near else ""
        return f"{where}: {texts()[self.code][code].format(**said)}"


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return text if len(text) <= 120 else f"{text[:119]}…"


@dataclass(frozen=True, slots=True)
class Checked:
    """Facts of all partners, in the order of the partners, and what is wrong."""

    facts: tuple[Facts, ...]
    problems: tuple[FactProblem, ...]

    @property
    def errors(self) -> tuple[FactProblem, ...]:
        """What keeps the facts from being scored."""
        return tuple(one for one in self.problems if one.severity == "error")


def check_facts(
    partners: Iterable[Raw], tables: Mapping[str, Iterable[Raw]], rules: RuleSet, as_of: dt.date
) -> Checked:
    """Read rows of files as facts.

    Parameters
    ----------
    partners
        One row a partner: ``id``, ``name`` and the fields the rules name.
    tables
        Rows by table: ``partner``, ``id`` (may be left out), the fields of the table.
    as_of
        Rows dated later are kept, with a warning that they do not count yet.
    """
    checker = Checker(rules, as_of)
    known = checker.partners(list(partners))
    rows: dict[str, dict[str, list[Row]]] = {name: {} for name in known}
    for name, raw in tables.items():
        if name not in rules.tables:
            checker.unknown_table(name)
            continue
        table, all_rows = rules.tables[name], list(raw)
        whole = survey(all_rows, fields_of(table))
        for partner, row in checker.rows(table, all_rows, known, whole):
            rows[partner].setdefault(name, []).append(row)
    checker.empty_tables(rows.values())
    facts = tuple(
        Facts(values, {name: tuple(one) for name, one in rows[key].items()})
        for key, values in known.items()
    )
    return Checked(facts, tuple(checker.found))


class Checker:
    """Collects what is wrong while rows are read.

    Parameters
    ----------
    rules
        Name the tables and fields there may be.
    as_of
        The day that is scored.
    most
        So many errors and so many warnings are kept; all of them are counted.
    """

    def __init__(self, rules: RuleSet, as_of: dt.date, most: int | None = None) -> None:
        self.rules = rules
        self.as_of = as_of
        self.most = most
        self.found: list[FactProblem] = []
        self.errors = self.warnings = 0

    def note(self, problem: FactProblem) -> None:
        """Keep a problem, or count it where there are too many."""
        is_error = problem.severity == "error"
        self.errors += is_error
        self.warnings += not is_error
        if self.most is None or (self.errors if is_error else self.warnings) <= self.most:
            self.found.append(problem)

    def unknown_table(self, name: str) -> None:
        """Note a table that the rules do not name."""
        values = {"value": name, "known": list(self.rules.tables)}
        self.note(FactProblem(name, 0, "", "unknown_table", values))

    def _columns(self, table: str, seen: Survey, known: list[str]) -> set[str]:
        """Return the columns that are used, noting those that nobody knows."""
        for name in seen.columns:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                values = {"value": name, "known": known, "near": near[0] if near else ""}
                self.note(FactProblem(table, 0, name, "unknown_field", values))
        return {name for name in seen.columns if name in known}

    def partners(self, raw: Iterable[Raw]) -> dict[str, dict[str, Value]]:
        """Return the fields of each partner by its id; `raw` is gone through twice."""
        fields = self.rules.partner
        seen = survey(raw, fields)
        used, points = self._columns(PARTNERS, seen, list(fields)), seen.points
        known: dict[str, dict[str, Value]] = {}
        first: dict[str, int] = {}
        for number, row in raw:
            values = self._values(PARTNERS, number, row, fields, used, points)
            key = values.get("id")
            if not isinstance(key, str):
                self.note(FactProblem(PARTNERS, number, "id", "no_id"))
            elif key in known:
                said = {"value": key, "known": first[key]}
                self.note(FactProblem(PARTNERS, number, "id", "partner_twice", said))
            else:
                known[key], first[key] = values, number
        return known

    def rows(
        self, table: FactTable, raw: Iterable[Raw], known: Mapping[str, Any], whole: Survey
    ) -> Iterator[tuple[str, Row]]:
        """Yield partner and fact for every row that can be used.

        Parameters
        ----------
        raw
            The rows, each read when it is its turn.
        whole
            What :func:`survey` says of the same rows.
        """
        fields = fields_of(table)
        used = self._columns(table.name, whole, ["partner", "id", *fields])
        for column in ("partner", table.date):
            if whole.rows and column not in used:
                said = {"value": column}
                self.note(FactProblem(table.name, 0, column, "missing_column", said))
                return
        seen: dict[object, int] = {}
        for number, row in raw:
            before = self.errors
            values = self._values(table.name, number, row, fields, used, whole.points)
            partner = self._partner(table.name, number, row.get("partner"), known)
            self._dates(table, number, values, row)
            self._money(table, number, values)
            key = self._key(table.name, number, row, partner, values, seen, whole)
            if self.errors == before and partner is not None:
                yield partner, Row(key, values)

    def _values(
        self,
        table: str,
        number: int,
        row: Mapping[str, object],
        fields: Mapping[str, Field],
        used: Iterable[str],
        points: Mapping[str, Point],
    ) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for name in used:
            if name not in fields:
                continue
            value = read_cell(row.get(name), fields[name], points.get(name, ""))
            if isinstance(value, Wrong):
                self.note(FactProblem(table, number, name, value.code, value.values))
                value = None
            values[name] = value
        return values

    def _partner(
        self, table: str, number: int, raw: object, known: Mapping[str, Any]
    ) -> str | None:
        value = read_cell(raw, _TEXT)
        if not isinstance(value, str):
            self.note(FactProblem(table, number, "partner", "no_partner"))
            return None
        if value in known:
            return value
        # Each search takes milliseconds: a file of a million strangers must not take hours.
        few = len(known) <= 5000 and self.errors + self.warnings < MOST_COMPARED
        near = difflib.get_close_matches(value, known, 1) if few else []
        said = {"value": value, "near": near[0] if near else ""}
        self.note(FactProblem(table, number, "partner", "unknown_partner", said))
        return None

    def _dates(
        self, table: FactTable, number: int, values: Mapping[str, Value], row: Mapping[str, object]
    ) -> None:
        day, until = values.get(table.date), values.get(table.until) if table.until else None
        if not isinstance(day, dt.date):
            # Whatever stands there and is no day was noted when it was read.
            if read_cell(row.get(table.date), table.fields[table.date]) is None:
                self.note(FactProblem(table.name, number, table.date, "no_day"))
            return
        if isinstance(until, dt.date) and until < day:
            said = {"value": until, "known": day}
            self.note(FactProblem(table.name, number, table.until, "swapped", said))
        if day > self.as_of:
            said = {"value": day, "known": self.as_of}
            problem = FactProblem(table.name, number, table.date, "future", said, "warning")
            self.note(problem)

    def _money(self, table: FactTable, number: int, values: Mapping[str, Value]) -> None:
        for name, one in table.fields.items():
            if one.kind != "money" or values.get(name) is None:
                continue
            column, day = f"{name}_currency", values.get(table.date)
            code = values.get(column)
            if not isinstance(code, str) or not isinstance(day, dt.date):
                continue
            if self.rules.rate(code, day) is None:
                said = {"value": code, "known": day, "currency": self.rules.currency}
                problem = FactProblem(table.name, number, column, "unknown_currency", said)
                self.note(problem)

    def _key(
        self,
        table: str,
        number: int,
        row: Mapping[str, object],
        partner: str | None,
        values: Mapping[str, Value],
        seen: dict[object, int],
        whole: Survey,
    ) -> str:
        """Return the id of a row, noting one that stands twice or cannot be one."""
        own = id_of(row)
        if isinstance(own, Wrong):
            self.note(FactProblem(table, number, "id", own.code, own.values))
            return ""
        if own is not None and not whole.is_suspect(own):
            return own
        key: object = own or (partner, tuple(sorted(values.items(), key=_by_name)))
        if key in seen:
            code = "id_twice" if own is not None else "row_twice"
            said = {"value": own, "known": seen[key]}
            severity: Literal["error", "warning"] = "error" if code == "id_twice" else "warning"
            self.note(FactProblem(table, number, "", code, said, severity))
        seen.setdefault(key, number)
        return own if own is not None else f"{table}-{number}"

    def empty_tables(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Warn of tables that no partner has a row of, naming what stays without data."""
        filled = {name for one in rows for name in one}
        for name in self.rules.tables:
            if name in filled or any(
                one.table == name and one.severity == "error" for one in self.found
            ):
                continue
            resting = metrics_on(self.rules, name) or measures_on(self.rules, name)
            if resting:
                said = {"known": resting}
                self.note(FactProblem(name, 0, "", "no_rows", said, "warning"))


def _by_name(item: tuple[str, Value]) -> str:
    return item[0]


def fields_of(table: FactTable) -> dict[str, Field]:
    """Return the columns of a table, with the currencies beside amounts."""
    fields = dict(table.fields)
    for name, one in table.fields.items():
        if one.kind == "money":
            fields[f"{name}_currency"] = Field(f"{name}_currency", "text")
    return fields


def metrics_on(rules: RuleSet, table: str) -> list[str]:
    """Return the metrics that rest on a table, directly or through groups."""
    return [
        name
        for name, metric in rules.metrics.items()
        for tables in [tables_of(rules, metric.value.tree)]
        if table in tables
    ]


def measures_on(rules: RuleSet, table: str) -> list[str]:
    """Return the measures from a table; levels may ask for them without any metric."""
    return [
        name
        for name, measure in rules.measures.items()
        if table in _tables_below(rules, measure.source.name)
    ]


def tables_of(rules: RuleSet, tree: trees.Tree) -> set[str]:
    """Return the tables that a formula rests on, through measures, metrics and groups."""
    found: set[str] = set()
    waiting, seen = [tree], set()
    while waiting:
        for part in trees.names_in(waiting.pop()):
            if part in seen:
                continue
            seen.add(part)
            if isinstance(part, trees.MeasureOf):
                source = rules.measures[part.name].source
                found |= _tables_below(rules, source.name)
            elif isinstance(part, trees.MetricOf | trees.PointsOf):
                waiting.append(rules.metrics[part.name].value.tree)
    return found


def _tables_below(rules: RuleSet, name: str) -> set[str]:
    while name in rules.groups and name not in rules.tables:
        name = rules.groups[name].source.name
    return {name}
