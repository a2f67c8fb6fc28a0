"""What a template needs to draw one box of a form, in plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace

_LONG_WORD = 14


@dataclass(frozen=True)
class Option:
    """One thing to choose.

    Attributes
    ----------
    value, label
        What is posted and what is read.
    short
        The sign in front of the label, "E2" or "3"; may be empty.
    checked
        Whether it is chosen now.
    id
        Identity of its input, needed by radio buttons and ticks.
    """

    value: str
    label: str
    short: str = ""
    checked: bool = False
    id: str = ""


@dataclass(frozen=True)
class Control:
    """One box, or one group of radio buttons or ticks.

    Attributes
    ----------
    kind
        ``text``, ``long``, ``number``, ``month``, ``stepper``, ``select``,
        ``radio``, ``scale`` or ``ticks``; names the template.
    name, id
        Name as posted and identity in the page.
    label
        What it is about; empty when the item's own text says so.
    values
        What stands in it now, as typed.
    unit, hint, example
        Word behind the box, sentence below it, example inside it.
    low, high
        Bounds of a stepper.
    errors
        Messages that belong to it.
    """

    kind: str
    name: str
    id: str
    label: str = ""
    values: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    unit: str = ""
    hint: str = ""
    example: str = ""
    low: int | None = None
    high: int | None = None
    stride: int = 1
    longest: int | None = None
    errors: tuple[str, ...] = ()
    described_by: str = ""
    money: bool = False

    @property
    def value(self) -> str:
        """The text of a box that has one."""
        return self.values[-1] if self.values else ""

    @property
    def template(self) -> str:
        """Name of the template that draws it."""
        return f"rooms/answering/controls/{self.kind}.html"

    @property
    def grouped(self) -> bool:
        """Whether it consists of several inputs and needs a legend."""
        return self.kind in {"radio", "scale", "ticks"}

    @property
    def is_roomy(self) -> bool:
        """Whether an answer has a word too long for half the width of a phone."""
        words = (word for option in self.options for word in option.label.split())
        return any(len(word) > _LONG_WORD for word in words)

    @property
    def error_id(self) -> str:
        """Identity of the place for its messages."""
        return f"{self.id}-error"

    @property
    def descriptions(self) -> str:
        """Identities that describe it, for ``aria-describedby``."""
        parts = [self.described_by, f"{self.id}-hint" if self.hint else "", self.error_id]
        return " ".join(part for part in parts if part)

    def placed(self, prefix: str, errors: dict[str, list[str]], described_by: str = "") -> Control:
        """Return the control under its full name, with its messages."""
        name = f"{prefix}.{self.name}"
        identity = identity_of(name)
        options = tuple(
            replace(option, id=f"{identity}-{number}") for number, option in enumerate(self.options)
        )
        return replace(
            self,
            name=name,
            id=identity,
            options=options,
            errors=tuple(errors.get(self.name, ())),
            described_by=described_by,
        )


def identity_of(name: str) -> str:
    """Turn a posted name into an identity that CSS and links can use.

    Examples
    --------
    >>> identity_of("2.3.to-B.what")
    'q2-3-to-B-what'
    """
    return "q" + name.replace(".", "-")
