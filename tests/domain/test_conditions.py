"""The language of the conditions: what each says of answers known and unknown, and what it says of itself when wrong."""

from __future__ import annotations

import pytest

from mutualist.domain.assess import builtin_ruleset
from mutualist.domain.assess.compiler import Compiler
from mutualist.domain.assess.facts import facts_maker
from mutualist.domain.assess.programs import PAIR, ROOM, Programs
from mutualist.domain.shared.language.expressions import ExpressionError, parse

RULES = builtin_ruleset()
SHEETS = {
    "A": {
        "1.2": {"learn": 60, "cheaper": 40},
        "1.3": {"measure": "revenue", "value": 12},
        "1.4": "gt3",
        "1.6": 3,
        "2.2": {"years": 5, "proof": 2},
        "2.3": {"plan": "running", "what": ["own_build"]},
        "2.5": 1,
        "3.1": {"have": {"software": 3}, "bring": ["software", "brand"]},
        "3.4": "Q",
        "4.1": [
            {"type": "revenue", "amount": 10, "sure": 50},
            {"type": "devices", "amount": 4, "sure": 80, "with": "B"},
        ],
        "5.1": [
            {"source": "margin", "percent": 70, "payer": "B"},
            {"source": "equity", "percent": 30},
        ],
        "6.1": [{"what": "A test", "due_months": 3, "who": "Ms Weber"}, {"due_months": 9}],
        "6.2": "us",
        "6.4": {"P1": "yes", "P2": "if"},
    },
    "B": {
        "1.2": {"learn": 100},
        "1.4": "open",
        "2.3": {"plan": "no", "what": []},
        "2.5": 4,
        "3.1": {"bring": ["brand"]},
        "3.4": "Q",
        "6.2": "B",
        "6.4": {"P1": "if"},
    },
}
FRAME = {"horizon": 3, "relation": "reseller", "public_since": "2026-01", "as_of": "2026-11"}


def programs():
    return Programs(RULES.programs.vocabulary, RULES.programs.is_person)


def sides():
    maker = facts_maker(RULES)
    parties = tuple(SHEETS)
    base = {party: maker.base(sheet, party) for party, sheet in SHEETS.items()}
    there = [
        maker.towards(base[party], SHEETS[party], "B" if party == "A" else "A", parties)
        for party in parties
    ]
    return *there, maker.frame(FRAME)


def value(text, scope=PAIR):
    x, y, frame = sides()
    made = programs().text_value("test", scope, text)
    return made.compute(x, y, [x, y], [(x, y), (y, x)], frame, None, None, None)


def holds(text, scope=PAIR):
    """True, False, or None when neither is certain."""
    if value(text, scope):
        return True
    return False if value(f"not ({text})", scope) else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Choices, and what is not known (6.5 of both, 2.2 of Y).
        ("X.end = gt3", True),
        ("gt3 = X.end", True),
        ("X.end == gt3", True),
        ("X.end != gt3", False),
        ("Y.end = gt3", False),
        ("Y.end != gt3", True),
        ("X.late = talk", None),
        ("X.late != talk", None),
        ("X.end = Y.end", False),
        ("X.end != Y.end", True),
        ("X.late = Y.end", None),
        ("X.end = Y.late", None),
        ("X.end != Y.late", None),
        ("frame.relation = reseller", True),
        ("X.end in [gt3, open]", True),
        ("X.end in [1to3, open]", False),
        ("X.end not in [1to3, open]", True),
        ("X.late in [talk, nothing]", None),
        ("X.late not in [talk, nothing]", None),
        ("X.control = us and not Y.control = us", True),
        ("X.pledges.P3 = no", True),
        ("mutual(P1)", True),
        ("mutual(P2)", False),
        # Lists.
        ("brand in X.skills.bring", True),
        ("sales in X.skills.bring", False),
        ("sales not in X.skills.bring", True),
        ("brand in X.shown_facts.public", "wrong"),
        ("logo in X.shown_facts.public", None),
        ("logo not in X.shown_facts.public", None),
        ("count(X.skills.bring) = 2", True),
        ("count(X.skills.bring, it in changes_product) = 1", True),
        ("count(X.skills.bring, it in Y.skills.bring) = 1", True),
        ("count(X.skills.bring, it in Y.plan.what) = 0", True),
        ("count(X.skills.need) = 1", "wrong"),
        ("X.end in Y.skills.bring", False),
        ("X.late in Y.skills.bring", None),
        # Numbers.
        ("X.years = 5", True),
        ("X.years < 5", False),
        ("X.years <= 5", True),
        ("X.years > 5", False),
        ("X.years >= 5", True),
        ("X.years != 5", False),
        ("Y.years >= 5", None),
        ("Y.years < 5", None),
        ("X.years + Y.years > 0", None),
        ("X.years - 2 * 2 = 1", True),
        ("X.years / 0 = 1", None),
        ("X.years / (X.years - 5) = 1", None),
        ("X.years / 2 = 2.5", True),
        ("-X.years = -5", True),
        ("0.1 + 0.2 = 0.3", True),
        ("abs(X.rivalry - Y.rivalry) = 3", True),
        ("abs(-3) = 3", True),
        ("abs(Y.years) = 3", None),
        ("min(X.years, 3) = 3", True),
        ("max(1, 2) = 2", True),
        ("max(X.years, Y.years) = 5", None),
        ("highest(X.years, Y.years) = 5", True),
        ("worth(X.plan) = 3", True),
        ("worth(X.replace) = 3", None),
        ("X.own_goals.learn = 1", None),
        ("X.joint_goals.learn = 60", True),
        ("X.joint_goals.sell_more = 0", True),
        ("X.skills.have.software = 3", True),
        ("months(frame.public_since, frame.as_of) = 10", True),
        ("frame.horizon = 3", True),
        ("X.years.proof = 2", True),
        ("Y.years.proof = 0", True),
        # Rows.
        ("sum(X.income) = 100", True),
        ("sum(X.income, payer = Y) = 70", True),
        ("sum(X.income, payer = X) = 0", True),
        ("sum(X.income, source in trade) = 70", True),
        ("sum(Y.income) = 100", None),
        ("sum_of(X.promises, amount * sure) = 820", True),
        ("sum_of(X.promises, amount, type = devices) = 4", True),
        ("sum_of(Y.promises, amount) = 4", None),
        ("count(X.milestones) = 2", True),
        ("count(X.milestones, due_months > 5) = 1", True),
        ("count(X.milestones, is_person(who)) = 1", True),
        ("count(Y.milestones) = 2", None),
        # Logic of three values.
        ("X.end = gt3 and X.late = talk", None),
        ("X.end = open and X.late = talk", False),
        ("X.end = gt3 or X.late = talk", True),
        ("X.end = open or X.late = talk", None),
        ("not X.late = talk", None),
        ("not not X.end = gt3", True),
        ("known(X.late)", False),
        ("known(X.end)", True),
        ("known(X.late = talk)", False),
        ("known(X.end = gt3)", True),
        ("sure(X.late = talk)", False),
        ("sure(X.end = gt3)", True),
        ("(1 if X.end = gt3 else 2) = 1", True),
        ("(1 if Y.end = gt3 else 2) = 2", True),
        ("(X.end = gt3 if X.years = 5 else X.late = talk)", True),
        ("(X.end = gt3 if X.years = 4 else X.late = talk)", None),
        ("same_third(X.customer, Y.customer)", "same_third"),
        ("cosine(X.joint_goals, Y.joint_goals) > 0.8", True),
        ("cosine(X.joint_goals, Y.own_goals) > 0.8", None),
        ("X.joint_goals.learn in top(X.joint_goals)", "wrong"),
        ("learn in top(X.joint_goals)", True),
        ("cheaper in top(X.joint_goals)", False),
        ("learn in top(X.own_goals)", None),
        ("is_person(frame.name)", False),
        ("sum(X.income, payer = customer) = 0", True),
    ],
)
def test_a_condition_holds_or_not_or_is_open(text, expected):
    if expected == "wrong":
        with pytest.raises(Exception, match=r"Only|not known"):
            holds(text)
    elif expected == "same_third":
        # Here nobody is called Q: both name one, and the same.
        assert holds(text) is True
    else:
        assert holds(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("any(X, X.end = gt3)", True),
        ("all(X, X.end = gt3)", False),
        ("all(X, X.end in [gt3, open])", True),
        ("any(X, X.late = talk)", None),
        ("all(X, X.late = talk)", None),
        ("total(X, X.rivalry) = 5", True),
        ("lowest(X, X.rivalry) = 1", True),
        ("largest(X, X.rivalry) = 4", True),
        ("total(X, X.years) = 5", None),
        ("lowest_pair(X, Y, X.rivalry - Y.rivalry) = -3", True),
        ("lowest_pair(X, Y, X.years) = 5", None),
        ("same(X, X.end)", False),
        ("same(X, X.customer)", True),
        ("same(X, X.late)", None),
        ("count_common(X, X.skills.bring) = 1", True),
        ("count_united(X, X.skills.bring) = 2", True),
        ("count_common(X, X.shown_facts.public) = 1", None),
        ("count_united(X, X.shown_facts.public) = 1", None),
    ],
)
def test_a_condition_over_all_parties(text, expected):
    assert holds(text, ROOM) is expected


WRONG = [
    ("", "Expected a number, a name or '(', found the end.", 0),
    ("(1 + 2", "Expected ')', found the end.", 6),
    ("1 if 2 > 1", "Expected 'else', found the end.", 10),
    ("X.end = gt3 )", "Expected the end of the condition, found ')'.", 12),
    ("(" * 200 + "1", "The condition is nested too deeply.", None),
    ("not " * 200 + "1 = 1", "Too many 'not' in a row.", None),
    ("X.years = ?", "The character '?' does not belong in a condition.", 10),
    ("1", "Only a condition fits here, this is a number.", 0),
    ("X.end", "Only a condition fits here, this is a choice.", 0),
    ("X.skills.bring", "Only a condition fits here, this is a list.", 0),
    ("X.joint_goals", "Only a condition fits here, this is a distribution.", 0),
    ("X.income", "Only a condition fits here, this is rows.", 0),
    ("X.goal_sentence", "Only a condition fits here, this is a text.", 0),
    ("X", "Only a condition fits here, this is a party.", 0),
    ("talk", "Only a condition fits here, this is the word 'talk'.", 0),
    ("[yes, no]", "Only a condition fits here, this is an enumeration.", 0),
    ("abs(X.end = gt3) = 1", "Only a number fits here, this is a condition.", 4),
    ("abs(talk) = 1", "The name 'talk' is not known here.", 4),
    ("frame.horizn = 1", "The name 'horizn' is not known here. Did you mean 'horizon'?", 0),
    ("X.goal_sentence.word = 1", "Only no further dot fits here, this is a text.", 0),
    ("X.years.years.more = 1", "Only no further dot fits here, this is a number.", 0),
    ("X.years.yeers = 1", "The name 'yeers' is not known here. Did you mean 'years'?", 0),
    ("X.end in [1]", "Only a word fits here, this is a number.", 10),
    ("(1 if X.end = gt3 else X.end) = 1", "Only a number on both sides fits here, this is a number.", 1),
    ("X.end = X", "Only a word of 'ends' fits here, this is a party.", 8),
    ("X.end = [gt3]", "Only a word or a choice fits here, this is an enumeration.", 8),
    ("X.end >= gt3", "Only a number or choice fits here, this is a choice.", 0),
    ("1 = X.goal_sentence", "Only a number or choice fits here, this is a text.", 0),
    ("X.years in [gt3]", "Only a choice before 'in' fits here, this is a number.", 0),
    ("X.end in flaged", "The name 'flaged' is not known here.", 9),
    ("X.end in 5", "Only an enumeration in [ ] fits here, this is a number.", 0),
    ("X.end in [gt4]", "The name 'gt4' is not known here. Did you mean 'gt3'?", 9),
    ("trade_share(X, Y) = 1", "'trade_share' needs 1 arguments.", 0),
    ("sum(X.end) = 1", "Only an item with rows fits here, this is a choice.", 4),
    ("count(X.end) = 1", "Only a list or an item with rows fits here, this is a choice.", 6),
    ("is_person(X.end)", "Only a text fits here, this is a choice.", 10),
    ("worth(X.end) = 1", "Only a choice with 'worth' fits here, this is a choice.", 6),
    ("worth(X.years) = 1", "Only a choice with 'worth' fits here, this is a number.", 6),
    ("cosine(X.pledges, Y.pledges) = 1", "Only a distribution of points fits here, this is a distribution.", 7),
    ("same_third(X.end, Y.end)", "Only an item such as 3.4 fits here, this is a choice.", 11),
    ("sum(X.income, payer = bank) = 1", "The name 'bank' is not known here.", 22),
    ("mutual(1)", "A pledge belongs here, such as P3.", 0),
    ("mutual(P99)", "A pledge belongs here, such as P3.", 0),
    ("X.end.more = gt3", "Only no further dot fits here, this is a choice.", 0),
]  # fmt: skip
WRONG_OVER_ALL = [
    ("any(1, 1 = 1)", "A name such as X belongs here.", 4),
    ("any(X.end, 1 = 1)", "A name such as X belongs here.", 4),
    ("count_common(X, X.end) = 1", "Only a list fits here, this is a choice.", 16),
    ("any(X)", "'any' does not take 1 arguments.", 0),
    ("any(X, 1 = 1, 1 = 1)", "'any' does not take 3 arguments.", 0),
]


@pytest.mark.parametrize(
    ("text", "english", "at", "scope"),
    [*((*case, PAIR) for case in WRONG), *((*case, ROOM) for case in WRONG_OVER_ALL)],
    ids=[case[0][:40] for case in (*WRONG, *WRONG_OVER_ALL)],
)
def test_a_condition_that_is_wrong_says_what_and_where(text, english, at, scope):
    with pytest.raises(ExpressionError) as caught:
        Compiler(RULES.programs.vocabulary).truth(parse(text), scope)
    error = caught.value
    assert str(error) == english
    assert error.de != english
    assert at is None or error.at == at


def test_a_name_that_stands_for_a_value_has_no_parts():
    scope = PAIR.with_names(k=Compiler(RULES.programs.vocabulary).compile(parse("X.end"), PAIR))
    with pytest.raises(ExpressionError, match="X or Y before a dot"):
        Compiler(RULES.programs.vocabulary).truth(parse("k.more = gt3"), scope)


def test_fifty_brackets_are_not_too_deep():
    assert holds("(" * 30 + "X.end = gt3" + ")" * 30) is True
    assert holds("not " * 30 + "X.end = gt3") is True
