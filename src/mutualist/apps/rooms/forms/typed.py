"""What a person typed into one item, and what was read from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

DONT_KNOW: Final = "dont_know"


class _Absent:
    """The type of :data:`ABSENT`."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = _Absent()
"""Nothing was answered. ``None`` would not do: it can be written in a file."""


class Typed(Mapping[str, Sequence[str]]):
    """The boxes of one item as they were filled, by their name below the item.

    Parameters
    ----------
    boxes
        Every box with all its values. A box that is not there was left empty.
    """

    def __init__(self, boxes: Mapping[str, Sequence[str]] | None = None) -> None:
        self._boxes = {name: tuple(values) for name, values in (boxes or {}).items()}

    @classmethod
    def from_post(cls, post: Mapping[str, Any], prefix: str) -> Typed:
        """Take the boxes below ``prefix`` out of a posted form.

        ``post`` may be Django's ``QueryDict`` or a plain mapping of texts or
        lists of texts.
        """
        start = f"{prefix}."
        return cls(
            {name[len(start) :]: _values(post, name) for name in post if name.startswith(start)}
        )

    def __getitem__(self, name: str) -> Sequence[str]:
        return self._boxes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._boxes)

    def __len__(self) -> int:
        return len(self._boxes)

    def __repr__(self) -> str:
        return f"Typed({self._boxes!r})"

    def one(self, name: str) -> str:
        """Return the text of a box without blanks around it; empty when not there."""
        values = self._boxes.get(name, ())
        return values[-1].strip() if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a box that may have several."""
        return tuple(value for value in self._boxes.get(name, ()) if value)

    def below(self, prefix: str) -> Typed:
        """Return the boxes of a part, named without the part's prefix."""
        return Typed.from_post(self._boxes, prefix)

    def as_post(self, prefix: str) -> dict[str, list[str]]:
        """Return the boxes as a browser would post them."""
        return {f"{prefix}.{name}": list(values) for name, values in self._boxes.items()}


def _values(post: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return all values of a posted name, whatever kind of mapping it stands in."""
    found = post.getlist(name) if hasattr(post, "getlist") else post[name]
    if isinstance(found, str):
        return (found,)
    return tuple(str(value) for value in found)


@dataclass
class Reading:
    """What was understood of an item.

    Attributes
    ----------
    value
        The answer in the format of a room file, ``"dont_know"`` or ``ABSENT``.
        With errors it is only as far as it could be read.
    errors
        Messages by box; the empty name is the item as a whole.
    unfinished
        Boxes whose message only says what is still to come.
    """

    value: Any = ABSENT
    errors: dict[str, list[str]] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)

    @property
    def ok(self) -> bool:
        """Whether everything could be read."""
        return not self.errors

    def complain(self, name: str, message: str) -> None:
        """Add a message to a box."""
        messages = self.errors.setdefault(name, [])
        if message not in messages:
            messages.append(message)

    @property
    def is_unfinished(self) -> bool:
        """Whether nothing is wrong, only something still to come."""
        return not self.ok and set(self.errors) <= self.unfinished

    def miss(self, name: str, message: str) -> None:
        """Add a message that says what is still to come."""
        if name not in self.errors:
            self.unfinished.add(name)
        self.complain(name, message)

    def take(self, part: Reading, prefix: str) -> None:
        """Take over the messages of a part of the item."""
        for name, messages in part.errors.items():
            place = f"{prefix}.{name}" if name else prefix
            tell = self.miss if name in part.unfinished else self.complain
            for message in messages:
                tell(place, message)


def quoted(text: str, longest: int = 40) -> str:
    """Return what was typed as a message quotes it: never a page full of it."""
    return text if len(text) <= longest else f"{text[:longest]}…"
