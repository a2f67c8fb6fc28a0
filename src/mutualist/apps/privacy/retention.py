"""Nothing is kept for longer than its class says: read from ``data/retention.yaml``, done daily."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.db import models, transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.models import AuditHead
from mutualist.apps.privacy.finding import batches

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
        classes[name] = Kept(name, old.words, days, old.rules if days else (), old.rule if days else "")
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
    rows = apps.get_model(rule.label)._base_manager.filter(  # noqa: SLF001
        **{f"{rule.age}__lt": moment}, **rule.only_if
    )
    for column in rule.null:
        rows = rows.exclude(**{f"{column}__isnull": True})
    return rows


def apply_retention(moment: datetime | None = None, *, dry_run: bool = False) -> list[Due]:
    """Delete what was kept long enough; with `dry_run` only say what that would be."""
    from mutualist.apps.privacy.retained_rooms import apply_to_rooms

    at = moment or now()
    done = [
        Due(kept.name, rule.label, _apply(rule, at - timedelta(days=kept.days), dry_run=dry_run))
        for kept in policy().classes.values()
        if kept.days is not None
        for rule in kept.rules
        if is_here(rule.label)
    ]
    done += apply_to_rooms(at, dry_run=dry_run)
    done = [one for one in done if one.rows]
    if done and not dry_run:
        _note(done)
    return done


def _apply(rule: Rule, before: datetime, *, dry_run: bool) -> int:
    rows = overdue(rule, before)
    if dry_run:
        return rows.count()
    if rule.null:
        return rows.update(**dict.fromkeys(rule.null))
    gone = 0
    for chunk in batches(rows.values_list("pk", flat=True)):
        # In pieces, so that nobody waits for a lock; what was counted belongs to the table itself.
        with transaction.atomic():
            model = apps.get_model(rule.label)
            model._base_manager.filter(pk__in=chunk).delete()  # noqa: SLF001
            gone += len(chunk)
    return gone


@transaction.atomic
def _note(done: list[Due]) -> None:
    head, _made = AuditHead.objects.get_or_create(chain=CHAIN)
    tables: dict[str, int] = {}
    for one in done:
        tables[one.label] = tables.get(one.label, 0) + one.rows
    record(
        "privacy.retention.applied",
        actor=Actor.system(),
        obj=head,
        chain=CHAIN,
        data={"rows": sum(tables.values()), "tables": tables},
    )


def run_due() -> int:
    """Do what is due; called by the clock."""
    from mutualist.apps.privacy.erasures import erased_since, write_down
    from mutualist.apps.privacy.organisations import end_due
    from mutualist.apps.privacy.wiping import wipe

    ended = end_due()
    done = apply_retention()
    write_down()
    if erased_since(now() - timedelta(days=1, hours=1)):
        wipe()
    return ended + sum(one.rows for one in done)
