"""Read what a rule set looks at: fields of partners, tables of facts, lists, groups and measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from mutualist.domain.programme.rules import model, syntax, trees
from mutualist.domain.programme.rules.entries import Entries, date_of, number_of, words_of
from mutualist.domain.programme.rules.formulas import Checker, Scope
from mutualist.domain.programme.rules.model import Field, FieldKind, Words
from mutualist.domain.programme.rules.problems import Problem
from mutualist.domain.programme.rules.trees import Formula, Kind, Value
from mutualist.domain.programme.rules.windows import Window, read_window
from mutualist.domain.shared.language import expressions as plain
from mutualist.domain.shared.language.expressions import ExpressionError

FIELD_KINDS: tuple[FieldKind, ...] = ("number", "text", "date", "flag", "money")
DECIMALS: Mapping[str, int] = {"number": 6, "money": 2}
MOST_DECIMALS = 9
_SOURCE = ("words", "from", "where", "take", "during", "ago")


def read_fields(entries: Entries, key: str) -> dict[str, Field]:
    """Read ``{name: kind}`` or ``{name: {type: kind, decimals: 3}}``."""
    found: dict[str, Field] = {}
    for name, value, place in entries.named(key):
        inner = Entries(
            value if isinstance(value, Mapping) else {"type": value},
            place,
            entries.found,
            ("type", "decimals"),
        )
        kind = cast("FieldKind", inner.choice("type", FIELD_KINDS, "text"))
        default = DECIMALS.get(kind, 0)
        decimals = inner.whole("decimals", 0, MOST_DECIMALS, default)
        found[name] = Field(name, kind, decimals)
    return found


def read_tables(entries: Entries) -> dict[str, model.FactTable]:
    """Read the tables of facts."""
    found: dict[str, model.FactTable] = {}
    for name, value, place in entries.named("facts"):
        inner = Entries(value, place, entries.found, ("words", "date", "until", "fields"))
        fields = read_fields(inner, "fields")
        date = inner.text("date", needed=True, default="day")
        until = inner.text("until")
        for column in (date, until) if until else (date,):
            if fields.setdefault(column, Field(column, "date")).kind != "date":
                inner.note("needs_date", value=column)
                fields[column] = Field(column, "date")
        for one in [field.name for field in fields.values() if field.kind == "money"]:
            if f"{one}_currency" in fields:
                inner.note("taken", value=f"{one}_currency", known=f"fields.{one}")
        words = inner.words("words", name) or Words(name, name)
        found[name] = model.FactTable(name, words, date, until, MappingProxyType(fields))
    return found


def read_lists(entries: Entries) -> dict[str, model.Listing]:
    """Read the lists: of items only, or with columns."""
    found: dict[str, model.Listing] = {}
    for name, value, place in entries.named("lists"):
        inner = Entries(
            value if isinstance(value, Mapping) else {"rows": value},
            place,
            entries.found,
            ("columns", "rows"),
        )
        columns: dict[str, Kind] = {
            column.name: column.value_kind for column in read_fields(inner, "columns").values()
        }
        items: dict[str, model.ListItem] = {}
        for row, below in inner.listed("rows"):
            at = below if isinstance(value, Mapping) else below.replace(".rows[", "[", 1)
            item = _item(row, at, entries.found, columns)
            if item.item in items:
                inner.note("doubled_item", value=item.item)
            items[item.item] = item
        found[name] = model.Listing(name, MappingProxyType(items), MappingProxyType(columns))
    return found


def _item(
    row: Any, place: str, found: list[Problem], columns: Mapping[str, Kind]
) -> model.ListItem:
    known = ("item", "words", "from", "counts_from", "counts_until", *columns)
    inner = Entries(row if isinstance(row, Mapping) else {"item": row}, place, found, known)
    item = inner.text("item", needed=True, default="?")
    values: dict[str, Value] = {}
    for name, kind in columns.items():
        values[name] = value_of(inner.values.get(name), kind)
        if values[name] is None and inner.values.get(name) is not None:
            inner.note("value_kind", name, value=inner.values[name], known=kind)
    return model.ListItem(
        item,
        inner.words("words", item) or Words(item, item),
        inner.date("from") or inner.date("counts_from"),
        inner.date("counts_until"),
        MappingProxyType(values),
    )


def value_of(value: Any, kind: Kind) -> Value:
    """Return a value of a kind as formulas see it; None where it is none."""
    if kind == "number":
        return number_of(value)
    if kind == "date":
        return date_of(value)
    if kind == "flag":
        return value if isinstance(value, bool) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


class Groups(Mapping[str, tuple[tuple[Kind, ...], Kind]]):
    """The groups of a file, each read when another first names it."""

    def __init__(
        self, entries: Entries, tables: Mapping[str, model.FactTable], scope: Scope
    ) -> None:
        self._raw = {name: (value, place) for name, value, place in entries.named("groups")}
        self._found = entries.found
        self._tables = tables
        self._scope = Scope(
            partner=scope.partner, lists=scope.lists, groups=self, names=scope.names
        )
        self._under_way: list[str] = []
        self.read: dict[str, model.Group] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def __getitem__(self, name: str) -> tuple[tuple[Kind, ...], Kind]:
        group = self.group(name)
        return group.key_kinds, group.kind

    def group(self, name: str) -> model.Group:
        """Return a group, read now if it was not before; it stands behind all that it names."""
        if name in self.read:
            return self.read[name]
        if name in self._under_way:
            circle = " → ".join([*self._under_way[self._under_way.index(name) :], name])
            raise ExpressionError(
                f"Das dreht sich im Kreis: {circle}.", f"This goes round in a circle: {circle}."
            )
        self._under_way.append(name)
        value, place = self._raw[name]
        try:
            made = self._made(name, Entries(value, place, self._found, (*_SOURCE, "by")))
        finally:
            self._under_way.pop()
        self.read[name] = made
        return made

    def _made(self, name: str, inner: Entries) -> model.Group:
        source, scope, fields = self.source(inner)
        # Amounts of several currencies are no key, and ``value`` is what is gathered.
        allowed = [one for one in fields if fields[one].kind != "money" and one != "value"]
        keys: list[str] = []
        kinds: list[Kind] = []
        for key, at in inner.listed("by"):
            if key in allowed:
                keys.append(str(key))
                kinds.append(fields[str(key)].value_kind)
            else:
                self._found.append(Problem(at, "unknown_value", {"value": key, "known": allowed}))
        if not inner.values.get("by"):
            inner.note("missing", key="by")
        taking = read_taking(inner, scope, self._found, dated=not source.is_group)
        return model.Group(name, source, tuple(keys), tuple(kinds), taking)

    def source(self, inner: Entries) -> tuple[model.Source, Scope, Mapping[str, Field]]:
        """Read from where rows come, which of them, and of which time."""
        name = inner.text("from", needed=True)
        fields, table = self._columns(inner, name)
        scope = Scope(fields, self._scope.partner, self._scope.lists, self, self._scope.names)
        where = inner.formula("where", scope, "flag")
        window = _window(inner, table, scope)
        return model.Source(name, table is None, where, window), scope, fields

    def _columns(
        self, inner: Entries, name: str
    ) -> tuple[Mapping[str, Field], model.FactTable | None]:
        if name in self._tables:
            return self._tables[name].fields, self._tables[name]
        if name in self._raw:
            try:
                group = self.group(name)
            except ExpressionError as error:
                said = {"de": error.de, "en": error.en, "at": 1, "text": name}
                self._found.append(Problem(inner.at("from"), "formula", said))
                return {}, None
            names = zip((*group.by, "value"), (*group.key_kinds, group.kind), strict=True)
            return {one: Field(one, kind, MOST_DECIMALS) for one, kind in names}, None
        if name:
            known = [*self._tables, *self._raw]
            inner.note("unknown_value", "from", value=name, known=known)
        return {}, None


def _window(inner: Entries, table: model.FactTable | None, scope: Scope) -> Window:
    if table is None:
        for key in ("during", "ago"):
            if key in inner.values:
                inner.note("group_time", key, value=inner.values.get("from"))
        return Window("ever")
    ago = inner.span("ago")
    text = inner.text("during")
    if not text:
        return Window("valid" if table.until else "ever", ago=ago)
    window = read_window(text, ago)
    since = scope.partner.get(window.since) if window else None
    if window is not None and window.touching and not table.until:
        inner.note("no_until", "during", value=table.name)
        return window
    if window is None or (window.kind == "since" and (since is None or since.kind != "date")):
        inner.note("not_window", "during", value=text)
        return Window("ever", ago=ago)
    return window


def read_taking(inner: Entries, scope: Scope, found: list[Problem], *, dated: bool) -> model.Taking:
    """Read what is made of the rows."""
    text = inner.text("take", default="count")
    place = f"{inner.place}.take"
    nothing = model.Taking("count", (), "number", text)
    try:
        node = syntax.parse(text)
        if isinstance(node, plain.Name) and node.path in {("count",), ("any",)}:
            return nothing if node.path == ("count",) else model.Taking("any", (), "flag", text)
        if isinstance(node, plain.Call):
            args = tuple(Checker(scope).tree(arg) for arg in node.args)
            kind = _taken(node.name, args, dated=dated)
            if kind is not None:
                formulas = tuple(Formula(text, arg) for arg in args)
                return model.Taking(cast("model.Take", node.name), formulas, kind, text)
    except ExpressionError as error:
        said = {"de": error.de, "en": error.en, "at": error.at + 1, "text": text}
        found.append(Problem(place, "formula", said))
        return nothing
    found.append(Problem(place, "not_take", {"value": text}))
    return nothing


def _taken(name: str, args: Sequence[trees.Tree], *, dated: bool) -> Kind | None:
    """Return what comes out of taking; None where it cannot be taken."""
    if name == "count_distinct":
        return "number" if args else None
    if len(args) != 1:
        return None
    kind = args[0].kind
    if name in {"sum", "average"}:
        return "number" if kind == "number" else None
    if name in {"max", "min"}:
        return kind if kind in {"number", "date"} else None
    return kind if name == "latest" and dated else None


def read_measures(entries: Entries, groups: Groups) -> dict[str, model.Measure]:
    """Read the measures."""
    found: dict[str, model.Measure] = {}
    for name, value, place in entries.named("measures"):
        inner = Entries(value, place, entries.found, (*_SOURCE, "out_of"))
        source, scope, _fields = groups.source(inner)
        taking = read_taking(inner, scope, entries.found, dated=not source.is_group)
        out_of = inner.text("out_of")
        if out_of and out_of not in scope.lists:
            inner.note("unknown_value", "out_of", value=out_of, known=list(scope.lists))
            out_of = ""
        texts = [arg for arg in taking.args if arg.kind == "text"]
        if out_of and (taking.take != "count_distinct" or len(texts) != 1 or len(taking.args) != 1):
            inner.note("out_of_without_count", value=taking.text)
            out_of = ""
        words = inner.words("words", name) or Words(name, name)
        found[name] = model.Measure(name, words, source, taking, out_of)
    return found


__all__ = [
    "Groups",
    "read_fields",
    "read_lists",
    "read_measures",
    "read_tables",
    "value_of",
    "words_of",
]
