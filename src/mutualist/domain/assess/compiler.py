"""Gives a syntax tree its meaning: looks names up, checks types, and writes Python for it.

Only what this module writes is ever run; names and words of a rule file reach the generated code as checked
attributes or quoted constants.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mutualist.domain.assess.fragments import (
    Chosen,
    Constant,
    Fragment,
    Names,
    Numeric,
    Party,
    Rows,
    Several,
    Shares,
    Truth,
    Wording,
    Words,
)
from mutualist.domain.assess.model import Field, Item
from mutualist.domain.assess.vocabulary import Scope, Vocabulary, unknown_name, wrong_type
from mutualist.domain.shared.language.expressions import (
    Arithmetic,
    Call,
    Choose,
    Comparison,
    ExpressionError,
    Listing,
    Logic,
    Name,
    Node,
    Not,
    Number,
)

_INVERSE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
MONTH_FIELDS = frozenset({"public_since", "as_of"})


@dataclass(slots=True)
class Compiler:
    """Compiles trees one after the other; ``reads`` collects the answers they look at."""

    vocabulary: Vocabulary
    names: Names = field(default_factory=Names)
    reads: set[tuple[str, str]] = field(default_factory=set)

    # ------------------------------------------------------------------------------------------------------- entries

    def truth(self, node: Node, scope: Scope) -> Truth:
        """Compile a condition."""
        found = self.compile(node, scope)
        if not isinstance(found, Truth):
            raise wrong_type(found, "eine Bedingung", "a condition", node.at)
        return found

    def number(self, node: Node, scope: Scope) -> Numeric:
        """Compile something that must be a number."""
        found = self.compile(node, scope)
        if isinstance(found, Constant):
            raise unknown_name(found.code, scope.bound, node.at)
        if not isinstance(found, Numeric):
            raise wrong_type(found, "eine Zahl", "a number", node.at)
        return found

    def compile(self, node: Node, scope: Scope) -> Fragment:  # noqa: PLR0911 - one return a type
        """Compile any tree."""
        match node:
            case Number():
                return Numeric(repr(node.value), total=True)
            case Name():
                return self._name(node, scope)
            case Listing():
                return self._listing(node, scope)
            case Call():
                from mutualist.domain.assess.functions import call

                return call(self, node, scope)
            case Arithmetic():
                return self._arithmetic(node, scope)
            case Comparison():
                return self._comparison(node, scope)
            case Logic():
                return self._logic(node, scope)
            case Not():
                part = self.truth(node.part, scope)
                return Truth(part.false, false=part.code)
            case Choose():
                return self._choose(node, scope)
        raise AssertionError(node)

    # --------------------------------------------------------------------------------------------------------- names

    def _name(self, node: Name, scope: Scope) -> Fragment:
        head, *rest = node.path
        found = scope.bound.get(head)
        if isinstance(found, Party) and rest:
            return self._answer(found, rest, node)
        if found is not None:
            if rest:
                raise wrong_type(found, "X oder Y vor einem Punkt", "X or Y before a dot", node.at)
            return found
        if head == "frame" and len(rest) == 1:
            return self._frame(rest[0], node)
        if rest:
            raise unknown_name(head, scope.bound, node.at)
        return Constant(head, at=node.at)

    def _frame(self, name: str, node: Name) -> Fragment:
        fields = self.vocabulary.frame
        if name not in fields:
            raise unknown_name(name, fields, node.at)
        column = fields[name]
        code = f"frame.{name}"
        if column.type == "choice":
            return Chosen(code, options=column.list_name)
        if column.type == "number" or name in MONTH_FIELDS:
            return Numeric(code)
        return Wording(code)

    def _answer(self, party: Party, rest: list[str], node: Name) -> Fragment:
        name, *deeper = rest
        item = self.vocabulary.by_name.get(name)
        if item is None:
            raise unknown_name(name, self.vocabulary.by_name, node.at)
        self.reads.add((party.code, item.number))
        base = f"{party.code}.{item.name}"
        if item.type == "fields":
            key = deeper.pop(0) if deeper else item.short
            if not key:
                raise ExpressionError(
                    f"„{name}“ hat mehrere Felder; nennen Sie eines: {', '.join(item.fields)}.",
                    f"{name!r} has several fields; name one: {', '.join(item.fields)}.",
                    node.at,
                )
            if key not in item.fields:
                raise unknown_name(key, item.fields, node.at)
            found = self._field(
                item.fields[key], f"{base}_{key}", total=item.fields[key].type == "proof"
            )
        else:
            found = self._whole(item, base)
        if deeper and isinstance(found, Shares):
            return self._share(found, deeper.pop(0), node)
        if deeper:
            raise wrong_type(found, "kein weiterer Punkt", "no further dot", node.at)
        return found

    def _whole(self, item: Item, base: str) -> Fragment:  # noqa: PLR0911 - one return a type
        match item.type:
            case "choice":
                return Chosen(base, options=item.list_name)
            case "owner":
                return Chosen(base, options=item.list_name, third=f"{base}_third", parties=True)
            case "points":
                return Shares(base, options=item.list_name)
            case "pledges":
                return Shares(base, options=item.list_name, pledges=True)
            case "rows":
                return Rows(base, item=item.name)
            case "text":
                return Wording(base)
        return Numeric(base, unit=item.unit)

    def _field(self, column: Field, code: str, *, total: bool) -> Fragment:  # noqa: PLR0911
        match column.type:
            case "choice":
                return Chosen(code, total=total, options=column.list_name)
            case "payer":
                return Chosen(code, total=total, options="", parties=True)
            case "party":
                return Chosen(code, total=total, options="", parties=True)
            case "list":
                return Several(code, total=total, options=column.list_name)
            case "levels":
                return Shares(code, total=total, options=column.list_name)
            case "number" | "amount" | "proof":
                return Numeric(code, total=total, unit=column.unit)
        return Wording(code, total=total)

    def columns(self, item: Item) -> dict[str, Fragment]:
        """Return the columns of a row of an item, as names."""
        return {
            name: self._field(
                column,
                f"r[{index}]",
                total=column.required or column.type not in {"number", "amount"},
            )
            for index, (name, column) in enumerate(item.fields.items())
        }

    def _share(self, shares: Shares, key: str, node: Name) -> Fragment:
        keys = self.vocabulary.pledges if shares.pledges else self.vocabulary.keys(shares.options)
        if keys and key not in keys:
            raise unknown_name(key, keys, node.at)
        name = self.names.fresh()
        code = f"(None if ({name} := {shares.code}) is None else {name}[{key!r}])"
        if shares.pledges:
            return Chosen(code, options=shares.options)
        return Numeric(code)

    def _listing(self, node: Listing, scope: Scope) -> Words:
        entries = []
        for entry in node.entries:
            found = self.compile(entry, scope)
            if not isinstance(found, Constant):
                raise wrong_type(found, "ein Wort", "a word", entry.at)
            entries.append(found.code)
        return Words(repr(tuple(entries)), entries=tuple(entries), at=node.at)

    # ------------------------------------------------------------------------------------------------------ numbers

    def held(self, found: Fragment) -> tuple[str, str]:
        """Return (test that it is known, name of its value); the test is empty for what is always known."""
        if found.total:
            return "", found.code
        name = self.names.fresh()
        return f"({name} := {found.code}) is not None", name

    def _arithmetic(self, node: Arithmetic, scope: Scope) -> Numeric:
        tests = []
        sides = []
        for part in (node.left, node.right):
            test, code = self.held(self.number(part, scope))
            if test:
                tests.append(test)
            sides.append(code)
        if node.op == "/" and not (isinstance(node.right, Number) and node.right.value):
            name = self.names.fresh()
            tests.append(f"({name} := {sides[1]}) != 0")
            sides[1] = name
        value = f"{sides[0]} {node.op} {sides[1]}"
        code = f"({value} if {' and '.join(tests)} else None)" if tests else f"({value})"
        return Numeric(code, total=not tests, exact=False)

    def _choose(self, node: Choose, scope: Scope) -> Fragment:
        test = self.truth(node.test, scope)
        then = self.compile(node.then, scope)
        other = self.compile(node.other, scope)
        if isinstance(then, Truth) and isinstance(other, Truth):
            return Truth(
                f"({then.code} if {test.code} else {other.code})",
                false=f"({then.false} if {test.code} else {other.false})",
            )
        if not isinstance(then, Numeric) or not isinstance(other, Numeric):
            raise wrong_type(then, "auf beiden Seiten eine Zahl", "a number on both sides", node.at)
        exact = then.exact and other.exact
        return Numeric(
            f"({then.code} if {test.code} else {other.code})", then.total and other.total, exact
        )

    # -------------------------------------------------------------------------------------------------- conditions

    def _logic(self, node: Logic, scope: Scope) -> Truth:
        parts = [self.truth(part, scope) for part in node.parts]
        first, second = (" and ", " or ") if node.op == "and" else (" or ", " and ")
        return Truth(
            f"({first.join(part.code for part in parts)})",
            false=f"({second.join(part.false for part in parts)})",
        )

    def _comparison(self, node: Comparison, scope: Scope) -> Truth:
        left = self.compile(node.left, scope)
        right = self.compile(node.right, scope)
        if node.op == "in":
            return self.membership(node.at, left, right)
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right = right, left
        op = "==" if node.op == "=" else node.op
        if isinstance(left, Numeric) and isinstance(right, Numeric):
            return self._numbers(op, left, right)
        if not isinstance(left, Chosen) or op not in {"==", "!="}:
            raise wrong_type(
                left if not isinstance(left, Numeric) else right,
                "eine Zahl oder Auswahl",
                "a number or choice",
                node.at,
            )
        if isinstance(right, Party):
            if not left.parties:
                raise wrong_type(
                    right,
                    f"ein Wort aus „{left.options}“",
                    f"a word of {left.options!r}",
                    node.right.at,
                )
            return self._equal(op, left, f"{right.code}.id")
        if isinstance(right, Constant):
            self._check_word(left, right.code, right.at)
            return self._equal(op, left, repr(right.code))
        if isinstance(right, Chosen):
            test, value = self.held(right)
            equal = self._equal(op, left, value)
            before = f"{test} and " if test else ""
            return Truth(f"({before}{equal.code})", false=f"({before}{equal.false})")
        raise wrong_type(right, "ein Wort oder eine Auswahl", "a word or a choice", node.right.at)

    def _numbers(self, op: str, left: Numeric, right: Numeric) -> Truth:
        tests: list[str] = []
        sides: list[str] = []
        for side in (left, right):
            test, code = self.held(side)
            if test:
                tests.append(test)
            sides.append(code if side.exact else f"round({code}, 9)")
        known = "".join(f"{test} and " for test in tests)
        return Truth(
            f"({known}{sides[0]} {op} {sides[1]})",
            false=f"({known}{sides[0]} {_INVERSE[op]} {sides[1]})",
        )

    def _equal(self, op: str, left: Chosen, value: str) -> Truth:
        if left.total:
            return Truth(f"{left.code} {op} {value}", false=f"{left.code} {_INVERSE[op]} {value}")
        test, name = self.held(left)
        sure = f"{left.code} == {value}"
        not_sure = f"({test} and {name} != {value})"
        return Truth(sure, false=not_sure) if op == "==" else Truth(not_sure, false=sure)

    def _check_word(self, left: Chosen | Several, word: str, at: int) -> None:
        keys = self.vocabulary.keys(left.options)
        if not left.options:
            keys = ("customer",)
        if word not in keys:
            raise unknown_name(word, keys, at)

    def membership(self, at: int, left: Fragment, right: Fragment) -> Truth:
        """Compile ``left in right``."""
        if isinstance(right, Several) and isinstance(left, Constant | Chosen):
            if isinstance(left, Constant):
                self._check_word(right, left.code, left.at)
                value, tests = repr(left.code), []
            else:
                test, value = self.held(left)
                tests = [test] if test else []
            test, ticked = self.held(right)
            known = "".join(f"{one} and " for one in ([*tests, test] if test else tests))
            return Truth(f"({known}{value} in {ticked})", false=f"({known}{value} not in {ticked})")
        if not isinstance(left, Chosen):
            raise wrong_type(left, "eine Auswahl vor „in“", "a choice before 'in'", at)
        if isinstance(right, Constant):
            words = self.vocabulary.flagged(left.options, right.code)
            if not words:
                flags = {
                    flag
                    for option in self.vocabulary.lists.get(left.options, ())
                    for flag in option.flags
                }
                raise unknown_name(right.code, flags, right.at)
        elif isinstance(right, Words):
            words = right.entries
            for word in words:
                self._check_word(left, word, right.at)
        else:
            raise wrong_type(right, "eine Aufzählung in [ ]", "an enumeration in [ ]", at)
        if left.total:
            return Truth(f"{left.code} in {words!r}", false=f"{left.code} not in {words!r}")
        test, name = self.held(left)
        return Truth(f"{left.code} in {words!r}", false=f"({test} and {name} not in {words!r})")
