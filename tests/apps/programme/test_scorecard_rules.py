"""Rules are read once, and a change of their text or of their days is seen at once."""

from __future__ import annotations

from datetime import date

from mutualist.apps.programme.models import RuleSetVersion
from mutualist.apps.programme.queries.rules import all_rules, rules_of
from mutualist.domain.programme.scoring.plan import plan_of


def test_the_same_text_is_read_and_compiled_once(channel):
    first, second = (RuleSetVersion.objects.get(programme=channel.programme) for _ in range(2))
    assert rules_of(first) is rules_of(second)
    one, other = (all_rules(channel.programme.pk)[0] for _ in range(2))
    assert one is other
    assert plan_of(one) is plan_of(other)


def test_other_text_or_other_days_are_other_rules(channel):
    version = RuleSetVersion.objects.get(programme=channel.programme)
    before = all_rules(channel.programme.pk)[0]
    version.content = version.content.replace("total >= 50", "total >= 60")
    assert rules_of(version) is not before
    assert "60" in rules_of(version).levels[1].requires[0].condition.text
    RuleSetVersion.objects.filter(pk=version.pk).update(until=date(2027, 12, 31))
    assert all_rules(channel.programme.pk)[0].until == date(2027, 12, 31)
    assert before.until is None
