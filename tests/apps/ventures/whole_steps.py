"""The form of a whole venture as a browser would send it."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any


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
