"""How long what may be kept: read from ``data/retention.yaml`` and what the operator changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.db import models

from mutualist.apps.core.environment import SettingError

SCHEMA = "mutualist/retention/1"
SETTING = "MUTUALIST_RETENTION"
FILE = Path(__file__).parent / "data" / "retention.yaml"
CHAIN = "privacy"


@dataclass(frozen=True, slots=True)
class Rule:
    """How old rows of a table may become, and what then happens to them."""

    label: str
    age: str
    only_if: Mapping[str, Any] = field(default_factory=dict)
    null: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of what is kept.

    Attributes
    ----------
    days
        Days after the moment its rules name; None when it has no clock of its own.
    rule
        Name of a rule in code: rooms are told before they end.
    """

    name: str
    words: Mapping[str, str]
    days: int | None = None
    rules: tuple[Rule, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """All classes, as they hold in this installation."""

    version: str
    notice_days: int
    classes: Mapping[str, Kept]


def policy() -> Policy:
    """Return the classes with what the operator changed."""
    return _policy(os.environ.get(SETTING, ""))


@cache
def _policy(changes: str) -> Policy:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    if content["schema"] != SCHEMA:
        raise ValueError(f"{FILE.name}: expected schema {SCHEMA}")
    classes = {name: _kept(name, said) for name, said in content["classes"].items()}
    for name, days in changed(changes, classes).items():
        old = classes[name]
        classes[name] = Kept(
            name, old.words, days, old.rules if days else (), old.rule if days else ""
        )
    return Policy(str(content["version"]), content["notice_days"], classes)


def _kept(name: str, said: Mapping[str, Any]) -> Kept:
    rules = tuple(
        Rule(label, rule["age"], rule.get("if", {}), tuple(rule.get("null", ())))
        for label, rule in said.get("tables", {}).items()
    )
    return Kept(name, said["words"], said.get("days"), rules, said.get("rule", ""))


def changed(text: str, classes: Mapping[str, Kept]) -> dict[str, int | None]:
    """Read ``mails=14,closed_rooms=never``."""
    found: dict[str, int | None] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _equals, value = (piece.strip() for piece in part.partition("="))
        if name not in classes or classes[name].days is None:
            known = ", ".join(sorted(n for n, kept in classes.items() if kept.days is not None))
            raise SettingError(f"{SETTING}: {name!r} is no class with days; there are {known}")
        if value == "never":
            found[name] = None
        elif value.isdigit() and 1 <= int(value) <= 36_500:
            found[name] = int(value)
        else:
            raise SettingError(f"{SETTING}: {name}: expected days from 1, or never, got {value!r}")
    return found


def check_setting() -> None:
    """Refuse a wrong ``MUTUALIST_RETENTION`` at the start; without it nothing is read."""
    if os.environ.get(SETTING):
        policy()


def class_of(name: str) -> Kept:
    """Return a class by its name."""
    return policy().classes[name]


def is_here(label: str) -> bool:
    """Whether a table belongs to this installation; some apps are optional."""
    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Due:
    """What a run deletes of one table, or would delete."""

    kept: str
    label: str
    rows: int


def overdue(rule: Rule, moment: datetime) -> models.QuerySet[Any]:
    """Return the rows of a table that are older than a moment."""
    rows: models.QuerySet[Any] = apps.get_model(rule.label)._base_manager.filter(  # noqa: SLF001
        **{f"{rule.age}__lt": moment}, **rule.only_if
    )
    for column in rule.null:
        rows = rows.exclude(**{f"{column}__isnull": True})
    return rows
