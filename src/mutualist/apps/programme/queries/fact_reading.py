"""Files of facts as rows; what is wrong with a file is told in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.language import reading
from mutualist.domain.programme.scoring.survey import Raw
from mutualist.domain.shared.errors import MutualistError
from mutualist.library.errors import FileError
from mutualist.library.programme_files import CsvRows
from mutualist.library.programme_sheets import is_workbook, rows_of_workbook


class FileRows:
    """The rows of a CSV file or a workbook; those of a CSV file are read anew whenever somebody goes through them.

    Parameters
    ----------
    data
        The content of the file.
    name
        Its name, for messages.
    table
        The sheet of a workbook.

    Raises
    ------
    ActionError
        ``facts_file`` if there is no row, and while rows are gone through, if the file cannot be read.
    """

    def __init__(self, data: bytes, name: str, table: str) -> None:
        with _mistakes_told():
            self._rows: Iterable[Raw] = (
                rows_of_workbook(data, name, table) if is_workbook(data) else CsvRows(data, name)
            )
        if next(iter(self), None) is None:
            raise ActionError("facts_file", _("There is no row in the file {name}."), name=name)

    def __iter__(self) -> Iterator[Raw]:
        """Yield each row with its number."""
        with _mistakes_told():
            yield from self._rows


@contextmanager
def _mistakes_told() -> Iterator[None]:
    try:
        yield
    except (MutualistError, FileError) as error:
        told = getattr(error, "message", None)
        language = reading()
        said = told(language) if callable(told) else str(error)
        raise ActionError("facts_file", "{said}", said=said) from error
