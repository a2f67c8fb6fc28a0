"""The names that conditions may use, and what to say when a name is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mutualist.domain.assess.fragments import Fragment
from mutualist.domain.assess.model import Field, Item, Option
from mutualist.domain.shared.language.expressions import ExpressionError, Node


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that conditions may use."""

    by_name: Mapping[str, Item]
    lists: Mapping[str, tuple[Option, ...]]
    frame: Mapping[str, Field]
    pledges: tuple[str, ...]
    formulas: Mapping[str, tuple[tuple[str, ...], Node]]

    def flagged(self, list_name: str, flag: str) -> tuple[str, ...]:
        """Return the keys of a list that carry a flag."""
        return tuple(option.key for option in self.lists.get(list_name, ()) if flag in option.flags)

    def keys(self, list_name: str) -> tuple[str, ...]:
        """Return all keys of a list."""
        return tuple(option.key for option in self.lists.get(list_name, ()))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may see.

    ``bound`` are the names that stand for something here: X and Y, the steps of ``let``, the columns of a row.
    """

    kind: str
    bound: Mapping[str, Fragment]
    owner: Item | None = None

    def with_names(self, **names: Fragment) -> Scope:
        """Return the scope with more names bound."""
        return replace(self, bound={**self.bound, **names})


def unknown_name(name: str, known: Iterable[str], at: int) -> ExpressionError:
    """Say that a name is not known, and which one may be meant."""
    near = difflib.get_close_matches(name, list(known), n=1)
    hint_de = f" Gemeint ist vielleicht „{near[0]}“." if near else ""
    hint_en = f" Did you mean {near[0]!r}?" if near else ""
    return ExpressionError(
        f"Den Namen „{name}“ gibt es hier nicht.{hint_de}",
        f"The name {name!r} is not known here.{hint_en}",
        at,
    )


def wrong_type(found: Fragment, wanted_de: str, wanted_en: str, at: int) -> ExpressionError:
    """Say that something of another type is needed."""
    noun_de, noun_en = found.noun
    return ExpressionError(
        f"Hier passt nur {wanted_de}, da steht {noun_de}.",
        f"Only {wanted_en} fits here, this is {noun_en}.",
        at,
    )
