"""Two windows with the same rules: who saves second is told, and keeps what was typed."""

from __future__ import annotations

import re
from datetime import timedelta

from apps.programme.cast import RULES, browser
from mutualist.apps.core.clock import today
from mutualist.apps.programme.models import RuleSetVersion


def _sent(page, mark, days):
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    day = (today() + timedelta(days=days)).isoformat()
    return {"rules": f"{RULES}\n# {mark}\n", "since": day, "note": mark, "seen": seen}


def test_rules_saved_meanwhile_are_not_replaced_unseen(channel):
    home = f"/programmes/{channel.programme.uid}/rules/"
    anna = browser(channel.cast.anna)
    opened = anna.get(home).content.decode()
    assert anna.post(home, _sent(opened, "first window", 10)).status_code == 302
    # Trying them on the partners is no reading of what was saved meanwhile.
    tried = anna.post(home, {**_sent(opened, "second window", 20), "do": "preview"})
    late = anna.post(home, _sent(tried.content.decode(), "second window", 20))
    page = late.content.decode()
    assert late.status_code == 409
    assert "Another version was saved since you read the rules." in page
    assert "# second window" in page
    assert 'value="second window"' in page
    assert not RuleSetVersion.objects.filter(note="second window").exists()
    # Having read that, saving once more is a decision.
    assert anna.post(home, _sent(page, "second window", 20)).status_code == 302
    kept = RuleSetVersion.objects.filter(programme=channel.programme).order_by("number")
    assert [one.note for one in kept][1:] == ["first window", "second window"]
