"""The card: points in parts, what is missing, the facts behind each figure, what was and what comes."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction

import pytest
import yaml

from apps.programme.cast import browser
from mutualist.apps.core.clock import today
from mutualist.apps.programme.demo import RULES as DEMO
from mutualist.apps.programme.models import FactRow, LevelProposal, RuleSetVersion
from mutualist.apps.programme.presenters.bars import asked_total, stack
from mutualist.apps.programme.presenters.course import chart
from mutualist.apps.programme.presenters.scorecard import next_level, scorecard
from mutualist.apps.programme.queries.levels import outlook
from mutualist.apps.programme.queries.scores import Scored
from mutualist.domain.programme.presets import presets
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.score import score


def put(relation, table, number, **values):
    FactRow.objects.create(
        relation=relation,
        table=table,
        external_id=number,
        day=today(),
        values={name: str(value) for name, value in values.items()},
    )


@pytest.fixture
def parts(channel):
    """The demo's rules: three categories; 60,000 of revenue and three certificates, one of them expired."""
    RuleSetVersion.objects.filter(programme=channel.programme).update(content=DEMO)
    day = today()
    put(channel.tauwerk, "sales", "S-1", day=day - timedelta(days=300), customer="A", amount=60000)
    put(channel.tauwerk, "sales", "S-0", day=day - timedelta(days=400), customer="A", amount=90000)
    for number, name, ends in (
        ("C-1", "IoT Basics", 100),
        ("C-2", "IoT Basics", -5),
        ("C-3", "IoT Expert", 500),
    ):
        put(
            channel.tauwerk,
            "certificates",
            number,
            issued=day - timedelta(days=200),
            expires=day + timedelta(days=ends),
            person=f"M-{number}",
            name=name,
        )
    return channel


def vendor_page(channel) -> str:
    address = f"/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/"
    return browser(channel.cast.anna).get(address).content.decode()


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_head_says_points_by_part_and_what_is_missing(parts):
    for page in (vendor_page(parts), browser().get(parts.link()).content.decode()):
        told = words(page)
        assert "Performance 12 / 40" in told
        assert "Skill 15 / 40" in told
        assert "Customer success 0 / 20" in told
        # Silver is at 40 of 100: the bar ends at 27, the mark stands at 40.
        assert "To Silver 13 points missing" in told
        assert '<line class="tick" x1="40%" x2="40%"' in page
        assert re.search(r'class="tone-1" x="12%" width="15%"', page)
        assert "facts taken in on" in told


def test_each_figure_has_its_facts_and_says_why_others_do_not_count(parts):
    told = words(vendor_page(parts))
    assert re.search(r"S-1 \S+ ?\S* ?\S* A · 60,000 EUR", told)
    assert re.search(r"S-0 .{1,40} A · 90,000 EUR outside of the time that counts", told)
    assert re.search(r"C-2 .{1,60} M-C-2 · IoT Basics ran out on", told)
    assert "IoT Expert is not among what counts here" in told


def test_the_course_knows_the_past_and_the_day_points_leave(parts):
    found = outlook(parts.tauwerk, today())
    drawn = chart(found, "en")
    totals = {one["day"]: one["total"] for one in drawn["rows"]}
    assert totals[today()] == "27"
    # The sale leaves twelve months after it: 27 - 12; the certificate the day after its last.
    assert totals[today() + timedelta(days=101)] == "10"
    first = min(totals)
    assert first.day == 1
    assert first <= today() - timedelta(days=300)
    assert found.past[0][1] == Fraction(18)  # 90,000 of sales, nothing else yet
    assert [line["text"] for line in drawn["lines"]] == ["40"]


def test_a_review_that_kept_a_level_is_told_with_its_reason(parts):
    LevelProposal.objects.create(
        relation=parts.tauwerk,
        day=today(),
        before="gold",
        after="silver",
        why="review",
        state="kept",
        reason="Two exams are booked",
    )
    for page in (vendor_page(parts), browser().get(parts.link()).content.decode()):
        assert "Review: Gold was kept" in page
        assert "Two exams are booked" in page
    rival = browser().get(parts.link(parts.rival_contact)).content.decode()
    assert "Two exams are booked" not in rival


def test_a_table_that_new_rules_drop_counts_until_they_begin(parts):
    version = RuleSetVersion.objects.get(programme=parts.programme)
    content = yaml.safe_load(DEMO)
    content["version"] = "2"
    del content["facts"]["sales"], content["measures"]["sold"], content["metrics"]["revenue"]
    RuleSetVersion.objects.create(
        programme=parts.programme,
        number=2,
        content=yaml.safe_dump(content, allow_unicode=True),
        since=today() + timedelta(days=30),
    )
    RuleSetVersion.objects.filter(pk=version.pk).update(until=today() + timedelta(days=29))
    found = outlook(parts.tauwerk, today())
    assert found.scored.score.total == 27
    assert next((one.day, one.after) for one in found.ahead.steps) == (
        today() + timedelta(days=30),
        Fraction(15),
    )


def test_every_preset_has_a_card_in_both_languages():
    for preset in presets():
        rules = read_rules(yaml.safe_load(preset.text))
        day = max(rules.since, today())
        facts = Facts({"id": "P", "name": "P"})
        found = Scored(score(facts, rules, day), rules, RuleSetVersion(), facts)
        for language in ("de", "en"):
            card = scorecard(found, language)
            assert card["day"] == day
            assert (card["stack"] is None) is (rules.total.way == "none")


def test_segments_never_leave_the_bar():
    rules = read_rules(yaml.safe_load(DEMO))
    facts = Facts({"id": "P", "name": "P"})
    result = score(facts, rules, today())
    above = next_level(rules, result)
    drawn = stack(rules, result, asked_total(above), "en")
    assert [one["width"] for one in drawn["segments"]] == ["0%", "0%", "0%"]
    assert (drawn["tick"], drawn["asked"], drawn["top"]) == ("40%", "40", "100")
