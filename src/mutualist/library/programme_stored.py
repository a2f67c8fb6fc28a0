"""Facts as a database of ours keeps them, one JSON document each, as tables for a run over all partners.

Reading a million documents in Python takes longer than everything that follows; DuckDB takes them apart instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mutualist.domain.programme.rules.model import FactTable, Field, RuleSet
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.library.errors import FileError
from mutualist.library.programme_tables import tables_of
from mutualist.library.words import N_

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: Number of the partner, table, id, and the document as text.
Stored = tuple[int, str, str, str]
CHUNK = 50_000
# More than any field has, so that what has more decimals than its field is seen.
_WIDE = "DECIMAL(38, 12)"
_HEADS = ("partner", "table", "id", "document")


def tables_of_stored(
    rules: RuleSet, partners: Sequence[Facts], stored: Iterable[Stored]
) -> dict[str, pa.Table]:
    """Return stored facts as Arrow tables.

    Parameters
    ----------
    rules
        Say which tables and fields there are.
    partners
        The partners, with facts that are not stored; their place is their number.
    stored
        The facts, of the tables that the rules name.

    Raises
    ------
    FileError
        If a number has more decimals than its field.
    """
    import duckdb
    import pyarrow as pa

    found = tables_of(rules, partners)
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = false")
        engine.register("stored", _documents(stored))
        for name, table in rules.tables.items():
            typed = _typed(engine, table).cast(found[name].schema)
            found[name] = pa.concat_tables([found[name], typed])
    return found


def _documents(stored: Iterable[Stored]) -> pa.Table:
    import pyarrow as pa

    schema = pa.schema(
        [
            ("partner", pa.int64()),
            ("table", pa.string()),
            ("id", pa.string()),
            ("document", pa.string()),
        ]
    )
    batches: list[pa.RecordBatch] = []
    rows: list[Stored] = []
    for row in stored:
        rows.append(row)
        if len(rows) == CHUNK:
            batches.append(_batch(rows, schema))
            rows = []
    batches.append(_batch(rows, schema))
    return pa.Table.from_batches(batches, schema=schema)


def _batch(rows: Sequence[Stored], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) or [()] * len(_HEADS)
    arrays = [pa.array(column, one.type) for column, one in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _typed(engine: duckdb.DuckDBPyConnection, table: FactTable) -> pa.Table:
    """Return the facts of one table, a column for each field."""
    _refuse_more_decimals(engine, table)
    columns = ["partner", "id"]
    for field in table.fields.values():
        columns.append(f"{_column(field)} AS {_quoted(field.name)}")
        if field.kind == "money":
            name = f"{field.name}_currency"
            columns.append(f"{_cell(name)} AS {_quoted(name)}")
    text = f'SELECT {", ".join(columns)} FROM stored WHERE "table" = ?'  # noqa: S608 - names are quoted
    return engine.sql(text, params=[table.name]).to_arrow_table()


def _column(field: Field) -> str:
    cell = _cell(field.name)
    if field.value_kind == "number":
        return f"CAST(TRY_CAST({cell} AS {_WIDE}) * {10**field.decimals} AS BIGINT)"
    kind = {"date": "DATE", "flag": "BOOLEAN"}.get(field.kind)
    return f"TRY_CAST({cell} AS {kind})" if kind else cell


def _refuse_more_decimals(engine: duckdb.DuckDBPyConnection, table: FactTable) -> None:
    for field in table.fields.values():
        if field.value_kind != "number":
            continue
        cell, scale = _cell(field.name), 10**field.decimals
        wide = f"TRY_CAST({cell} AS {_WIDE})"
        wrong = f"{wide} * {scale} <> TRUNC({wide} * {scale})"
        text = f'SELECT {cell} FROM stored WHERE "table" = ? AND {wrong} LIMIT 1'  # noqa: S608 - names are quoted
        found = engine.execute(text, [table.name]).fetchone()
        if found is not None:
            raise FileError(
                N_(
                    "The field {field} holds {value}; it takes {decimals} decimals and at most {digits} digits."
                ),
                field=field.name,
                value=found[0],
                decimals=field.decimals,
                digits=18,
            )


def _cell(name: str) -> str:
    """Return the expression of one entry of a document, as text."""
    path = "$." + json.dumps(name)
    return f"json_extract_string(document, '{path}')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
