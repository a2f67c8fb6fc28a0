"""What is wrong with a number, a domain or a rule: by name, with the value, for words in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from mutualist.domain.shared.errors import MutualistError


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong.

    Attributes
    ----------
    code
        Stable name; the words stand with whoever shows it.
    where
        The field or the place in a file.
    value
        What was given.
    wanted
        What would have been right.
    """

    code: str
    where: str
    value: str
    wanted: str = ""


class RegistrationError(MutualistError):
    """Something about a registration cannot be taken as it is."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(
            "; ".join(
                f"{one.where}: {one.value!r} ({one.code}{', wanted ' + one.wanted if one.wanted else ''})"
                for one in faults
            )
        )
        self.faults = faults
