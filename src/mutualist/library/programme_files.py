"""Files of partner programmes: rule sets as YAML or JSON, facts as one JSON file or a folder of CSV files."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from mutualist.domain.programme.presets import preset_rules, presets
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.check import (
    PARTNERS,
    Checked,
    FactProblem,
    check_facts,
)
from mutualist.domain.programme.scoring.survey import Raw
from mutualist.domain.shared.errors import MutualistError
from mutualist.domain.shared.nesting import is_too_deep
from mutualist.library.csvfile import open_table, read_table
from mutualist.library.errors import FileError
from mutualist.library.files import MAX_TABLE, name_of, read_text
from mutualist.library.words import N_
from mutualist.library.workbook.cells import unguard
from mutualist.library.yamlfile import load

PRESET: Final = "preset:"
#: How people call the two columns that every table has.
HEADS: Final = {"partner": "partner", "partner_id": "partner", "id": "id", "kennung": "id"}


class FactsError(MutualistError):
    """Facts that cannot be scored, with everything that is wrong with them.

    Parameters
    ----------
    problems
        Only those that keep the facts from being scored.
    """

    def __init__(self, problems: Iterable[FactProblem], file: str = "") -> None:
        self.problems = tuple(problems)
        self.file = file
        super().__init__(self.message())

    def message(self, lang: str = "en") -> str:
        """Return all problems in a language, one a line."""
        start = f"{self.file}: " if self.file else ""
        return "\n".join(start + problem.message(lang) for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows as they stand in files."""

    partners: tuple[Raw, ...]
    tables: Mapping[str, tuple[Raw, ...]]


def read_rule_file(source: str | Path) -> RuleSet:
    """Read a rule set.

    Parameters
    ----------
    source
        A path, ``-`` for standard input, or ``preset:odoo`` for a rule set that comes with Mutualist
        (``preset:odoo-2018-01`` for one of its versions).

    Raises
    ------
    RuleSetError
        If the rules are wrong, with every mistake.
    FileError
        If it cannot be read at all.
    """
    if isinstance(source, str) and source.startswith(PRESET):
        return _preset(source.removeprefix(PRESET))
    return rules_of(read_mapping(source), name_of(str(source)))


def rules_of(content: Any, file: str) -> RuleSet:
    """Return the rule set that a file holds; errors as :func:`read_rule_file`."""
    if not isinstance(content, Mapping):
        why = N_("This is no rule file; it begins with the line: schema: programme/1.")
        raise FileError(why, file=file)
    return read_rules(content)


def _preset(name: str) -> RuleSet:
    dated = [one for one in presets() if one.name == name]
    return preset_rules(dated[0].id, dated[0].version) if dated else preset_rules(name)


def read_mapping(source: str | Path) -> Any:
    """Return what stands in a rule file, as YAML or JSON; dates stay text."""
    content, file = read_text(str(source)), name_of(str(source))
    return load(content, file=file)


def read_facts(source: str | Path, rules: RuleSet, as_of: dt.date) -> Checked:
    """Read facts and check them against the rules.

    Parameters
    ----------
    source
        A folder with ``partners.csv`` and one CSV file a table, or a JSON file.
    as_of
        The day that is scored.

    Raises
    ------
    FactsError
        With everything that keeps them from being scored.
    FileError
        If a file cannot be read at all.
    """
    found = _found(str(source))
    if not found.partners:
        raise FileError(N_("There is no partner in it."), file=name_of(str(source)))
    checked = check_facts(found.partners, found.tables, rules, as_of)
    if checked.errors:
        raise FactsError(checked.errors, name_of(str(source)))
    return checked


def _found(source: str) -> Found:
    path = Path(source)
    if source != "-" and not path.exists():
        raise FileError(N_("There is no such file or folder."), file=source)
    if path.is_dir():
        return read_folder(path)
    if path.suffix.lower() in {".csv", ".xlsx"}:
        why = N_("Facts are a JSON file, or a folder with partners.csv and one CSV file a table.")
        raise FileError(why, file=source)
    return read_json(source)


def read_folder(home: Path) -> Found:
    """Return the rows of a folder of CSV files, each table by the name of its file."""
    paths = sorted(path for path in home.iterdir() if path.suffix.lower() == ".csv")
    tables = {path.stem: tuple(read_csv(path)) for path in paths}
    if PARTNERS not in tables:
        raise FileError(N_("The folder has no partners.csv with a column id."), file=str(home))
    partners = tables.pop(PARTNERS)
    return Found(partners, tables)


def read_csv(path: Path) -> list[Raw]:
    """Return the rows of a CSV file with their numbers; the heading is row 1.

    UTF-8 or Windows-1252, with ``,``, ``;`` or tabs.
    """
    return rows_of(_bytes(path), str(path))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_TABLE:
            raise FileError(
                N_("The file is larger than {size} MB. Send it in parts."),
                file=str(path),
                size=MAX_TABLE // 1_000_000,
            )
        return path.read_bytes()
    except OSError as error:
        why = N_("The file can't be read: {reason}.")
        raise FileError(why, file=str(path), reason=error.strerror or error) from error


def rows_of(data: bytes, file: str) -> list[Raw]:
    """Return the rows of the content of a CSV file with their numbers."""
    return list(CsvRows(data, file))


class CsvRows:
    """The same rows, read anew each time somebody goes through them: only one of a million is in memory.

    Parameters
    ----------
    data
        The content of a CSV file.
    file
        Its name, for messages.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file

    def __iter__(self) -> Iterator[Raw]:
        """Yield each row; raises a FileError where the file cannot be read."""
        heads, rows = read_table(open_table(self._data, self._file), self._file, head_of)
        for at, row in rows:
            yield at, _row(heads, row)


def head_of(cell: str) -> str:
    """Return the name of a column as it is written in a file: without spaces, and the usual words for our own."""
    name = "_".join(cell.strip().split())
    return HEADS.get(name.lower(), name)


def _row(heads: list[str], row: list[str]) -> dict[str, object]:
    return {head: unguard(cell) for head, cell in zip(heads, row, strict=False) if head}


def read_json(source: str) -> Found:
    """Return the rows of a JSON file.

    Either ``{"partners": [{"id": …, "facts": {"sales": [{…}]}}]}`` or, as in a folder,
    ``{"partners": [{"id": …}], "facts": {"sales": [{"partner": …, …}]}}``.
    """
    file = name_of(source)
    try:
        document = json.loads(read_text(source, MAX_TABLE), parse_float=Decimal)
    except FileError:
        raise
    except ValueError as error:
        raise FileError(N_("This is not valid JSON: {reason}."), file=file, reason=error) from error
    except RecursionError as error:
        raise FileError(N_("The file is nested too deeply."), file=file) from error
    if is_too_deep(document):
        raise FileError(N_("The file is nested too deeply."), file=file)
    return found_in(document, file)


def found_in(document: Any, file: str) -> Found:
    """Return the rows of a document in the form of :func:`read_json`."""
    entries = document.get("partners") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise FileError(
            N_('The file needs a list of partners: {"partners": [{"id": ...}]}.'), file=file
        )
    tables: dict[str, list[Raw]] = {}
    partners: list[Raw] = []
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, Mapping):
            raise FileError(_NOT_ROWS, file=file, place=f"partners[{number}]")
        own = {str(key): value for key, value in entry.items() if key != "facts"}
        partners.append((number, own))
        _gather(tables, entry.get("facts") or {}, f"partners[{number}].facts", file, own.get("id"))
    _gather(tables, document.get("facts") or {}, "facts", file, None)
    return Found(tuple(partners), {name: tuple(rows) for name, rows in tables.items()})


_NOT_ROWS = N_('{place}: a list of rows belongs here, each as {{"column": value}}.')


def _gather(tables: dict[str, list[Raw]], facts: Any, place: str, file: str, owner: Any) -> None:
    if not isinstance(facts, Mapping):
        raise FileError(_NOT_ROWS, file=file, place=place)
    for name, rows in facts.items():
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise FileError(_NOT_ROWS, file=file, place=f"{place}.{name}")
        table = tables.setdefault(str(name), [])
        for row in rows:
            values = {str(key): value for key, value in row.items()}
            if owner is not None:
                values.setdefault("partner", owner)
            table.append((len(table) + 1, values))
