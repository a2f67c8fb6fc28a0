"""What cannot be right is refused on pages and by programs: item, value and remedy in the reader's language, nothing half stored."""

from __future__ import annotations

import html
import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.programme.cast import RULES
from bad_rules import BAD_RULES
from mutualist.apps.core.audit import verify
from mutualist.apps.core.clock import today
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import User
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.models import FactRow, LevelChange, RuleSetVersion
from mutualist.apps.programme.standing import chain_of

LANGUAGES = ["en", "de"]


class Side:
    """Anna in a language, with a browser and with a program, and what was there before."""

    def __init__(self, channel, language: str) -> None:
        self.channel, self.language = channel, language
        self.home = f"/programmes/{channel.programme.uid}"
        self.chain = chain_of(channel.programme.pk)
        actor = channel.cast.anna
        User.objects.filter(pk=actor.user_id).update(language=language)
        self.browser = Client(HTTP_ACCEPT_LANGUAGE=language)
        self.browser.force_login(User.objects.get(pk=actor.user_id))
        self.token = identity.create_api_token("test", actor=actor)
        self.before = self.stored()

    def stored(self) -> tuple:
        return (
            list(
                RuleSetVersion.objects.order_by("pk").values("number", "since", "until", "content")
            ),
            list(FactRow.objects.order_by("pk").values("external_id", "day", "values")),
            list(LevelChange.objects.order_by("pk").values("relation", "day", "level")),
            AuditEntry.objects.filter(chain=self.chain).count(),
        )

    def unchanged(self) -> None:
        assert self.stored() == self.before
        assert not list(verify(self.chain))

    def page(self, path: str, form: dict, status: int = 422) -> str:
        answer = self.browser.post(f"{self.home}/{path}", form)
        content = html.unescape(answer.content.decode())
        assert answer.status_code == status, content[:2000]
        return content

    def api(self, method: str, path: str, body=None):
        return Client(HTTP_ACCEPT_LANGUAGE=self.language).generic(
            method,
            f"/api/v1{self.home}/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )


@pytest.fixture(params=LANGUAGES)
def side(channel, request) -> Side:
    return Side(channel, request.param)


def tomorrow() -> str:
    return (today() + timedelta(days=1)).isoformat()


@pytest.mark.parametrize("name", BAD_RULES)
def test_bad_rules(side, name):
    rules, told = BAD_RULES[name]
    form = {"rules": rules, "since": tomorrow(), "note": "For the second half"}
    page = side.page("rules/", form)
    message = side.api("PUT", "rules", form)
    linted = side.api("POST", "rules/lint", {"rules": rules}).json()
    said = {
        "page": page.partition("<textarea")[0],
        "live": html.unescape(
            side.browser.post(
                f"{side.home}/rules/", {"rules": rules}, headers={"HX-Request": "true"}
            ).content.decode()
        ),
        "program": message.json()["message"],
        "lint": " ".join(one["message"] for one in linted["problems"]),
    }
    assert (message.status_code, linted["usable"]) == (422, False)
    for where, text in said.items():
        for part in told[side.language]:
            assert part in text, (where, text)
    for typed in (rules.strip(), f'value="{form["since"]}"', f'value="{form["note"]}"'):
        assert typed in page
    side.unchanged()


@pytest.mark.parametrize("name", ["a circle", "weights that do not add up"])
def test_no_programme_begins_with_bad_rules(side, name):
    rules, told = BAD_RULES[name]
    form = {
        "organisation": str(side.channel.cast.nordwerk.uid),
        "name": "Zweites Programm",
        "preset": "own",
        "own_rules": rules,
        "since": tomorrow(),
        "language": "de",
    }
    answer = side.browser.post("/programmes/new/", form)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    for part in [*told[side.language], rules.strip(), "Zweites Programm", form["since"]]:
        assert part in page
    side.unchanged()


VERSIONS = {
    "the day of the version in force": (
        "2026-01-01",
        {"en": ["2026-01-01", "begin later"], "de": ["2026-01-01", "später beginnen"]},
    ),
    "a day that has passed": (
        (today() - timedelta(days=1)).isoformat(),
        {"en": ["today or later"], "de": ["heute oder später"]},
    ),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_versions_that_would_overlap_or_change_the_past(side, name):
    since, told = VERSIONS[name]
    form = {"rules": RULES.replace("100000", "50000"), "since": since, "note": ""}
    page, answer = side.page("rules/", form), side.api("PUT", "rules", form)
    assert answer.status_code == 422
    for text in (page.partition("<textarea")[0], answer.json()["message"]):
        for part in [*told[side.language], since]:
            assert part in text
    assert "50000" in page
    assert f'value="{since}"' in page
    side.unchanged()


@pytest.mark.parametrize("since", ["", "2026-02-31", "31.12.2026", "soon", "0", "99999-01-01"])
def test_a_day_that_is_none(side, since):
    page = side.page("rules/", {"rules": RULES, "since": since, "note": "Why"})
    assert (since or "–") in page.partition("<textarea")[0]
    assert "2027-01-01" in page.partition("<textarea")[0]
    assert 'value="Why"' in page
    assert side.api("PUT", "rules", {"rules": RULES, "since": since}).status_code == 422
    side.unchanged()


def test_a_rule_change_in_mid_year_leaves_every_day_before_as_it_was(side):
    """The stated rule: each day is scored by the version in force on it, and past days never change."""
    row = {"partner": "P-1", "id": "S-1", "day": f"{today()}", "customer": "A", "amount": "60000"}
    import_facts(standing=side.channel.anna, table="sales", rows=[(2, row)])

    def score(day: date) -> tuple:
        found = side.api("GET", f"scores?as_of={day}").json()
        mine = next(one for one in found["partners"] if one["id"] == "P-1")
        return mine["level"], mine["total"], found["rules"]

    now, later = today(), today() + timedelta(days=30)
    before = score(now), score(later - timedelta(days=1))
    history = list(LevelChange.objects.order_by("pk").values())
    rules = RULES.replace("100000", "50000").replace('version: "1"', 'version: "2"')
    form = {"rules": rules, "since": later.isoformat(), "note": "Mid-year"}
    side.page("rules/", form, status=302)
    assert (score(now), score(later - timedelta(days=1))) == before
    assert (score(later)[0], before[0][0]) == ("gold", "silver")
    assert list(LevelChange.objects.order_by("pk").values()) == history
    first, second = RuleSetVersion.objects.order_by("number")
    assert (first.until, second.since) == (later - timedelta(days=1), later)
    assert not list(verify(side.chain))


KNOWN = {"partner": "P-1", "id": "S-1", "day": "2026-02-01", "customer": "Müller", "amount": "5"}
BAD_FACTS = {
    "an unknown partner": (
        [KNOWN | {"id": "S-2", "partner": "P-9"}],
        {
            "en": ["no partner P-9", "similar is P-", "put it right"],
            "de": ["Partner P-9 gibt es nicht", "ähnlich ist P-", "richtigstellen"],
        },
    ),
    "an id twice": (
        [KNOWN, KNOWN | {"amount": "7"}],
        {
            "en": ["The id S-1 stands already", "once"],
            "de": ["Die Kennung S-1 steht schon", "einmal"],
        },
    ),
    "another currency": (
        [KNOWN | {"id": "S-2", "amount_currency": "USD"}],
        {
            "en": ["no rate for USD on 2026-02-01", "convert into EUR"],
            "de": ["USD am 2026-02-01", "in EUR umrechnen"],
        },
    ),
    "a currency that is none": (
        [KNOWN | {"id": "S-2", "amount_currency": "Talers"}],
        {"en": ["Talers", "EUR"], "de": ["Talers", "EUR"]},
    ),
    "a day that is none": (
        [KNOWN | {"id": "S-2", "day": "2026-02-31"}],
        {
            "en": ["2026-02-31 is no day", "Write"],
            "de": ["2026-02-31 ist kein Tag", "Schreiben Sie"],
        },
    ),
    "an amount that is none": (
        [KNOWN | {"id": "S-2", "amount": "NaN"}],
        {"en": ["amount", "NaN is no number"], "de": ["amount", "NaN ist keine Zahl"]},
    ),
    "no partner": (
        [KNOWN | {"id": "S-2", "partner": ""}],
        {"en": ["partner is missing", "fill it in"], "de": ["fehlt der Partner", "eintragen"]},
    ),
    "no id": (
        [KNOWN | {"id": ""}],
        {"en": ["no id"], "de": ["keine Kennung"]},
    ),
}


def csv(rows: list[dict[str, str]]) -> SimpleUploadedFile:
    heads = list(rows[-1])
    lines = [";".join(heads), *(";".join(row.get(head, "") for head in heads) for row in rows)]
    return SimpleUploadedFile("sales.csv", "\n".join(lines).encode(), "text/csv")


@pytest.mark.parametrize("name", BAD_FACTS)
def test_bad_facts(side, name):
    rows, told = BAD_FACTS[name]
    rows = [KNOWN | {"id": "S-0"}, *rows]
    page = side.page("facts/", {"table": "sales", "file": csv(rows)})
    answer = side.api("POST", "facts", {"table": "sales", "rows": rows})
    assert answer.status_code == 422
    for text in (page, answer.json()["message"]):
        for part in told[side.language]:
            assert part in text, text[-3000:]
    side.unchanged()


def test_a_day_to_come_is_stored_and_told_and_does_not_count(side):
    """The stated rule: what lies ahead is kept, and counts from its day on."""
    day = today() + timedelta(days=2)
    row = KNOWN | {"day": day.isoformat(), "amount": "100000"}
    answer = side.api("POST", "facts", {"table": "sales", "rows": [row]})
    (warning,) = answer.json()["warnings"]
    counts = {"en": "does not count yet", "de": "zählt noch nicht"}[side.language]
    assert counts in warning
    assert day.isoformat() in warning
    for as_of, level in ((today(), "partner"), (day, "gold")):
        path = f"partners/{side.channel.tauwerk.uid}/score?as_of={as_of}"
        assert side.api("GET", path).json()["level"] == level


def test_the_same_facts_again_are_counted_once(side):
    """The stated rule: the id of a fact says which one it is, so a second delivery replaces the first."""
    for _time in range(2):
        answer = side.api("POST", "facts", {"table": "sales", "rows": [KNOWN]})
        assert answer.status_code == 200
    assert FactRow.objects.count() == 1
    assert not list(verify(side.chain))
