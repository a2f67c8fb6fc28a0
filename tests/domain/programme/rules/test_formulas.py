"""Formulas: what is understood, what every name means, and what is said about mistakes."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from domain.programme.rules.building import rules
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.formulas import Scope, checked
from mutualist.domain.programme.rules.model import Field, Listing, ListItem, Words
from mutualist.domain.programme.scoring.evaluating import Compiler, Frame
from mutualist.domain.shared.language.expressions import ExpressionError

READ = rules()
FIELDS = {
    "kind": Field("kind", "text"),
    "amount": Field("amount", "money", 2),
    "since": Field("since", "date"),
    "paid": Field("paid", "flag"),
}
SCOPE = Scope(
    FIELDS,
    READ.partner,
    READ.lists,
    {"bought": (("text",), "number"), "pairs": (("text", "text"), "number")},
    {"full": trees.Const("number", Fraction(1000))},
)


def tree(text, kind=None):
    return checked(text, SCOPE, kind).tree


def test_numbers_are_exact():
    assert tree("0.1") == trees.Const("number", Fraction(1, 10))
    assert tree("0.1 + 0.2") == trees.Const("number", Fraction(3, 10))
    assert tree("-full / 3") == trees.Const("number", Fraction(-1000, 3))


def test_bare_words_are_texts_beside_texts():
    assert tree("kind = CPOR") == trees.Compare(
        "flag", "=", trees.FieldOf("text", "kind"), trees.Const("text", "CPOR")
    )
    assert tree("CPOR = kind").left == trees.Const("text", "CPOR")
    assert tree("kind in [CPOR, 'data center']").entries[1] == trees.Const("text", "data center")
    assert tree("paid = true").right == trees.Const("flag", True)


def test_days_and_empty_values():
    assert tree("since >= 2026-03-31").right == trees.Const("date", dt.date(2026, 3, 31))
    assert tree("since is empty") == trees.IsEmpty("flag", trees.FieldOf("date", "since"))
    assert tree("since is not empty") == trees.Negation("flag", tree("since is empty"))
    assert tree("since <= day").right == trees.Day("date")


def test_groups_and_lists():
    assert tree("kind in bought") == trees.InGroup(
        "flag", "bought", (trees.FieldOf("text", "kind"),)
    )
    assert tree("pairs[kind, 'x'] > 3").left.keys[1] == trees.Const("text", "x")
    assert tree("[kind, 'x'] in pairs").keys == tree("pairs[kind, x] > 3").left.keys
    assert isinstance(tree("kind not in basic"), trees.Negation)
    assert tree("size(basic)") == trees.Const("number", Fraction(2))
    assert tree("lookup(kind, rates, rate)").column == "rate"
    assert tree("within_latest(kind, releases, 3)").count == 3
    assert tree("valid(kind, basic)").listing == "basic"


def listing(**items):
    """A list of items with the days on which they begin and cease to count."""
    made = {name: ListItem(name, Words(name, name), *ends) for name, ends in items.items()}
    return Listing("editions", made, {})


def holds(condition, row):
    """Whether a condition about a row holds."""
    frame = Frame(None, dt.date(2030, 1, 1))
    frame.row = row
    return Compiler(READ).compiled(condition)(frame)


@pytest.mark.parametrize("day", [None, *(dt.date(2026, 1, 1) + dt.timedelta(d) for d in range(5))])
@pytest.mark.parametrize("item", ["a", "b", "c", "d", "e", None])
def test_what_counted_on_a_day_of_a_row_is_what_the_list_says_of_that_day(item, day):
    first, last = dt.date(2026, 1, 2), dt.date(2026, 1, 4)
    editions = listing(
        a=(None, None), b=(first, None), c=(None, last), d=(first, last), e=(first, last)
    )
    scope = Scope({**FIELDS, "audited": Field("audited", "date")}, lists={"editions": editions})
    condition = checked("valid(kind, editions, audited)", scope, "flag").tree
    found = holds(condition, {"kind": item, "audited": day})
    assert found is (day is not None and item in editions.counting(day))


def test_nothing_of_an_empty_list_counted_on_any_day():
    scope = Scope(FIELDS, lists={"editions": listing()})
    condition = checked("valid(kind, editions, since)", scope).tree
    assert holds(condition, {"kind": "a", "since": dt.date(2026, 1, 1)}) is False


def test_a_choice_has_one_kind():
    assert tree("1 if paid else 2").kind == "number"
    assert tree("kind if paid else other").other == trees.Const("text", "other")
    assert tree("max(since, day)").kind == "date"


WRONG = [
    ("kindd = 'x'", 0, "Do you mean 'kind'?"),
    ("foo = bar", 0, "There is no name 'foo' here."),
    ("kind > 'x'", 0, "compares numbers or dates"),
    ("kind + 1", 0, "Here belongs a number; found a text."),
    ("1 + paid", 4, "Here belongs a number; found a yes or no."),
    ("amount > kind", 9, "Here belongs a number; found a text."),
    ("since = 2026-02-30", 8, "There is no day 2026-02-30."),
    ("median(amount)", 0, "There is no function 'median'"),
    ("lineer(amount, 1, 2)", 0, "Do you mean 'linear'?"),
    ("linear(amount, 1)", 0, "linear(value, 5, 20)"),
    ("round(amount, amount)", 0, "round(x, 2)"),
    ("round(amount, 1, 2)", 0, "round(x, 2)"),
    ("brackets(amount, [1, 2])", 0, "brackets(value, [[0, 5], [10, 8]])"),
    ("brackets(amount, [])", 0, "brackets(value, [[0, 5], [10, 8]])"),
    ("brackets(amount, [[1]])", 0, "brackets(value, [[0, 5], [10, 8]])"),
    ("max(kind, 'x')", 4, "a number or a date"),
    ("max(amount, day)", 12, "Here belongs a number; found a date."),
    ("valid(kind, basics)", 12, "Do you mean 'basic'?"),
    ("valid(kind)", 0, "valid(name, list)"),
    ("valid(kind, basic, kind)", 19, "Here belongs a date; found a text."),
    ("valid(kind, basic, day, 1)", 0, "valid(name, list, date)"),
    ("valid(kind, 'basic')", 0, "valid(name, list)"),
    ("lookup(kind, rates, price)", 0, "There is no name 'price' here."),
    ("within_latest(kind, releases, amount)", 0, "within_latest(version, list, 3)"),
    ("kind in sold", 8, "There is no name 'sold' here."),
    ("pairs[kind] > 1", 0, "has 2 keys; found 1"),
    ("nothing[kind] > 1", 0, "There is no name 'nothing' here."),
    ("all_positive()", 0, "all_positive() (levels)"),
    ("[kind]", 0, "A list does not belong here."),
    ("1 / 0", 0, "Nothing can be divided by zero."),
    ("amount >= 1,000", 11, "Numbers have no sign between thousands: 1000."),
    ("amount >= 20%", 12, "A percentage is a number without a sign: 20, or 0.2 as a share."),
    ("amount => 5", 8, "At least is written >=."),
    ("amount =< 5", 8, "At most is written <=."),
    ("amount ≥ 5", 7, "At least is written >=."),
    ("paid && amount > 5", 5, "Both together is written and."),
    ("paid || amount > 5", 5, "One of both is written or."),
    ("5 <= amount <= 9", 12, "A range is two conditions: 10 <= x and x <= 20."),
    ("amount >= $1500", 10, "Money is a number without a sign"),
    ("amount >= 1500 USD", 15, "Money is a number without a sign"),
    ("amount >= 1500 €", 15, "Money is a number without a sign"),
    ("amount ago 12 months", 7, "a measure with ago"),
    ("amount between 3 and 5", 7, "A range is two conditions"),
    ("count(kind) > 1", 0, "'count' stands under take only."),
    ("count(distinct kind) > 1", 0, "'count' stands under take only."),
    ("average(amount) > 1", 0, "'average' stands under take only."),
    ("linear(amount", 13, "Formulas with a comma stand in quotes."),
    ("kind is full", 8, "Expected 'empty'"),
    ("kind is full", 8, "Equal is written =."),
    ("kind = 'x", 7, "does not belong"),
    ("(((", 3, "Expected a number, a name or '('"),
    ("(" * 70 + "1" + ")" * 70, 60, "nested too deeply"),
    ("1 +" * 1500 + "1", 0, "at most 4000"),
]


@pytest.mark.parametrize(("text", "at", "said"), WRONG, ids=[one[0][:30] for one in WRONG])
def test_a_mistake_names_its_place_and_the_remedy(text, at, said):
    with pytest.raises(ExpressionError) as caught:
        checked(text, SCOPE)
    assert said in caught.value.en
    assert caught.value.at == at
    assert caught.value.de != caught.value.en


def test_what_has_to_come_out_is_asked_for():
    with pytest.raises(ExpressionError, match="Here belongs a yes or no; found a number"):
        checked("amount", SCOPE, "flag")
    assert checked("  kind   =  x ", SCOPE, "flag").text == "kind = x"


def test_what_a_formula_names_is_found_once_each_in_order():
    scope = Scope(names={"a": trees.MeasureOf("number", "a"), "b": trees.MetricOf("number", "b")})
    found = trees.names_in(checked("max(b, a + b * a)", scope).tree)
    assert [one.name for one in found] == ["b", "a"]
