"""The form of a whole venture as a browser would send it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from mutualist.apps.ventures.models import Venture, Version


class _Controls(HTMLParser):
    """Collects what a form holds: inputs, chosen options, ticked boxes, texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._select = ""
        self._first: str | None = None
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name:
            ticks = given.get("type") in {"checkbox", "radio"}
            if not ticks or "checked" in given:
                self.found.append((name, given.get("value", "")))
        elif tag == "select":
            self._select, self._first = name, None
        elif tag == "option" and self._select:
            if self._first is None:
                self._first = given.get("value", "")
            if "selected" in given:
                self.found.append((self._select, given.get("value", "")))
                self._select = ""
        elif tag == "textarea" and name:
            self._area = name
            self.found.append((name, ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            name, before = self.found.pop()
            self.found.append((name, before + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "select" and self._select:
            if self._first is not None:
                self.found.append((self._select, self._first))
            self._select = ""


def sent(page: str, **changed: str | list[str] | None) -> dict[str, Any]:
    """Return what the form of a page sends; changed controls by their names, None takes one out."""
    controls = _Controls()
    controls.feed(page)
    found: dict[str, Any] = {}
    for name, value in controls.found:
        found.setdefault(name, []).append(value)
    return with_changes(found, changed)


def with_changes(found: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sent after some controls were changed."""
    for name, value in changed.items():
        key = name.replace("__", "-")
        if value is None:
            found.pop(key, None)
        else:
            found[key] = value
    return {name: value for name, value in found.items() if not name.startswith("csrf")}


CHECK = {"HX-Request": "true", "HX-Target": "checked"}


def page_of(client: Client, made: Venture, name: str = "whole") -> str:
    return client.get(reverse(f"ventures:{name}", args=[made.uid])).content.decode()


def post(
    client: Client, made: Venture, given: dict[str, Any], name: str = "whole", **more: Any
) -> Any:
    return client.post(reverse(f"ventures:{name}", args=[made.uid]), given, **more)


def slot(page: str, at: str) -> str:
    """What is said beside a box."""
    found = re.search(rf'id="{at}-error"[^>]*>(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def saved(made: Venture) -> dict[str, Any]:
    content = Version.objects.filter(venture=made).order_by("-number").first()
    assert content is not None
    return json.loads(content.content)
