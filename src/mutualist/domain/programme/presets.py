"""Rule sets that come with Mutualist: published programmes in our own words, dated, and one of our own.

Each is a file ``data/presets/<id>-<version>.yaml``. What was published changes without notice: a preset says when it was read
and asks to check the original.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from mutualist.domain.programme.rules.model import RuleSet, Words
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.shared.errors import MutualistError


class UnknownPresetError(MutualistError):
    """There is no such preset; says which there are."""

    def __init__(self, id_: str, known: tuple[str, ...]) -> None:
        self.id = id_
        self.known = known
        super().__init__(self.message("en"))

    def message(self, lang: str = "en") -> str:
        """Return the sentence in ``de`` or ``en``."""
        known = ", ".join(self.known)
        if lang == "de":
            return f"Die Vorlage {self.id} gibt es nicht. Möglich sind: {known}."
        return f"There is no preset {self.id}. Possible are: {known}."


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule set that can be taken as it is or changed.

    Attributes
    ----------
    since, until
        When these rules were in force, both inclusive; no end is open.
    text
        The file, with its comments.
    """

    id: str
    version: str
    words: Words
    about: Words
    since: dt.date
    until: dt.date | None
    text: str

    @property
    def name(self) -> str:
        """Return id and version in one word."""
        return f"{self.id}-{self.version}"


@cache
def presets() -> tuple[Preset, ...]:
    """Return all presets, by id, older versions first.

    Examples
    --------
    >>> [one.version for one in presets() if one.id == "quality-scale"]
    ['2024-11', '2026-01']
    """
    folder = files("mutualist.domain.programme").joinpath("data").joinpath("presets")
    found = [
        _preset(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda one: (one.id, one.since)))


def _preset(text: str) -> Preset:
    content: Mapping[str, Any] = yaml.safe_load(text)
    return Preset(
        content["id"],
        content["version"],
        Words(**content["words"]),
        Words(**content["about"]),
        content["effective"]["from"],
        content["effective"]["until"],
        text,
    )


def preset(id_: str, version: str | None = None) -> Preset:
    """Return a preset by its id; without a version the latest one.

    Raises
    ------
    UnknownPresetError
        If there is no such preset or version.
    """
    fitting = [one for one in presets() if one.id == id_ and version in {None, one.version}]
    if not fitting:
        ids = tuple(one.name if version else one.id for one in presets())
        name = f"{id_}-{version}" if version else id_
        raise UnknownPresetError(name, tuple(dict.fromkeys(ids)))
    return fitting[-1]


@cache
def preset_rules(id_: str, version: str | None = None) -> RuleSet:
    """Return the rules of a preset, read and checked."""
    return read_rules(yaml.safe_load(preset(id_, version).text))


def preset_on(id_: str, day: dt.date) -> RuleSet:
    """Return the rules of a preset that were in force on a day; before the first version the first, later the last.

    Raises
    ------
    UnknownPresetError
        If there is no such preset.
    """
    version = preset(id_).version
    for one in presets():
        if one.id == id_ and (one.until is None or day <= one.until):
            version = one.version
            break
    return preset_rules(id_, version)
