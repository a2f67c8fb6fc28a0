"""What differs between two versions of a rule file, entry by entry, and the line where a problem stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")
_KEYS = ("id", "item", "name")
#: What differs in every version and says nothing about its rules.
_LEFT_OUT = ("version", "effective")


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One place at which two versions differ.

    Attributes
    ----------
    place
        Where it is in the file, as problems name it.
    words
        What partners read there, in the language asked for; empty where the file has no words.
    before, after
        None where there was or is nothing.
    """

    place: str
    words: str
    before: str | None
    after: str | None


def rule_changes(before: str, after: str, language: str) -> list[RuleChange]:
    """Return what differs, in the order of the newer file; what was taken out comes last in its part.

    Examples
    --------
    >>> rule_changes("numbers: {people: 2}", "numbers: {people: 3}", "en")
    [RuleChange(place='numbers.people', words='', before='2', after='3')]
    """
    old, new = (yaml.safe_load(text) or {} for text in (before, after))
    kept = [{key: one[key] for key in one if key not in _LEFT_OUT} for one in (old, new)]
    return list(_compare("", "", kept[0], kept[1], language))


def _compare(place: str, words: str, old: Any, new: Any, language: str) -> Iterator[RuleChange]:
    if old == new:
        return
    olds, news = _entries(old), _entries(new)
    if olds is None or news is None:
        yield RuleChange(place, words, _said(old), _said(new))
        return
    for key in dict.fromkeys((*news, *olds)):
        was, now = olds.get(key), news.get(key)
        named = _words(now, language) or _words(was, language) or words
        yield from _compare(f"{place}.{key}" if place else key, named, was, now, language)
    both = [[key for key in one if key in olds and key in news] for one in (olds, news)]
    if both[0] != both[1] and isinstance(new, list):
        yield RuleChange(place, words, ", ".join(both[0]), ", ".join(both[1]))


def _entries(value: Any) -> Mapping[str, Any] | None:
    """Return a mapping, or a list of things with ids, by key; None for what is compared as a whole."""
    if isinstance(value, Mapping):
        return {str(key): one for key, one in value.items()}
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        for key in _KEYS:
            names = [str(one.get(key, "")) for one in value]
            if all(names) and len(set(names)) == len(names):
                return dict(zip(names, value, strict=True))
    return None


def _words(value: Any, language: str) -> str:
    words = value.get("words") if isinstance(value, Mapping) else None
    return str(words.get(language, "")) if isinstance(words, Mapping) else ""


def _said(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value
    text = yaml.safe_dump(
        value, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10_000
    )
    return text.removesuffix("\n").removesuffix("\n...")


def line_of(content: str, place: str) -> int | None:
    r"""Return the line of a rule file on which a place stands, or what is nearest around it; None if nothing is.

    Examples
    --------
    >>> line_of("numbers:\n  people: 2\n", "numbers.people")
    2
    """
    try:
        node: Any = yaml.compose(content, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    line = None
    for step in _STEP.findall(place):
        found = _into(node, step)
        if found is None:
            break
        node, line = found
    return line


def _into(node: Any, step: str) -> tuple[Any, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            named = isinstance(value, yaml.MappingNode) and any(
                key.value in _KEYS and getattr(one, "value", None) == step
                for key, one in value.value
            )
            if named or step in (f"[{number}]", str(number)):
                return value, value.start_mark.line + 1
    return None
