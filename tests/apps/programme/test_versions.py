"""Versions of the rules: who saved them, what differs, whom it concerns, and where a mistake stands."""

from __future__ import annotations

from datetime import timedelta

from apps.programme.cast import RULES, browser
from apps.programme.test_levels import sale
from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.programmes import save_rules

HARDER = RULES.replace("total >= 50", "total >= 70")


def _page(channel, actor, more: str = "", language: str = "en"):
    address = f"/programmes/{channel.programme.uid}/rules/{more}"
    return browser(actor).get(address, headers={"Accept-Language": language})


def _two(channel) -> None:
    sale(channel, today().isoformat(), "60000")
    since = today() + timedelta(days=9)
    save_rules(standing=channel.anna, rules=HARDER, since=since, note="Silver is harder")


def test_the_list_names_who_saved_a_version(channel):
    _two(channel)
    page = _page(channel, channel.cast.ben).content.decode()
    assert page.count("saved by Anna") == 2
    assert "Silver is harder" in page


def test_two_versions_are_compared_with_whom_they_concern(channel):
    _two(channel)
    page = _page(channel, channel.cast.ben, "compare/?from=1&to=2").content.decode()
    first, second = page.split("<table>")[1:3]
    assert "levels.silver.requires" in first
    assert "total &gt;= 50" in first
    assert "total &gt;= 70" in first
    assert "Tauwerk GmbH" in second
    assert "falls" in second
    assert "Grauwerk" not in second
    back = _page(channel, channel.cast.anna, "compare/?from=2&to=1").content.decode()
    assert "rises" in back.split("<table>")[2]


def test_versions_that_are_none_and_others_programmes(channel):
    _two(channel)
    assert _page(channel, channel.cast.anna, "compare/").url.endswith("/rules/")
    for asked in ("from=1&to=3", "from=x&to=1", "from=1", "from=²&to=1"):
        assert _page(channel, channel.cast.anna, f"compare/?{asked}").status_code == 404
    for actor in (channel.cast.clara, channel.cast.dora):
        assert _page(channel, actor, "compare/?from=1&to=2").status_code == 404


def test_a_mistake_leads_to_its_line(channel):
    wrong = RULES.replace("from: sales", "from: nothing")
    line = wrong.split("\n").index(next(one for one in wrong.split("\n") if "nothing" in one)) + 1
    address = f"/programmes/{channel.programme.uid}/rules/"
    form = {"rules": wrong, "since": (today() + timedelta(days=1)).isoformat()}
    answer = browser(channel.cast.anna).post(address, form)
    assert answer.status_code == 422
    assert f'data-line="{line}"' in answer.content.decode()
    assert "from: nothing" in answer.content.decode()
