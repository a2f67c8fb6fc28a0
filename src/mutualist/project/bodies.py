"""Reading the bodies programs send: JSON without what JSON does not know, and not without end."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from mutualist.domain.shared.nesting import is_too_deep


class BodyError(ValueError):
    """A body that cannot be read."""


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) != len(items):
        raise BodyError("a key stands twice")
    return found


def _constant(word: str) -> NoReturn:
    raise BodyError(f"{word} is no number")


class Bodies(Parser):
    """Reads a body; raises :class:`ValueError` or :class:`RecursionError`, which become a 400."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what a body says."""
        found = json.loads(request.body, object_pairs_hook=_pairs, parse_constant=_constant)
        if is_too_deep(found):
            raise BodyError("nested too deeply")
        return found
