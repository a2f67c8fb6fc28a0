"""Wrong, huge and hostile input by pages and by programs: always a described refusal, never a server error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import Cast
from apps.ventures.steps import browser, described, of_room
from mutualist.apps.identity import actions as identity
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures.models import Venture, Version

LINE = {"party": "A", "amount": "5"}
DRIVER = {"low": 1, "likely": 2, "high": 3}
DEEP = "(" * 900 + "1" + ")" * 900


def many(count: int, one: Any) -> dict[str, Any]:
    return {f"x{number}": one for number in range(count)}


def parties(count: int) -> dict[str, Any]:
    return {f"P{number}": {"discount": 0.1} for number in range(count)}


def chained(count: int, periods: int) -> dict[str, Any]:
    """Lines that each need all periods of the one before."""
    lines = {"x0": {"party": "A", "amount": "d * 1 [money]"}}
    for number in range(1, count):
        before = f"x{number - 1}"
        lines[f"x{number}"] = {"party": "B", "amount": f"previous({before}) + total({before})"}
    return {
        "periods": {"unit": "month", "count": periods},
        "drivers": {"d": {**DRIVER, "each": "period"}},
        "lines": lines,
        "terms": {},
        "events": {},
        "contributions": [],
        "correlations": [],
        "options": {},
        "profiles": {},
    }


BARE = {"terms": {}, "events": {}, "contributions": [], "correlations": [], "options": {}}
CHANGES: dict[str, dict[str, Any]] = {
    "10,000 periods": {"periods": {"unit": "month", "count": 10_000}},
    "no period": {"periods": {"unit": "month", "count": 0}},
    "200 parties": {"parties": parties(200)},
    "no party": {"parties": {}},
    "5,000 lines": {"lines": many(5000, LINE), **BARE},
    "3,000 drivers": {"drivers": many(3000, DRIVER)},
    "a deep formula": {"lines": {"x": {"party": "A", "amount": DEEP}}, **BARE},
    "a long formula": {"lines": {"x": {"party": "A", "amount": "1+" * 90_000 + "1"}}, **BARE},
    "a circle": {"lines": {"x": {**LINE, "amount": "y"}, "y": {**LINE, "amount": "x"}}, **BARE},
    "code": {"lines": {"x": {**LINE, "amount": "__import__('os').system('id')"}}, **BARE},
    "1e308": {"drivers": {"x": {"low": 1e308, "likely": 1e308, "high": 1e308}}},
    "a correlation of 5": {"correlations": [{"between": ["x", "x"], "rank": 5}]},
    "a matrix that cannot be": {
        "drivers": dict.fromkeys("xyz", DRIVER),
        "lines": {"x1": LINE},
        **BARE,
        "correlations": [
            {"between": list(pair), "rank": rank}
            for pair, rank in (("xy", 0.95), ("yz", 0.95), ("xz", -0.95))
        ],
    },
    "more computing than a page does": chained(300, 600),
    "more cases than a page values": {
        "lines": many(500, LINE),
        **BARE,
        "contributions": [
            {"party": "AB"[number % 2], "what": "x", "lines": ["x1"], "buy": 5}
            for number in range(500)
        ],
    },
    "a list for a mapping": {"drivers": [1, 2]},
    "null": {"lines": None},
    "names of everything": {"name": {"x": 1}},
    "unseen characters": {"name": "\u202eevil\u0000"},
}


@pytest.fixture
def asked(cast: Cast) -> Any:
    token = identity.create_api_token("t", actor=cast.anna)

    def ask(method: str, path: str, body: Any) -> Any:
        text = body if isinstance(body, str) else json.dumps(body)
        headers = {"Authorization": f"Bearer {token}"}
        return Client().generic(
            method, path, text, content_type="application/json", headers=headers
        )

    return ask


@pytest.mark.parametrize("what", CHANGES)
def test_a_program_is_told_what_is_wrong(cast: Cast, room: Room, asked: Any, what: str) -> None:
    body = {"room": str(room.uid), "description": described(**CHANGES[what])}
    answer = asked("POST", reverse("api:describe_venture"), body)
    assert answer.status_code == 422, answer.content[:300]
    assert len(answer.json()["message"]) > 20
    assert not Venture.objects.exists()


@pytest.mark.parametrize("what", CHANGES)
def test_a_person_is_told_and_keeps_what_was_typed(cast: Cast, room: Room, what: str) -> None:
    made = of_room(cast.anna, room)
    client, address = browser(cast.anna, "de"), reverse("ventures:text", args=[made.uid])
    text = json.dumps(described(**CHANGES[what]))
    for do in ("check", "save"):
        answer = client.post(address, {"text": text, "do": do, "seen": "1"})
        assert answer.status_code in {200, 422}, do
        kept = answer.content.decode()
        assert "&quot;schema&quot;: &quot;venture/1&quot;" in kept or len(text) > 200_000
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"description": NaN}',
        '{"description": {"periods": {"count": Infinity}}}',
        "[" * 5000,
        "{",
        '"\\ud800"',
        '{"description": {}, "description": {}}',
        '{"description": {"name": "' + "x" * 5_000_000 + '"}}',
        '{"description": {"name": "' + "x" * 6_000_000 + '"}}',
    ],
    ids=["nan", "infinity", "deep", "half", "surrogate", "twice", "5 MB", "6 MB"],
)
def test_what_is_no_description_is_refused(cast: Cast, asked: Any, text: str) -> None:
    answer = asked("POST", reverse("api:describe_venture"), text)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"]


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n" + "d: [" + "*c, " * 2000 + "*c]",
        "[" * 3000,
        "? {a: b}\n: c",
        "!!python/object/apply:os.system ['id']",
        "name: .nan\nlines: {x: {party: A, amount: .inf}}",
        "\x00",
        "x" * 900_000,
        "",
        "- 1\n- 2",
    ],
    ids=["aliases", "deep", "key", "object", "nan", "nul", "long", "empty", "list"],
)
def test_what_is_no_file_is_refused_on_the_page(cast: Cast, room: Room, text: str) -> None:
    made = of_room(cast.anna, room)
    client, address = browser(cast.anna), reverse("ventures:text", args=[made.uid])
    for do in ("check", "save"):
        answer = client.post(address, {"text": text, "do": do, "seen": "1"})
        assert answer.status_code in {200, 400, 413, 422}, do
    assert Version.objects.count() == 1


NONSENSE = ("nan", "inf", "-1e308", "1e999", "1" * 400, "<b>", "\x00", "1,5")


@pytest.mark.parametrize("value", NONSENSE)
def test_no_address_breaks_by_what_is_asked(cast: Cast, room: Room, value: str) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.anna, "de")
    asked_for = ("version", "correlation", "rule", "before", "after", "fee", "tied-A")
    moved = ("terms-parts-price", "drivers-pumps", "events-late")
    query = dict.fromkeys((*asked_for, *moved), value)
    for name in ("venture", "leaving", "versions", "terms", "file", "text"):
        answer = client.get(reverse(f"ventures:{name}", args=[made.uid]), query)
        assert answer.status_code in {200, 302, 400, 404, 422}, name
        assert b"Traceback" not in answer.content


@pytest.mark.parametrize("value", NONSENSE)
def test_no_form_breaks_by_what_is_sent(cast: Cast, room: Room, value: str) -> None:
    made = of_room(cast.anna, room)
    client = browser(cast.anna, "de")
    names = ("name", "note", "seen", "terms-parts-price", "best_alternative", "pain_limit")
    more = ("business_mean", "business_sd", "text", "do", "template", "room", "organisation")
    form = dict.fromkeys((*names, *more), value)
    for name in ("edit", "keep", "private", "whole", "text"):
        answer = client.post(reverse(f"ventures:{name}", args=[made.uid]), form)
        assert answer.status_code in {200, 302, 400, 404, 409, 422}, name
    for query in ("", "?template=resale", f"?room={room.uid}&template=licence"):
        answer = client.post(reverse("ventures:new") + query, form)
        assert answer.status_code in {200, 302, 400, 404, 422}, query
    restore = client.post(reverse("ventures:restore", args=[made.uid, 999_999]), {"seen": value})
    assert restore.status_code in {302, 400, 404, 422}
