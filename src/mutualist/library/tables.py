"""Tidy results: a list of rows that is also a table for whoever wants one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final, Literal, overload

KINDS: Final = ("pandas", "polars", "pyarrow")
FrameKind = Literal["pandas", "polars", "pyarrow"]


class Table(Sequence[Mapping[str, Any]]):
    """Rows as plain dictionaries, with the names and order of their columns.

    It needs no data frame library. ``frame("polars")`` and its like make one; anything that takes
    a list of records takes it as it is, and Arrow consumers through ``__arrow_c_stream__``.

    Parameters
    ----------
    columns : sequence of str
        Names of the columns, also for a table without rows.
    rows : iterable of dict
        One mapping per row.

    Examples
    --------
    >>> table = Table(["rule", "points"], [{"rule": "S1", "points": 30}])
    >>> table.column("points")
    [30]
    """

    def __init__(self, columns: Sequence[str], rows: Iterable[Mapping[str, Any]] = ()) -> None:
        self.columns = list(columns)
        self._rows = [dict(row) for row in rows]

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> Table: ...

    def __getitem__(self, index: int | slice) -> dict[str, Any] | Table:
        if isinstance(index, slice):
            return Table(self.columns, self._rows[index])
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Table):
            return self.columns == other.columns and self._rows == other._rows
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Table of {len(self)} rows: {', '.join(self.columns)}>"

    def to_list(self) -> list[dict[str, Any]]:
        """Return the rows as plain dictionaries."""
        return [dict(row) for row in self._rows]

    def column(self, name: str) -> list[Any]:
        """Return the values of a column."""
        return [row[name] for row in self]

    def frame(self, kind: FrameKind) -> Any:
        """Return a data frame.

        Parameters
        ----------
        kind : {"pandas", "polars", "pyarrow"}
            The library it is made with; must be installed.

        Raises
        ------
        ValueError
            For another kind.
        ImportError
            When the library is not installed.
        """
        if kind not in KINDS:
            raise ValueError(f"kind {kind!r}: choose one of {', '.join(KINDS)}")
        import narwhals as nw

        columns = {name: self.column(name) for name in self.columns}
        schema = {name: _type(nw, values) for name, values in columns.items()}
        return nw.from_dict(columns, schema, backend=kind).to_native()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Hand the table to any Arrow consumer; needs pyarrow."""
        return self.frame("pyarrow").__arrow_c_stream__(requested_schema)

    def to_markdown(self) -> str:
        """Return a Markdown table."""
        lines = [
            self.columns,
            ["---"] * len(self.columns),
            *([_cell(r[c]) for c in self.columns] for r in self),
        ]
        return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)

    def _repr_html_(self) -> str:
        """Return an HTML table for notebooks."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_said(row[c]))}</td>" for c in self.columns) + "</tr>"
            for row in self
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _said(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _cell(value: Any) -> str:
    return _said(value).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def _type(nw: Any, values: list[Any]) -> Any:
    """Return the column type, also for a column without a value."""
    known = [value for value in values if value is not None]
    if known and len(known) == len(values) and all(isinstance(value, bool) for value in known):
        return nw.Boolean
    # pandas has no whole number for "nothing", so a gap makes a column of floats in all three.
    if known and len(known) == len(values) and all(isinstance(value, int) for value in known):
        return nw.Int64
    if known and all(isinstance(value, int | float) for value in known):
        return nw.Float64
    return nw.String
