"""What an attack on the pages of programmes found, so that it stays mended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from apps.programme.cast import RULES, browser
from apps.programme.test_levels import sale
from mutualist.apps.core.clock import stopped_at, today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.actions.programmes import checked_rules, save_rules
from mutualist.apps.programme.presenters.words import shown
from mutualist.apps.programme.queries.fact_checking import plain
from mutualist.apps.programme.queries.scores import scored
from mutualist.apps.programme.queries.whole import outcomes

RELATIVE = RULES.replace("levels:", "relative:\n  cut: {of: revenue, best: 50 %}\nlevels:").replace(
    "total >= 50", "cut"
)


@pytest.mark.parametrize(
    "text",
    [
        *("[1,2]", "", "a: &x [*x]", "{? [1] : 2}", "2026-99-99", "a: 2026-02-31"),
        RULES.replace("2026-01-01", "2026-02-31"),
        RULES.replace("total >= 50", "(" * 2000 + "1" + ")" * 2000),
        RULES.replace("total >= 50", "-" * 5000 + "1 > 0"),
        "[" * 5000,
    ],
)
def test_odd_rules_are_answered_and_never_break_the_page(channel, text):
    page = f"/programmes/{channel.programme.uid}/rules/"
    answer = browser(channel.cast.anna).post(page, {"rules": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "The rules can be used" not in answer.content.decode()


def test_rules_that_can_be_read_but_not_used_are_refused():
    with pytest.raises(ActionError, match="rules"):
        checked_rules(RULES.replace("total >= 100", "total >= 1000"))


def test_rules_about_the_best_count_all_partners_on_a_page_as_well(channel):
    rules = checked_rules(RELATIVE)
    with stopped_at(datetime(2026, 5, 31, 12, tzinfo=UTC)):
        save_rules(standing=channel.anna, rules=RELATIVE, since=date(2026, 6, 1))
    sale(channel, "2026-05-10", "60000")
    day = date(2026, 7, 1)
    assert scored(channel.tauwerk, day).score.level == "silver"
    assert outcomes(channel.anna, rules, day)[channel.tauwerk.pk].level == "silver"


def test_a_rounded_number_reaches_no_threshold_that_it_misses():
    assert shown(Fraction(69996, 1000), "en", Fraction(70)) != "70"
    assert shown(Fraction(70), "en", Fraction(70)) == "70"


def test_a_large_number_is_stored_whole():
    number = Fraction(12345678901234567890123456789012345, 100)
    assert Fraction(plain(number)) == number


def test_new_rules_leave_the_past_as_it_was(channel):
    with pytest.raises(ActionError, match="rules_past"):
        save_rules(standing=channel.anna, rules=RULES, since=today() - timedelta(days=1))
    assert save_rules(standing=channel.anna, rules=RULES, since=today()).number == 2
