"""No form and no write of the API can forget to take part: what is sent twice has one effect."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.template import engines

import mutualist
from guards.routes import api_operations
from guards.world import World, build

pytestmark = pytest.mark.django_db
SOURCE = Path(mutualist.__file__).parent
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
INCLUDE = re.compile(r'{% include "([^"]+)"[^%]*%}')
POSTS = re.compile(r"<form\b[^>]*\bmethod=\"?(post|\{\{)", re.IGNORECASE)
#: What remembers nothing, and why that does no harm.
LEFT_OUT = {
    "set_language": "sets a cookie, the same one each time",
    "enter": "changes the session; coming in twice is coming in",
    "ask_for_proof": "stores nothing; the same form is carried out once the proof is there",
    "prove": "changes the session; a code works once",
    "compute": "stores nothing",
    "verdict": "stores nothing",
    "new": "shows one more empty party, stores nothing",
    "_upload": "stores nothing before it is confirmed",
    "_annotated": "gives a file back, stores nothing",
    "item": "many times a page; each answer carries its version",
    "ask": "asks by mail; what was asked twice is answered twice",
    "download": "gives a file, stores nothing but that it was asked for",
    "proof_download": "gives a file, stores nothing but that it was asked for",
    "_erasing": "signs out; a person can be erased once only",
    "end_organisation": "a second request finds nothing to end",
    "whole": "checking a venture, or adding an empty row, stores nothing; saving is remembered",
    "text": "checking the file of a venture stores nothing; saving is remembered",
    "rules": "checking rules while they are typed stores nothing; saving is remembered",
    "lint_rules": "checking rules stores nothing",
    "_checked": "checking the short form of a venture stores nothing",
}


def templates() -> dict[str, str]:
    return {
        str(path.relative_to(SOURCE)): path.read_text("utf-8") for path in SOURCE.rglob("*.html")
    }


def test_every_form_that_posts_carries_both_keys() -> None:
    texts = templates()
    forms = [
        (name, _with_parts(form, texts))
        for name, text in texts.items()
        for form in FORM.findall(text)
        if POSTS.match(form)
    ]
    assert len(forms) >= 40
    # The account library's element takes its fields, and with them the tag, as its content.
    without = [n for n, f in forms if "{% csrf_token %}" not in f and "{% slot body %}" not in f]
    assert without == [], "each form needs {% csrf_token %}"


def _with_parts(form: str, texts: dict[str, str]) -> str:
    """Return a form with the templates it takes in."""

    def part(found: re.Match[str]) -> str:
        return next((text for name, text in texts.items() if name.endswith(found[1])), "")

    return INCLUDE.sub(part, form)


def test_the_tag_writes_both() -> None:
    page = engines["django"].from_string("{% csrf_token %}")
    written = page.template.render(_context("one"))
    assert 'name="csrfmiddlewaretoken" value="one"' in written
    assert re.search(r'name="idempotency_key" value="[\w-]{24}"', written)


def _context(token: str) -> object:
    from django.template import Context

    return Context({"csrf_token": token})


def test_every_form_that_is_shown_carries_both(client, settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    world: World = build()
    seen = 0
    for name in ("anna", "clara", "greta", "anonymous"):
        paths = [
            "/",
            "/account/",
            "/organisation/",
            "/rooms/new/?mode=two_sided",
            "/accounts/login/",
        ]
        paths += [f"/rooms/{room.uid}/" for room in world.rooms.values()]
        paths += [f"/rooms/{room.uid}/people/" for room in world.rooms.values()]
        for path in paths:
            answer = world.visitors[name].get(path)
            for form in FORM.findall(answer.content.decode()):
                if 'method="post"' in form:
                    seen += 1
                    assert 'name="idempotency_key"' in form, (path, form[:200])
    assert seen > 80


def test_who_is_left_out_is_named_with_its_reason() -> None:
    found = set()
    for file in SOURCE.rglob("*.py"):
        if "leave_out(" in (text := file.read_text("utf-8")):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef) and _calls(node, "leave_out"):
                    found.add(node.name)
    assert found == set(LEFT_OUT), "say here why this one remembers nothing"


def _calls(function: ast.FunctionDef, name: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(function)
    )


def test_the_description_names_the_header_at_every_write() -> None:
    from mutualist.project.api import api

    without, writes = [], 0
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            headers = {
                one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"
            }
            if method == "get":
                assert "Idempotency-Key" not in headers, path
                continue
            if path.rsplit("/", 1)[-1] in {"compute", "verdict"}:
                continue
            writes += 1
            if "Idempotency-Key" not in headers:
                without.append(f"{method} {path}")
            assert {409, 503} <= {int(code) for code in operation["responses"]}, path
    assert without == []
    assert writes == sum(m != "GET" for ms in api_operations().values() for m in ms) - 2
