"""Which tables hold data about a person: read from the ``personal.yaml`` of each app.

Every column of every table is classified there: shown to the person, hidden from the copy because it
is a secret of theirs (such as a digest of a password), or plain (no data about a person). A test
walks all tables, so a new column without a class fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.db import models

SCHEMA = "mutualist/personal/1"
FILE = "personal.yaml"
LISTS = ("shown", "hidden", "plain", "null")
ERASE = ("delete", "null", "custom", "stays", "nobody")


class HoldingError(ValueError):
    """A ``personal.yaml`` says something that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A table and what it holds about people.

    Attributes
    ----------
    label
        ``app.model`` in lower case.
    by
        How a person's rows are found: kind of key (see :mod:`finding`) and its columns.
    shown, hidden, plain
        Columns by class.
    erase
        ``delete`` the rows, set columns to ``null``, ``custom`` code, or it ``stays`` (`words` of
        `reason` say why); ``nobody`` means that the table holds no data about a person.
    keep
        Name of its class in ``retention.yaml``.
    """

    label: str
    words: Mapping[str, str]
    keep: str
    erase: str = "nobody"
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    null: tuple[str, ...] = ()
    reason: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_personal(self) -> bool:
        """Whether the table holds data about a person."""
        return self.erase != "nobody"

    @property
    def columns(self) -> frozenset[str]:
        """Every column that has a class."""
        return frozenset({*self.shown, *self.hidden, *self.plain})

    @property
    def model(self) -> type[models.Model]:
        """The table's class."""
        return apps.get_model(self.label)


def _files() -> Iterator[Path]:
    here = Path(__file__).resolve().parents[1]
    yield from sorted(here.glob(f"*/{FILE}"))


def _read(file: Path) -> Iterator[Holding]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    if content.get("schema") != SCHEMA:
        raise HoldingError(f"{file.parent.name}/{FILE}: expected schema {SCHEMA}")
    for label, said in content["tables"].items():
        yield _holding(f"{file.parent.name}/{FILE}", label, dict(said))


def _holding(place: str, label: str, said: dict[str, Any]) -> Holding:
    unknown = set(said) - set(Holding.__dataclass_fields__)
    if unknown:
        raise HoldingError(f"{place}: {label} has unknown fields {sorted(unknown)}")
    lists: dict[str, Any] = {k: tuple(said.pop(k, ())) for k in LISTS}
    keys = said.pop("by", {})
    by = {kind: (at,) if isinstance(at, str) else tuple(at) for kind, at in keys.items()}
    found = Holding(label=label, by=by, **said, **lists)
    if found.erase not in ERASE:
        raise HoldingError(f"{place}: {label}: erase is one of {', '.join(ERASE)}")
    if found.is_personal != bool(found.by) or (found.erase == "null") != bool(found.null):
        raise HoldingError(f"{place}: {label}: how are its rows found, and what becomes of them?")
    if found.erase == "stays" and not found.reason:
        raise HoldingError(f"{place}: {label} stays without a reason")
    return found


@cache
def declared() -> Mapping[str, Holding]:
    """Return every declared table by its label, whether or not its app is installed."""
    found: dict[str, Holding] = {}
    for file in _files():
        for holding in _read(file):
            if holding.label in found:
                raise HoldingError(f"{holding.label} is declared twice")
            found[holding.label] = holding
    return found


def holdings() -> tuple[Holding, ...]:
    """Return the tables that hold data about people in this installation."""
    known = {model._meta.label_lower for model in apps.get_models()}  # noqa: SLF001
    return tuple(h for h in declared().values() if h.is_personal and h.label in known)


def unclassified() -> list[str]:
    """Return tables and columns that nobody has classified, and classes of columns that are gone."""
    missing = []
    for model in apps.get_models():
        label = model._meta.label_lower  # noqa: SLF001
        columns = {one.name for one in model._meta.local_fields}  # noqa: SLF001
        holding = declared().get(label)
        if holding is None:
            missing.append(label)
            continue
        missing += [f"{label}.{name}" for name in sorted(columns ^ holding.columns)]
    return missing
