"""Give a formula its meaning: find what each name stands for and see that the kinds fit."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NoReturn

from mutualist.domain.programme.rules import syntax, trees
from mutualist.domain.programme.rules.functions import FUNCTIONS, SPECIAL, Function
from mutualist.domain.programme.rules.model import Field, Listing
from mutualist.domain.programme.rules.trees import Formula, Kind, Tree
from mutualist.domain.programme.rules.validity import valid_on
from mutualist.domain.shared.language import expressions as plain
from mutualist.domain.shared.language.expressions import ExpressionError, Node

#: What is made of rows belongs to a measure; written in a condition it is a habit from tables.
_TAKES = frozenset({"average", "count", "count_distinct", "latest"})
_KINDS = {
    "number": ("eine Zahl", "a number"),
    "text": ("ein Text", "a text"),
    "date": ("ein Tag", "a date"),
    "flag": ("ein Ja oder Nein", "a yes or no"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The names a formula may use.

    Attributes
    ----------
    fields
        Of the row; empty for formulas about the partner.
    groups
        Kinds of the keys and of the value, by name.
    names
        Everything that stands for one tree: numbers, measures, metrics, ``total``, ``points.net_adds`` …
    track_rules
        Whether ``all_positive()`` may be asked.
    """

    fields: Mapping[str, Field] = field(default_factory=lambda: MappingProxyType({}))
    partner: Mapping[str, Field] = field(default_factory=lambda: MappingProxyType({}))
    lists: Mapping[str, Listing] = field(default_factory=lambda: MappingProxyType({}))
    groups: Mapping[str, tuple[tuple[Kind, ...], Kind]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    names: Mapping[str, Tree] = field(default_factory=lambda: MappingProxyType({}))
    track_rules: bool = False

    def known(self) -> list[str]:
        """Return every name, for suggestions."""
        partner = [f"partner.{name}" for name in self.partner]
        return [*self.fields, *self.names, *partner, *self.groups, *self.lists, "day"]


def _wrong(at: int, de: str, en: str) -> NoReturn:
    raise ExpressionError(de, en, at)


def checked(text: str, scope: Scope, kind: Kind | None = None) -> Formula:
    """Read and check a formula.

    Parameters
    ----------
    text
        The formula.
    scope
        What it may name.
    kind
        What has to come out, if it matters.

    Raises
    ------
    ExpressionError
        With the place in the text and what to do, in German and English.
    """
    node = syntax.parse(text)
    checker = Checker(scope)
    tree = checker.of_kind(node, kind) if kind else checker.tree(node)
    return Formula(" ".join(text.split()), tree)


class Checker:
    """Walks over a syntax tree, one method a form."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def of_kind(self, node: Node, kind: Kind) -> Tree:
        """Return a tree of a kind; a bare name that is unknown is a text where a text belongs."""
        if kind == "text" and isinstance(node, plain.Name) and self._unknown(node):
            return trees.Const("text", ".".join(node.path))
        tree = self.tree(node)
        if tree.kind != kind:
            (want_de, want_en), (is_de, is_en) = _KINDS[kind], _KINDS[tree.kind]
            _wrong(
                node.at,
                f"Hier gehört {want_de} hin; da steht {is_de}.",
                f"Here belongs {want_en}; found {is_en}.",
            )
        return tree

    def tree(self, node: Node) -> Tree:
        """Return the checked tree of a syntax tree."""
        form = getattr(self, f"_{type(node).__name__.lower()}", None)
        if form is None:
            _wrong(node.at, "Eine Liste steht hier falsch.", "A list does not belong here.")
        made: Tree = form(node)
        return made

    def _exact(self, node: syntax.Exact) -> Tree:
        return trees.Const("number", node.value)

    def _text(self, node: syntax.Text) -> Tree:
        return trees.Const("text", node.value)

    def _date(self, node: syntax.Date) -> Tree:
        return trees.Const("date", node.value)

    def _empty(self, node: syntax.Empty) -> Tree:
        return trees.IsEmpty("flag", self.tree(node.part))

    def _unknown(self, node: plain.Name) -> bool:
        return self._named(".".join(node.path)) is None

    def _named(self, name: str) -> Tree | None:
        scope = self.scope
        if name in scope.fields:
            found = scope.fields[name]
            return trees.FieldOf(found.value_kind, name, found.kind == "money")
        if name in scope.names:
            return scope.names[name]
        if name in {"true", "false"}:
            return trees.Const("flag", name == "true")
        if name == "day":
            return trees.Day("date")
        first, _dot, rest = name.partition(".")
        if first == "partner" and rest in scope.partner:
            return trees.PartnerField(scope.partner[rest].value_kind, rest)
        return None

    def _name(self, node: plain.Name) -> Tree:
        name = ".".join(node.path)
        found = self._named(name)
        if found is None:
            self._unknown_name(node.at, name, self.scope.known())
        return found

    def _unknown_name(self, at: int, name: str, known: Sequence[str]) -> NoReturn:
        near = difflib.get_close_matches(name, known, 1)
        hint_de = f" Meinen Sie „{near[0]}“?" if near else " Ein Text steht in 'Anführungszeichen'."
        hint_en = f" Do you mean {near[0]!r}?" if near else " A text stands in 'quotes'."
        _wrong(
            at,
            f"Den Namen „{name}“ gibt es hier nicht.{hint_de}",
            f"There is no name {name!r} here.{hint_en}",
        )

    def _arithmetic(self, node: plain.Arithmetic) -> Tree:
        left, right = self._number_node(node.left), self._number_node(node.right)
        if isinstance(left, trees.Const) and isinstance(right, trees.Const):
            return self._folded(node, left, right)
        return trees.Arithmetic("number", node.op, left, right)

    def _folded(self, node: plain.Arithmetic, left: trees.Const, right: trees.Const) -> Tree:
        a, b = Fraction(left.value or 0), Fraction(right.value or 0)  # type: ignore[arg-type]
        if node.op == "/" and b == 0:
            _wrong(node.at, "Durch null kann man nicht teilen.", "Nothing can be divided by zero.")
        folded = {"+": a + b, "-": a - b, "*": a * b}
        return trees.Const("number", folded[node.op] if node.op in folded else a / b)

    def _number_node(self, node: Node) -> Tree:
        if isinstance(node, plain.Number):  # the zero that a minus sign is subtracted from
            return trees.Const("number", Fraction(node.value))
        return self.of_kind(node, "number")

    def _logic(self, node: plain.Logic) -> Tree:
        parts = tuple(self.of_kind(part, "flag") for part in node.parts)
        return trees.Junction("flag", "and" if node.op == "and" else "or", parts)

    def _not(self, node: plain.Not) -> Tree:
        return trees.Negation("flag", self.of_kind(node.part, "flag"))

    def _choose(self, node: plain.Choose) -> Tree:
        test = self.of_kind(node.test, "flag")
        then, other = self._alike(node.then, node.other)
        return trees.Choice(then.kind, test, then, other)

    def _alike(self, left: Node, right: Node) -> tuple[Tree, Tree]:
        """Return two trees of one kind; a bare name beside a text is a text."""
        for one, two, swapped in ((left, right, False), (right, left, True)):
            if isinstance(one, plain.Name) and self._unknown(one):
                continue
            first = self.tree(one)
            second = self.of_kind(two, first.kind)
            return (second, first) if swapped else (first, second)
        return self.tree(left), self.tree(right)

    def _comparison(self, node: plain.Comparison) -> Tree:
        if node.op == "in":
            return self._in(node)
        left, right = self._alike(node.left, node.right)
        if isinstance(left, trees.Const) and isinstance(right, trees.Const):
            self._two_constants(node)
        if node.op not in {"=", "!="} and left.kind not in {"number", "date"}:
            _wrong(
                node.at,
                f"Mit {node.op} vergleicht man Zahlen oder Tage.",
                f"{node.op} compares numbers or dates.",
            )
        return trees.Compare("flag", node.op, left, right)

    def _two_constants(self, node: plain.Comparison) -> None:
        """Two constants need no comparison: a bare name that is taken for a text was meant to be something else."""
        for one in (node.left, node.right):
            if isinstance(one, plain.Name) and self._unknown(one):
                self._unknown_name(one.at, ".".join(one.path), self.scope.known())

    def _in(self, node: plain.Comparison) -> Tree:
        right = node.right
        if isinstance(right, plain.Listing):
            left = self.tree(node.left)
            entries = tuple(self.of_kind(entry, left.kind) for entry in right.entries)
            return trees.OneOf("flag", left, entries)
        name = ".".join(right.path) if isinstance(right, plain.Name) else ""
        if name in self.scope.groups:
            keys = node.left.entries if isinstance(node.left, plain.Listing) else (node.left,)
            return trees.InGroup("flag", name, self._keys(node.at, name, keys))
        if name in self.scope.lists:
            return trees.InList("flag", name, self.of_kind(node.left, "text"))
        return self._unknown_name(right.at, name, [*self.scope.groups, *self.scope.lists])

    def _keys(self, at: int, group: str, keys: Sequence[Node]) -> tuple[Tree, ...]:
        kinds = self.scope.groups[group][0]
        if len(keys) != len(kinds):
            _wrong(
                at,
                f"Die Gruppe „{group}“ hat {len(kinds)} Schlüssel; hier stehen {len(keys)}.",
                f"The group {group!r} has {len(kinds)} keys; found {len(keys)}.",
            )
        return tuple(self.of_kind(key, kind) for key, kind in zip(keys, kinds, strict=True))

    def _lookup(self, node: syntax.Lookup) -> Tree:
        if node.name not in self.scope.groups:
            self._unknown_name(node.at, node.name, list(self.scope.groups))
        keys = self._keys(node.at, node.name, node.keys)
        return trees.GroupValue(self.scope.groups[node.name][1], node.name, keys)

    def _call(self, node: plain.Call) -> Tree:
        if node.name in SPECIAL:
            made: Tree = getattr(self, f"_call_{node.name}")(node)
            return made
        function = FUNCTIONS.get(node.name)
        if function is None and node.name in _TAKES:
            taken = node.name.partition("_")[0]
            _wrong(
                node.at,
                f"„{taken}“ steht nur unter take. Bitte einen Messwert schreiben und hier nennen.",
                f"{taken!r} stands under take only. Please write a measure and name it here.",
            )
        if function is None:
            near = difflib.get_close_matches(node.name, [*FUNCTIONS, *SPECIAL], 1)
            hint_de = f" Meinen Sie „{near[0]}“?" if near else ""
            hint_en = f" Do you mean {near[0]!r}?" if near else ""
            _wrong(
                node.at,
                f"Die Funktion „{node.name}“ gibt es nicht.{hint_de}",
                f"There is no function {node.name!r}.{hint_en}",
            )
        return self._applied(node, function)

    def _applied(self, node: plain.Call, function: Function) -> Tree:
        least = len(function.args) - function.optional
        if len(node.args) < least or (not function.more and len(node.args) > len(function.args)):
            self._misused(node, function.example)
        args: list[Tree] = []
        for place, arg in enumerate(node.args):
            kind = function.args[min(place, len(function.args) - 1)]
            if kind == "pairs":
                args += self._pairs(node, arg, function.example)
            elif kind == "any":
                args.append(self.ordered(arg))
            elif kind == "like_first":
                args.append(self.of_kind(arg, args[0].kind))
            else:
                args.append(self.of_kind(arg, kind))
        if node.name == "round" and len(args) == 2 and not _is_digits(args[1]):
            self._misused(node, function.example)
        result = args[0].kind if function.result == "like_first" else function.result
        return trees.Apply(result, node.name, tuple(args))

    def ordered(self, node: Node) -> Tree:
        """Return a tree of numbers or dates, of which one can be larger."""
        tree = self.tree(node)
        if tree.kind not in {"number", "date"}:
            is_de, is_en = _KINDS[tree.kind]
            _wrong(
                node.at,
                f"Hier gehört eine Zahl oder ein Tag hin; da steht {is_de}.",
                f"Here belongs a number or a date; found {is_en}.",
            )
        return tree

    def _pairs(self, node: plain.Call, arg: Node, example: str) -> list[Tree]:
        found: list[Tree] = []
        entries: Any = arg.entries if isinstance(arg, plain.Listing) else ()
        for entry in entries:
            if not isinstance(entry, plain.Listing) or len(entry.entries) != 2:
                self._misused(node, example)
            found += [self.of_kind(one, "number") for one in entry.entries]
        if not found:
            self._misused(node, example)
        return found

    def _misused(self, node: plain.Call, example: str) -> NoReturn:
        _wrong(
            node.at,
            f"So wird „{node.name}“ geschrieben: {example}.",
            f"This is how {node.name!r} is written: {example}.",
        )

    def _call_all_positive(self, node: plain.Call) -> Tree:
        if node.args or not self.scope.track_rules:
            self._misused(node, "all_positive() (levels)")
        return trees.AllPositive("flag")

    def _list(self, node: plain.Call, place: int) -> Listing:
        arg = node.args[place] if place < len(node.args) else None
        name = ".".join(arg.path) if isinstance(arg, plain.Name) else ""
        if name not in self.scope.lists:
            if not isinstance(arg, plain.Name):
                self._misused(node, SPECIAL[node.name])
            self._unknown_name(arg.at, name, list(self.scope.lists))
        return self.scope.lists[name]

    def _call_size(self, node: plain.Call) -> Tree:
        return trees.Const("number", Fraction(len(self._list(node, 0).items)))

    def _call_valid(self, node: plain.Call) -> Tree:
        found = self._list(node, 1)
        if len(node.args) > 3:
            self._misused(node, SPECIAL[node.name])
        item = self.of_kind(node.args[0], "text")
        if len(node.args) == 3:
            return valid_on(found, item, self.of_kind(node.args[2], "date"))
        return trees.ValidIn("flag", found.name, item)

    def _call_lookup(self, node: plain.Call) -> Tree:
        found = self._list(node, 1)
        column = node.args[2] if len(node.args) == 3 else None
        name = ".".join(column.path) if isinstance(column, plain.Name) else ""
        if name not in found.columns:
            self._unknown_name(node.at, name, list(found.columns))
        item = self.of_kind(node.args[0], "text")
        return trees.ListValue(found.columns[name], found.name, item, name)

    def _call_within_latest(self, node: plain.Call) -> Tree:
        found = self._list(node, 1)
        count = node.args[2] if len(node.args) == 3 else None
        if not isinstance(count, syntax.Exact) or count.value.denominator != 1:
            self._misused(node, SPECIAL[node.name])
        item = self.of_kind(node.args[0], "text")
        return trees.WithinLatest("flag", found.name, item, int(count.value))


def _is_digits(tree: Tree) -> bool:
    return isinstance(tree, trees.Const) and tree.value in range(10)
