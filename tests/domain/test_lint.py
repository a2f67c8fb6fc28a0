"""A broken rule file is explained with line and key; a changed one works without code."""

from __future__ import annotations

import pytest

from domain.rooms_for_tests import archetype, example
from mutualist.domain.assess import (
    Room,
    RulesetError,
    assess,
    builtin_ruleset,
    builtin_text,
    changes,
    lint_ruleset,
    load_ruleset,
)

TEXT = builtin_text()


def broken(old, new):
    assert TEXT.count(old) >= 1, old
    return TEXT.replace(old, new, 1)


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


CASES = [
    # (what stands there, what is put there, key, a word of the message)
    ("Y.control = us", "Y.kontrol = us", "rules.S3.when", "'control'"),
    ("Y.control = us", "Y.control = ours", "rules.S3.when", "'ours'"),
    ("Y.control = us", "Y.control >= 3", "rules.S3.when", "number"),
    ("Y.control = us", "Y.control = us)", "rules.S3.when", "end of the condition"),
    ("Y.control = us", "Y.control = §", "rules.S3.when", "'§'"),
    ("Y.control = us", "Z.control = us", "rules.S3.when", "'Z'"),
    ("Y.control = us", "any(X, X.control = us)", "rules.S3.when", "all parties"),
    ("Y.control = us", "Y.own_goals.cheeper >= 40", "rules.S3.when", "'cheaper'"),
    ("Y.control = us", "summe(X.income) >= 50", "rules.S3.when", "'summe'"),
    ("Y.control = us", "sum(X.income, sorce = margin) >= 50", "rules.S3.when", "'sorce'"),
    ("Y.control = us", "sum(X.income)", "rules.S3.when", "condition"),
    ("Y.control = us", "X.skills >= 1", "rules.S3.when", "several fields"),
    ("Y.control = us", "sure(1, 2)", "rules.S3.when", "arguments"),
    (
        '"sum(X.income, source in trade)"',
        '"sum(X.income, source in trades)"',
        "formulas.trade_share.is",
        "'trade'",
    ),
    ('formula: "completion()"', 'formula: "completeness()"', "measures.J4.formula", "'completion'"),
    ("points: 30", "points: thirty", "rules.S1.points", "number"),
    ("kind: supplier\n    points: 30", "kind: suplier\n    points: 30", "rules.S1.kind", "suplier"),
    (
        'undo: {de: "{X} am Erlös beteiligen", en',
        'undo: {de: "{X} am Erlös beteiligen", fr',
        "rules.S1.undo",
        "en",
    ),
    ("  - id: S2", "  - id: S1", "rules.S1.id", "twice"),
    ('items: ["Y:6.2"]', 'items: ["Y:6.7"]', "rules.S3.items.0", "6.7"),
    ("pledges: [P1, P2]", "pledges: [P1, P11]", "conflicts.C1.pledges.1", "P11"),
    ("    measure: J1", "    measure: J9", "gates.goal.measure", "J9"),
    (
        'words: {de: "{Y} entscheidet allein über Produkt und Preis."',
        'words: {de: "{Z} entscheidet allein."',
        "rules.S3.words.de",
        "{Z}",
    ),
    ("options: yardsticks", "options: yardstiks", "items.1.3.fields.measure.options", "yardsticks"),
    ("    name: own_goals", "    name: joint_goals", "items.2.1.name", "1.2"),
    ("    name: pace", "    name: tempo", "items", "pace"),
    ("do: equal_loss", "do: equal_los", "moves.loss.do", "equal_loss"),
    ("- [exit, secure_supply]", "- [exit, secure_suply]", "interests.clashes.6.1", "secure_supply"),
    ('- short: "start +', '- short: "strt +', "conflicts.C1.let.1.short", "start"),
    ("unless: L1", "unless: L9", "result.logo_cap.unless", "L9"),
    ("    red: true", "    rad: true", "conflicts.C1.rad", "rad"),
    ('version: "2026.2"', "version: 2026.2", "version", "text"),
]


@pytest.mark.parametrize(
    ("old", "new", "key", "word"), CASES, ids=[f"{c[2]} {c[3]}" for c in CASES]
)
def test_mistake_is_found_with_line_and_key(old, new, key, word):
    text = broken(old, new)
    problems = lint_ruleset(text)
    assert problems, "the mistake was not found"
    first = next((problem for problem in problems if problem.key == key), None)
    assert first is not None, [str(problem) for problem in problems]
    assert word in first.message_en
    assert first.message_de
    assert first.message_de != first.message_en
    if key not in {"items", "items.2.1.name", "rules.S1.id"}:  # the mistake shows elsewhere
        assert first.line == line_of(
            text, new.split("\n")[0] if "suplier" in new else new.split("\n")[-1]
        )


def test_column_points_into_the_condition():
    problem = lint_ruleset(broken("Y.control = us", "Y.control = ours"))[0]
    line = broken("Y.control = us", "Y.control = ours").splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("ours")


def test_all_mistakes_are_reported_at_once_in_order():
    text = broken("Y.control = us", "Y.kontrol = us").replace(
        "X.rivalry, Y.rivalry", "X.rivalry, Y.rivarly", 1
    )
    assert [problem.key for problem in lint_ruleset(text)] == [
        "rules.S3.when",
        "conflicts.C12.severity",
    ]


def test_a_key_twice_is_a_mistake():
    text = broken("    points: 30\n", "    points: 30\n    points: 31\n")
    problem = lint_ruleset(text)[0]
    assert problem.key == "rules.S1.points"
    assert "second time" in problem.message_en


@pytest.mark.parametrize("text", ["", "[]", "just words", "version: 1"])
def test_what_is_no_rule_file_is_said(text):
    assert lint_ruleset(text)


def test_yaml_errors_have_a_line():
    text = broken("goals:", "goals: [")
    problem = lint_ruleset(text)[0]
    assert "YAML" in problem.message_de
    assert problem.line > 1


def test_the_built_in_rules_have_no_problem():
    assert lint_ruleset(TEXT) == []


def test_loading_a_broken_file_says_why():
    with pytest.raises(RulesetError, match=r"rules\.S3\.when.*control") as caught:
        load_ruleset(broken("Y.control = us", "Y.kontrol = us"))
    assert caught.value.problems[0].key == "rules.S3.when"


def test_there_is_no_other_version():
    with pytest.raises(RulesetError, match=r"2025\.1.*2026\.2"):
        builtin_ruleset("2025.1")


def test_no_text_of_a_rule_file_is_run():
    for attempt in ("__import__(os)", "x.__class__", "open(X)", "(lambda)", "exec(X)"):
        assert lint_ruleset(broken("Y.control = us", attempt)), attempt


# --- changing a rule file changes the result and nothing else needs to change --------------------

NEW_RULE = """  - id: S7
    kind: supplier
    points: 5
    when: "X.late = consequence and Y.late = nothing"
    words: {de: "Nur {X} steht für Verzug ein.", en: "Only {X} answers for delay."}
    undo: {de: "Folgen für beide vereinbaren", en: "agree consequences for both"}
    items: ["6.5", "Y:6.5"]
"""


def with_rules(text, name="round1.yaml"):
    rules = load_ruleset(text)
    return assess(Room.from_dict(example(name), rules))


def test_a_new_rule_needs_no_code():
    data = example("round1.yaml")
    data["answers"]["B"]["6.5"] = "consequence"
    data["answers"]["A"]["6.5"] = "nothing"
    before = assess(Room.from_dict(data))
    rules = load_ruleset(broken("  - id: D1\n", NEW_RULE + "  - id: D1\n"))
    after = assess(Room.from_dict(data, rules))
    assert after.scores["S"] == before.scores["S"] + 5
    assert set(after.fired) - set(before.fired) == {"S7:B>A"}
    finding = next(one for one in after.findings if one.rule == "S7")
    assert finding.text.en == "Only Tauwerk Sensorik GmbH answers for delay."
    assert finding.items == ("6.5:B", "6.5:A")


def test_another_weight_needs_no_code():
    before = with_rules(TEXT)
    after = with_rules(broken("    points: 30\n", "    points: 25\n"))
    assert (before.scores["S"], after.scores["S"]) == (85, 80)
    assert with_rules(broken("    weight: 14\n", "    weight: 17\n")).load == 71


def test_a_new_conflict_and_a_new_gap_need_no_code():
    conflict = """  - id: C15
    weight: 3
    scope: pair
    de: Anfang
    en: Start
    severity: "2 if X.end != Y.end else 0"
    words: {de: "Verschiedene Enden.", en: "Different ends."}
    items: ["1.4", "Y:1.4"]
    way_out: {de: "sprechen", en: "talk"}
"""
    gap = """  - id: H9
    scope: ordered
    de: Ende
    en: End
    cases:
      - when: "X.end = open and Y.end = gt3"
        words: {de: "{X} und {Y}.", en: "{X} and {Y}."}
        items: ["1.4", "Y:1.4"]
"""
    text = broken("gaps:\n  - id: H1", "gaps:\n" + gap + "  - id: H1")
    marker = "# ----------------------------------------------------------------------------------------------------------------- gaps"
    text = text.replace(marker, conflict + marker)
    data = example("round1.yaml")
    data["answers"]["A"]["1.4"] = "open"
    found = assess(Room.from_dict(data, load_ruleset(text)))
    assert found.conflicts["C15"] == 2
    assert "H9:A>B" in found.gaps


def test_a_threshold_moves_the_kind():
    text = broken("  partnership: 60", "  partnership: 99")
    assert with_rules(text, "round2.yaml").kind != "true_partnership"
    verdict = assess(
        Room.from_dict(archetype("logo"), load_ruleset(broken("  named: 50", "  named: 101")))
    )
    assert verdict.kind == "in_the_making"


def test_a_changed_file_also_drives_the_ladder():
    rules = load_ruleset(broken("  - {id: goal, do: align_goals", "  - {id: aim, do: align_goals"))
    assert changes(Room.from_dict(example("round1.yaml"), rules))[0].move.id == "aim"


def test_rules_of_another_version_do_not_take_the_answers():
    rules = load_ruleset(broken('version: "2026.2"', 'version: "2027.1"'))
    with pytest.raises(Exception, match=r"2026\.2.*2027\.1"):
        Room.from_dict(example("round1.yaml"), rules)


def test_the_rule_file_reads_the_same_without_the_fast_parser() -> None:
    """Where PyYAML was built without libyaml, the slow parser must understand the file too."""
    import yaml

    from mutualist.domain.assess import builtin_text

    text = builtin_text()
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    assert yaml.load(text, yaml.SafeLoader) == yaml.load(text, fast)
