"""Take values out of a mapping and note what is wrong with them, with their place: what every reader of a file shares."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

P = TypeVar("P")
#: A longer key is no key: only its beginning is quoted.
MAX_KEY = 60


class FieldReader(Generic[P]):
    """One mapping of a file; getters of subclasses return a value that can be used and note what could not.

    Parameters
    ----------
    value
        What stands in the file.
    place
        Where, as ``terms.royalty``.
    found
        The list that problems are added to.
    known
        Keys that there are.
    problem
        Makes a problem.
    """

    def __init__(
        self,
        value: Any,
        place: str,
        found: list[P],
        known: Sequence[str],
        problem: Callable[[str, str, Mapping[str, Any]], P],
    ) -> None:
        self.place = place
        self.found = found
        self._problem = problem
        if not isinstance(value, Mapping):
            self.note("", "not_mapping", value=value, known=tuple(known))
            value = {}
        self.values: dict[str, Any] = {}
        for key, one in value.items():
            if key in known:
                self.values[key] = one
            else:
                self._unknown(str(key)[:MAX_KEY], known)

    def _unknown(self, key: str, known: Sequence[str]) -> None:
        near = difflib.get_close_matches(key, known, n=1)
        code = "unknown_key_near" if near else "unknown_key"
        self.note(key, code, key=key, known=tuple(known), near=near[0] if near else "")

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def at(self, key: str) -> str:
        """Return the place of a key."""
        return ".".join(part for part in (self.place, key) if part)

    def note(self, key: str, code: str, /, **values: Any) -> None:
        """Note a problem."""
        self.found.append(self._problem(self.at(key), code, values))

    def raw(self, key: str, *, required: bool = False) -> Any:
        """Return what stands there; a required key that is missing is noted."""
        value = self.values.get(key)
        if value is None and required:
            self.note(key, "missing")
        return value

    def numbered(self, key: str, entries: Sequence[Any]) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a list with their places, counted from 1."""
        for position, entry in enumerate(entries, 1):
            yield f"{self.at(key)}[{position}]", entry
