"""Facts in memory as Arrow tables, with the columns that a run over all partners reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mutualist.domain.programme.batch.compiling import PARTNERS, compile_rules
from mutualist.domain.programme.rules.model import Field, RuleSet
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.library.errors import FileError
from mutualist.library.words import N_

if TYPE_CHECKING:
    import pyarrow as pa

_ARROW = {"int64": "int64", "string": "string", "date": "date32", "boolean": "bool_"}


def tables_of(rules: RuleSet, population: Iterable[Facts]) -> dict[str, pa.Table]:
    """Return facts as Arrow tables.

    Parameters
    ----------
    rules
        Say which tables and fields there are.
    population
        The partners, each once.

    Raises
    ------
    FileError
        If a number has more decimals than its field, or is out of range.
    """
    import pyarrow as pa

    schemas = compile_rules(rules).schemas()
    columns: dict[str, dict[str, list[Any]]] = {
        name: {column: [] for column in schema} for name, schema in schemas.items()
    }
    for number, facts in enumerate(population):
        _append(columns[PARTNERS], {"partner": number}, facts.partner, rules.partner)
        for name, table in rules.tables.items():
            for row in facts.rows.get(name, ()):
                _append(columns[name], {"partner": number, "id": row.id}, row.values, table.fields)
    return {
        name: pa.table(
            {
                column: pa.array(found, getattr(pa, _ARROW[schemas[name][column]])())
                for column, found in table.items()
            }
        )
        for name, table in columns.items()
    }


def _append(
    columns: dict[str, list[Any]],
    first: Mapping[str, Any],
    values: Mapping[str, Any],
    fields: Mapping[str, Field],
) -> None:
    for name, value in first.items():
        columns[name].append(value)
    for name, field in fields.items():
        value = values.get(name)
        columns[name].append(_scaled(value, field) if field.value_kind == "number" else value)
        if field.kind == "money":
            columns[f"{name}_currency"].append(values.get(f"{name}_currency") or None)


def _scaled(value: Any, field: Field) -> int | None:
    if value is None:
        return None
    scaled = Fraction(value) * 10**field.decimals
    if scaled.denominator != 1 or not -(2**63) <= scaled < 2**63:
        raise FileError(
            N_(
                "The field {field} holds {value}; it takes {decimals} decimals and at most {digits} digits."
            ),
            field=field.name,
            value=str(value),
            decimals=field.decimals,
            digits=18,
        )
    return int(scaled)
