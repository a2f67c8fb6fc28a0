"""New rules are tried on the partners there are, before anything is saved."""

from __future__ import annotations

from apps.programme.cast import RULES, browser
from apps.programme.test_levels import sale
from mutualist.apps.core.clock import today
from mutualist.apps.programme.models import RuleSetVersion

EASIER = RULES.replace("total >= 100", "total >= 60")


def _page(channel, rules: str):
    path = f"/programmes/{channel.programme.uid}/rules/"
    return browser(channel.cast.anna).post(path, {"rules": rules, "do": "preview"})


def test_it_says_who_would_rise_and_saves_nothing(channel):
    sale(channel, today().isoformat(), "60000")
    page = _page(channel, EASIER).content.decode()
    row = page.partition("What these rules would change today")[2].partition("</table>")[0]
    assert "Tauwerk GmbH" in row
    assert "Silver" in row
    assert "Gold" in row
    assert "Grauwerk" not in row
    assert RuleSetVersion.objects.count() == 1


def test_rules_with_mistakes_are_told_instead(channel):
    answer = _page(channel, RULES.replace("sold", "nothing", 1))
    assert answer.status_code == 422
    assert "What these rules would change" not in answer.content.decode()
