"""A venture as its file, for people who would rather type it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.ventures.entries.whole import private_in
from mutualist.apps.ventures.words import language
from mutualist.domain.venture import VentureError, read_description
from mutualist.library.errors import FileError
from mutualist.library.files import load_json, load_yaml
from mutualist.library.yamlfile import dump

MOST_CHARACTERS = 200_000


def text_of(description: Mapping[str, Any]) -> str:
    """Return a description as people type it."""
    return dump(dict(description))


class TextForm:
    """The text of a venture file; what was typed stays as it was typed.

    Parameters
    ----------
    posted
        What was sent; without it the form shows the initial text.
    shared
        Whether others read the venture: then nobody's private figures may stand in it.
    """

    def __init__(self, posted: Any, *, initial: Mapping[str, str], shared: bool) -> None:
        self.text = initial["text"] if posted is None else posted.get("text", "")
        self.shared = shared
        self.problems: list[str] = []
        self.description: dict[str, Any] = {}

    def is_valid(self) -> bool:
        """Read the text and check the venture; note everything that is wrong."""
        found = self._read()
        if found is None:
            return False
        try:
            read_description(found)
        except VentureError as error:
            self.problems += [problem.message(language()) for problem in error.problems]
        if self.shared and (places := private_in(found)):
            said = _(
                "%(places)s: the other side reads this file. Leave it out here and enter it on the page of your "
                "private figures."
            )
            self.problems.append(said % {"places": ", ".join(places)})
        if not self.problems:
            self.description = found
        return not self.problems

    def _read(self) -> dict[str, Any] | None:
        if len(self.text) > MOST_CHARACTERS:
            said = _(
                "The text has %(length)s characters; %(most)s are possible. Leave out some lines."
            )
            self.problems.append(said % {"length": len(self.text), "most": MOST_CHARACTERS})
            return None
        try:
            read = load_json if self.text.lstrip().startswith("{") else load_yaml
            document = read(self.text, file="")
        except FileError as error:
            self.problems.append(error.message(language()))
            return None
        if not isinstance(document, dict):
            self.problems.append(
                _("A venture file is a list of names with their values, such as name: PumpenPuls.")
            )
            return None
        return document
