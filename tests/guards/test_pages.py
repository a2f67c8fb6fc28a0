"""Every page that can be reached by a link: no error, no page that asks the database too often."""

from __future__ import annotations

import re
from urllib.parse import urldefrag

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guards.world import Visitor, World

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
MOST_QUERIES = 12
MOST_PAGES = 400
FORMULA = re.compile(r"%\(\w+\)s|\{\w+\}|\{%|\{\{")
# Papers are read by the canaries' test; every "leave it" of a preview makes one more address.
SKIPPED = (".pdf", ".xlsx", "left=")


def speaks(visitor: Visitor, language: str) -> None:
    visitor.client.cookies["django_language"] = language


def links_on(page: str) -> set[str]:
    found = {urldefrag(link.replace("&amp;", "&"))[0] for link in LINK.findall(page)}
    return {link for link in found if link.startswith(("/", "?"))}


def crawl(visitor: Visitor, starts: list[str]) -> dict[str, str]:
    """Follow every link; return the text of each page by its address."""
    waiting, pages = list(starts), {}
    while waiting:
        path = waiting.pop()
        if path in pages:
            continue
        assert len(pages) < MOST_PAGES, "too many pages, or a trap"
        answer = visitor.get(path)
        assert answer.status_code in {200, 302}, (visitor.name, path, answer.status_code)
        if answer.status_code == 302:
            pages[path] = ""
            waiting.append(answer.headers["Location"])
            continue
        kind = answer.headers["Content-Type"]
        pages[path] = answer.content.decode() if kind.startswith("text/html") else ""
        base = path.split("?")[0]
        found = [base + one if one.startswith("?") else one for one in links_on(pages[path])]
        waiting += [one for one in found if not any(sign in one for sign in SKIPPED)]
    return pages


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "name", ["anna", "ben", "clara", "dora", "greta", "jonas", "paul", "anonymous"]
)
def test_every_link_leads_to_a_page(world: World, name: str, language: str) -> None:
    visitor = world.visitors[name]
    speaks(visitor, language)
    starts = [reverse("core:home")]
    if name == "paul":
        starts.append(reverse("rooms:result", args=[world.rooms["convened"].uid]))
    if name == "jonas":
        starts.append(reverse("rooms:room", args=[world.rooms["drafting"].uid]))
    pages = crawl(visitor, starts)
    assert len(pages) >= 5
    for path, page in pages.items():
        if page:
            assert f'<html lang="{language}"' in page, path
            text = re.sub(r"<script.*?</script>|<[^>]+>", "", page, flags=re.DOTALL)
            assert not FORMULA.search(text), (path, FORMULA.search(text))


def test_pages_ask_the_database_a_constant_number_of_times(world: World) -> None:
    too_many = []
    for visitor in (world.anna, world.clara, world.ben, world.greta):
        visitor.get(reverse("identity:account"))  # the first visit notes the session, once
    for state in ("drafting", "sealed", "pressed", "opened", "second"):
        uid = world.rooms[state].uid
        paths = [reverse("core:home"), reverse("rooms:list"), reverse("rooms:room", args=[uid])]
        if state in {"opened", "second"}:
            paths.append(reverse("rooms:result", args=[uid]))
        for name in ("anna", "clara", "ben"):
            for path in paths:
                with CaptureQueriesContext(connection) as asked:
                    assert world.visitors[name].get(path).status_code == 200, (name, path)
                if len(asked) > MOST_QUERIES:
                    too_many.append(f"{name} {state} {path}: {len(asked)}")
    with CaptureQueriesContext(connection) as asked:
        assert world.greta.get(reverse("rooms:convene")).status_code == 200
    if len(asked) > MOST_QUERIES:
        too_many.append(f"greta convene: {len(asked)}")
    assert not too_many, "\n".join(too_many)
