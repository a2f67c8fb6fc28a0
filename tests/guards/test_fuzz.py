"""Whatever a program sends, it gets a described answer and never a server error."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.rooms.cast import FRAME, sheets
from guards import openapi
from guards.world import World, build
from mutualist.domain.assess import builtin_ruleset
from mutualist.library.datasets import load_pumpenpuls

pytestmark = pytest.mark.django_db

# A hundred and more for each operation before a release: FUZZ_EXAMPLES=200 ./test tests/guards/test_fuzz.py
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
STATES = ("drafting", "sealed", "pressed", "opened", "second", "convened")
WORDS = (
    *("", " ", "A", "B", "..", "nan", "yes", "dont_know", "2031-01-31", "2031-13-45", "0", "-1"),
    *("\0", "\u202eabc", "😀" * 40, "<script>alert(1)</script>", "{0.__class__}", "%s%n"),
    "x" * 9000,
)
NUMBERS = (10**30, -(10**30), 1e308, -1e308, float("nan"), float("inf"), 2**31, 2**63, 0.1, -0.0)
TEXT = st.one_of(st.sampled_from(WORDS), st.text(max_size=20))
NUMBER = st.one_of(st.sampled_from(NUMBERS), st.integers(-3, 105), st.floats())
LEAF = st.one_of(st.none(), st.booleans(), NUMBER, TEXT)
ANYTHING = st.recursive(
    LEAF,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=6,
)
DESCRIBED = json.loads(openapi.FILE.read_text(encoding="utf-8"))
OPERATIONS = [(m, p) for p, found in DESCRIBED["paths"].items() for m in found]
ITEMS = (*builtin_ruleset("2026.2").items, "header")
PARTY = {"name": "Nordwerk", "person": "Anna", "email": "anna@firm.example", "language": "de"}
# Bodies that go through as they are; most are sent with one or two places damaged.
RIGHT: dict[str, Any] = {
    "create_room": {
        "mode": "two_sided",
        "frame": FRAME,
        "parties": [PARTY, {**PARTY, "name": "Tauwerk", "email": "clara@firm.example"}],
    },
    "invite": {"name": "Eve", "email": "eve@firm.example", "language": "en"},
    "verdict": load_pumpenpuls().to_dict(),
}


def like(spec: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values of a described form, some of them wrong."""
    if "$ref" in spec:
        return like(DESCRIBED["components"]["schemas"][spec["$ref"].rsplit("/", 1)[-1]])
    if "anyOf" in spec:
        return st.one_of(*map(like, spec["anyOf"]))
    if "enum" in spec:
        return st.one_of(st.sampled_from(spec["enum"]), LEAF)
    if spec.get("properties"):
        parts = {key: like(one) for key, one in spec["properties"].items()}
        whole = st.fixed_dictionaries(parts)
        return st.one_of(whole, whole, st.fixed_dictionaries({}, optional=parts), ANYTHING)
    usual = {
        "array": lambda: st.lists(like(spec["items"]), max_size=9),
        "integer": lambda: st.integers(-2, 40),
        "boolean": st.booleans,
        "string": lambda: st.dates().map(str) if spec.get("format") == "date" else TEXT,
    }.get(spec.get("type", ""))
    return st.one_of(usual(), usual(), ANYTHING) if usual else ANYTHING


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """Return a right value in which up to two places are wrong."""
    box = [deepcopy(whole)]
    for _ in range(draw(st.integers(0, 2))):
        holder, key = draw(st.sampled_from(list(_places(box))))
        if draw(st.booleans()) or holder is box:
            holder[key] = draw(ANYTHING)
        elif isinstance(holder, dict):
            holder[draw(TEXT)] = holder.pop(key)
        else:
            holder.append(draw(ANYTHING))
    return box[0]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


@st.composite
def sent(draw: st.DrawFn, method: str, path: str) -> tuple[str, Any]:
    """Return an address with its blanks filled in, and a body."""
    spec = DESCRIBED["paths"][path][method]
    name = spec["operationId"].removeprefix("mutualist_apps_rooms_api_")
    item = draw(st.sampled_from(ITEMS))
    blanks = {"person": st.integers(-1, 12), "seat": st.sampled_from("AB"), "item": st.just(item)}
    asked = []
    for part in spec.get("parameters", []):
        if part["name"] == "uid":
            continue
        usual = blanks.get(part["name"], like(part["schema"]))
        value = quote(str(draw(st.one_of(usual, usual, TEXT))), safe="")
        if part["in"] == "path":
            path = path.replace(f"{{{part['name']}}}", value or "x")
        elif draw(st.booleans()):
            asked.append(f"{part['name']}={value}")
    body = None
    if name == "save_answer":
        answer = damaged(sheets()[draw(st.sampled_from("AB"))].get(item))
        body = {"value": draw(answer), "version": draw(st.integers(0, 2))}
    elif name in RIGHT:
        body = draw(damaged(RIGHT[name]))
    elif "requestBody" in spec:
        body = draw(like(spec["requestBody"]["content"]["application/json"]["schema"]))
    return path + ("?" + "&".join(asked) if asked else ""), body


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all operations; each request is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = build()
        for visitor in found.visitors.values():
            visitor.client.raise_request_exception = False
        yield found
        transaction.set_rollback(True)


def test_the_bodies_called_right_are_right(world: World) -> None:
    for path, body in (("/rooms", RIGHT["create_room"]), ("/verdict", RIGHT["verdict"])):
        with transaction.atomic():
            assert world.anna.call("POST", f"/api/v1{path}", body).status_code < 300
            transaction.set_rollback(True)
    assert {op["operationId"].rsplit("api_", 1)[-1] for p in DESCRIBED["paths"].values()
            for op in p.values()} >= set(RIGHT) | {"save_answer"}  # fmt: skip


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_breaks_the_server(world: World, method: str, path: str) -> None:
    described = {*DESCRIBED["paths"][path][method]["responses"], "404"}

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(sent(method, path), st.sampled_from(STATES), st.sampled_from(["anna", "clara", "dora"]))
    def ask(request: tuple[str, Any], state: str, name: str) -> None:
        address = request[0].replace("{uid}", str(world.rooms[state].uid))
        with transaction.atomic():
            answer = world.visitors[name].call(method.upper(), address, request[1])
            transaction.set_rollback(True)
        assert str(answer.status_code) in described, (name, state, address, request[1])
        if answer.status_code >= 400:
            assert answer.json()["message"]

    ask()
