"""What can be wrong with a file before any answer in it is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from mutualist.library.words import N_, text


class FileError(ValueError):
    """A file can't be used; says which, why and what to do.

    Parameters
    ----------
    reason : str
        The sentence in English, with ``{names}`` for the values.
    file : str
        The file as the user called it.
    **values
        Values for the sentence.
    """

    def __init__(self, reason: str, /, *, file: str = "", **values: object) -> None:
        self.reason = reason
        self.file = file
        self.values = values
        super().__init__(self.message("en"))

    def message(self, lang: str = "en") -> str:
        """Return file and reason as one line in ``de`` or ``en``."""
        said = text(self.reason, lang, **self.values)
        return f"{self.file}: {said}" if self.file else said


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why nothing in a file could be looked at, as one of the mistakes of several files."""

    error: FileError
    place: str = ""
    code: str = "unreadable"

    def message(self, language: str) -> str:
        """Return the reason in ``de`` or ``en``, without the file."""
        return text(self.error.reason, language, **self.error.values)


@dataclass(frozen=True)
class CellProblem:
    """One broken cell of a workbook: where it is, and what would be right.

    Attributes
    ----------
    sheet, cell : str
        The place as the user sees it, ``cell`` like ``"C7"``; without ``cell`` the sheet is meant.
    de, en : str
        What is wrong, in both languages.
    """

    sheet: str
    cell: str
    de: str
    en: str

    @classmethod
    def say(cls, sheet: str, cell: str, reason: str, /, **values: object) -> CellProblem:
        """Make a problem of an English sentence and its values."""
        return cls(sheet, cell, text(reason, "de", **values), text(reason, "en", **values))

    def message(self, lang: str = "en") -> str:
        """Return the sentence without the place in ``de`` or ``en``."""
        return self.de if lang == "de" else self.en

    def line(self, lang: str = "en") -> str:
        """Return place and sentence as one line."""
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return f"{place}: {self.message(lang)}"


class WorkbookError(FileError):
    """A workbook was read but some of its cells are broken.

    Attributes
    ----------
    problems : tuple of CellProblem
        All of them, not only the first.
    """

    def __init__(self, problems: tuple[CellProblem, ...], *, file: str = "") -> None:
        self.problems = problems
        super().__init__(N_("{count} cells need a correction."), file=file, count=len(problems))
