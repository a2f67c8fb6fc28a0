"""Score all partners of a programme at once: DuckDB in this process, or PostgreSQL over a connection.

The rules become one query (:mod:`mutualist.domain.programme.batch`); here it is run. Facts lie in Arrow tables or
Parquet files with the columns of ``compile_rules(rules).schemas()``; :func:`tables_of` makes them from facts in memory.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mutualist.domain.programme.batch.compiling import Compiled, compile_rules
from mutualist.domain.programme.batch.exact import DUCKDB_PRELUDE
from mutualist.domain.programme.batch.partners import Cutoffs
from mutualist.domain.programme.batch.stages import STAGED
from mutualist.domain.programme.batch.values import NeedsCutoffsError
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.population import last_of_best
from mutualist.library.errors import FileError
from mutualist.library.programme_tables import tables_of
from mutualist.library.words import N_

if TYPE_CHECKING:
    import duckdb
    import psycopg
    import pyarrow as pa

THREADS = 2
MEMORY = "800MB"
_POSTGRES = {"int64": "bigint", "string": "text", "date": "date", "boolean": "boolean"}


@dataclass(frozen=True, slots=True)
class BatchMetric:
    """A metric of one partner: empty where there is no data, or where it does not apply."""

    value: Fraction | None
    points: Fraction | None
    applies: bool


@dataclass(frozen=True, slots=True)
class BatchScore:
    """The figures of one partner, as :class:`~mutualist.domain.programme.scoring.result.Score` has them."""

    partner: str
    level: str | None
    qualified: bool
    total: Fraction
    track: str | None
    region: str | None
    metrics: Mapping[str, BatchMetric]


class BatchScores:
    """The scores of a run.

    Parameters
    ----------
    rules
        The rules they follow.
    columns
        The columns of the result by name, as long as there are partners; read when they are asked for.
    names
        The ids of partners by their number in the tables.
    """

    def __init__(
        self, rules: RuleSet, columns: Mapping[str, Sequence[Any]], names: Mapping[int, str]
    ) -> None:
        self.rules = rules
        self.columns = columns
        self.names = names

    def __len__(self) -> int:
        return len(self.columns["partner"])

    @cached_property
    def levels(self) -> Mapping[str, str | None]:
        """The level of each partner, by id."""
        partners = (self.names[number] for number in self.columns["partner"])
        return dict(zip(partners, self.columns["level"], strict=True))

    def __iter__(self) -> Iterator[BatchScore]:
        """Yield the scores with exact fractions, in the order of the partners' numbers."""
        columns = self.columns
        for row, number in enumerate(columns["partner"]):
            metrics = {
                name: BatchMetric(
                    self._number(f"{name}.value", row),
                    self._number(f"{name}.points", row),
                    columns[f"{name}.applies"][row],
                )
                for name in self.rules.metrics
            }
            total = self._number("total", row)
            assert total is not None
            yield BatchScore(
                self.names[number],
                columns["level"][row],
                columns["qualified"][row],
                total,
                columns["track"][row],
                columns["region"][row],
                metrics,
            )

    def _number(self, name: str, row: int) -> Fraction | None:
        top = self.columns[f"{name}_num"][row]
        return None if top is None else Fraction(int(top), int(self.columns[f"{name}_den"][row]))


class _Lazy(Mapping[str, Sequence[Any]]):
    """Columns of an Arrow table as lists, each made when somebody wants it."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.made: dict[str, Sequence[Any]] = {}

    def __getitem__(self, name: str) -> Sequence[Any]:
        if name not in self.made:
            self.made[name] = self.table.column(name).to_pylist()
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.column_names)

    def __len__(self) -> int:
        return len(self.table.column_names)


def query(rules: RuleSet, as_of: dt.date, dialect: str, cutoffs: Cutoffs | None = None) -> str:
    """Return the text of the query that scores all partners.

    Parameters
    ----------
    rules
        The rules.
    as_of
        The day that is scored.
    dialect
        ``duckdb`` or ``postgres``.
    cutoffs
        Of relative rules; without them they follow from the partners in the tables.
    """
    compiled = compile_rules(rules)
    return _text(compiled.expression(_tables(compiled), as_of, cutoffs), dialect)


def _tables(compiled: Compiled) -> dict[str, Any]:
    import ibis

    return {name: ibis.table(schema, name=name) for name, schema in compiled.schemas().items()}


def _text(expression: Any, dialect: str) -> str:
    if dialect == "postgres":
        return _in_stages(expression)
    import ibis

    return str(ibis.to_sql(expression, dialect=dialect, pretty=False))


def _in_stages(expression: Any) -> str:
    """Return a query in which PostgreSQL computes each stage once.

    It writes out the columns of an inner query wherever the outer one names them, so that formulas of formulas grow
    beyond all bounds. An inner query with ``OFFSET 0`` is left as it is.
    """
    from ibis.backends.sql.compilers import postgres
    from sqlglot import exp

    tree = postgres.compiler.to_sqlglot(expression.unbind())
    for select in tree.find_all(exp.Select):
        if any(one.alias.startswith(STAGED) for one in select.expressions):
            select.set("offset", exp.Offset(expression=exp.Literal.number(0)))
    return str(tree.sql(dialect=postgres.compiler.dialect))


Columns = Mapping[str, Sequence[Any]]


def _scored(
    rules: RuleSet,
    as_of: dt.date,
    dialect: str,
    cutoffs: Cutoffs | None,
    ask: Callable[[str], Columns],
) -> BatchScores:
    """Ask for the scores; first for what relative rules compare, where one query is not enough."""
    try:
        text = query(rules, as_of, dialect, cutoffs)
    except NeedsCutoffsError:
        compiled = compile_rules(rules)
        contested = _text(compiled.contested(_tables(compiled), as_of), dialect)
        text = query(rules, as_of, dialect, _cutoffs(rules, ask(contested)))
    columns = ask(f'{text} ORDER BY "partner"')
    named = ask('SELECT "partner", "id" FROM "partners"')
    return BatchScores(rules, columns, dict(zip(named["partner"], named["id"], strict=True)))


def _cutoffs(rules: RuleSet, columns: Columns) -> Cutoffs:
    found: dict[str, dict[Any, Fraction]] = {}
    for name, rule in rules.relative.items():
        values: dict[Any, list[Fraction]] = {}
        cells = (columns[f"{name}.{one}"] for one in ("within", "num", "den"))
        for within, top, bottom in zip(*cells, strict=True):
            if top is not None:
                values.setdefault(within, []).append(Fraction(int(top), int(bottom)))
        found[name] = {within: last_of_best(own, rule) for within, own in values.items()}
    return found


def score_in_duckdb(
    rules: RuleSet,
    sources: Mapping[str, pa.Table | Path],
    as_of: dt.date,
    *,
    cutoffs: Cutoffs | None = None,
    threads: int = THREADS,
    memory: str = MEMORY,
) -> BatchScores:
    """Score all partners with DuckDB in this process.

    Parameters
    ----------
    rules
        The rules.
    sources
        Arrow tables or Parquet files by name: ``partners`` and the tables of facts.
    as_of
        The day that is scored.
    cutoffs
        Of relative rules; without them they follow from the partners in the tables.
    threads, memory
        How much of the machine DuckDB may use.

    Raises
    ------
    NotInOneQueryError
        If a rule needs more than one exact query.
    FileError
        If a number would have more than 38 digits.
    """
    import duckdb

    with duckdb.connect() as engine:
        engine.execute(f"SET threads = {threads:d}")
        engine.execute("SET memory_limit = ?", [memory])
        engine.execute("SET preserve_insertion_order = false")
        for statement in DUCKDB_PRELUDE:
            engine.execute(statement)
        for name, source in sources.items():
            _show(engine, name, source)

        def ask(text: str) -> Columns:
            table = engine.sql(text).to_arrow_table()
            return _Lazy(table)

        try:
            return _scored(rules, as_of, "duckdb", cutoffs, ask)
        except duckdb.OutOfRangeException:
            raise FileError(
                N_(
                    "A number of these rules has more than 38 digits; score the partners one by one."
                )
            ) from None


def _show(engine: duckdb.DuckDBPyConnection, name: str, source: pa.Table | Path) -> None:
    if isinstance(source, Path):
        engine.read_parquet(str(source)).create_view(name)
    else:
        engine.register(name, source)


def score_in_postgres(
    rules: RuleSet,
    connection: psycopg.Connection[Any],
    as_of: dt.date,
    *,
    cutoffs: Cutoffs | None = None,
) -> BatchScores:
    """Score all partners on a PostgreSQL server that has the tables.

    Parameters
    ----------
    rules
        The rules.
    connection
        Sees ``partners`` and the tables of facts under their names; :func:`load_into_postgres` puts them there.
    as_of
        The day that is scored.
    cutoffs
        Of relative rules; without them they follow from the partners in the tables.
    """

    def ask(text: str) -> Columns:
        with connection.transaction(), connection.cursor() as cursor:
            # Compiling a query of so many small steps takes longer than running it.
            cursor.execute("SET LOCAL jit = off")
            cursor.execute(text)
            heads = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        return {head: [row[place] for row in rows] for place, head in enumerate(heads)}

    return _scored(rules, as_of, "postgres", cutoffs, ask)


def load_into_postgres(
    rules: RuleSet, connection: psycopg.Connection[Any], tables: Mapping[str, pa.Table]
) -> None:
    """Put tables into temporary ones of a connection; such of the same names are replaced.

    Parameters
    ----------
    rules
        Say which columns there are.
    connection
        Sees the tables until it is closed.
    tables
        As :func:`tables_of` makes them.
    """
    from psycopg import sql

    with connection.cursor() as cursor:
        for name, schema in compile_rules(rules).schemas().items():
            table, columns = sql.Identifier(name), tables[name].select(list(schema)).to_pydict()
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(table))
            fields = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_POSTGRES[kind]))
                for column, kind in schema.items()
            )
            cursor.execute(sql.SQL("CREATE TEMP TABLE {} ({})").format(table, fields))
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                for row in zip(*columns.values(), strict=True):
                    copy.write_row(row)


__all__ = [
    "BatchMetric",
    "BatchScore",
    "BatchScores",
    "load_into_postgres",
    "query",
    "score_in_duckdb",
    "score_in_postgres",
    "tables_of",
]
