"""How deep a value from outside may be nested, so that walking it never ends the program."""

from __future__ import annotations

from typing import Any

#: A room file is nested six deep.
MAX_DEPTH = 50


def is_too_deep(value: Any) -> bool:
    """Whether lists and mappings lie in each other deeper than :data:`MAX_DEPTH`.

    Examples
    --------
    >>> is_too_deep({"a": [1, {"b": 2}]}), is_too_deep([[0]] * 9)
    (False, False)
    """
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            part
            for one in level
            if isinstance(one, list | dict)
            for part in (one.values() if isinstance(one, dict) else one)
            if isinstance(part, list | dict)
        ]
        if not level:
            return False
    return True
