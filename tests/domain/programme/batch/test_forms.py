"""Every form and function of the language has its counterpart in queries."""

from __future__ import annotations

import datetime as dt
import inspect

import pytest

from mutualist.domain.programme.batch.compiling import compile_rules
from mutualist.domain.programme.batch.partners import PartnerWalker
from mutualist.domain.programme.batch.rows import RowWalker
from mutualist.domain.programme.batch.stages import Stages
from mutualist.domain.programme.batch.values import NeedsCutoffsError, NotInOneQueryError
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.functions import FUNCTIONS
from mutualist.domain.programme.rules.reading import read_rules

DAY = dt.date(2026, 3, 31)
ROWS_ONLY = {trees.FieldOf, trees.GroupValue, trees.InGroup}
PARTNERS_ONLY = {
    trees.MeasureOf,
    trees.MetricOf,
    trees.PointsOf,
    trees.TrackTotal,
    trees.TotalOf,
    trees.MetLevel,
    trees.RelativeOf,
    trees.AllPositive,
}


def forms():
    return {
        one
        for _name, one in inspect.getmembers(trees, inspect.isclass)
        if issubclass(one, trees.Tree)
    } - {trees.Tree}


@pytest.mark.parametrize(
    ("walker", "unknown"), [(RowWalker, PARTNERS_ONLY), (PartnerWalker, ROWS_ONLY)]
)
def test_every_form_is_walked_over(walker, unknown):
    missing = {
        one for one in forms() - unknown if not hasattr(walker, f"on_{one.__name__.lower()}")
    }
    assert not missing


def test_every_function_can_be_called():
    assert not [name for name in FUNCTIONS if not hasattr(PartnerWalker, f"call_{name}")]


def rules(**parts):
    return read_rules(
        {
            "schema": "programme/1",
            "id": "small",
            "version": "1",
            "effective": {"from": "2026-01-01"},
            "facts": {
                "sales": {
                    "date": "day",
                    "fields": {"customer": "text", "amount": "number", "pieces": "number"},
                }
            },
            "levels": [{"id": "gold", "requires": ["sold >= 100"]}],
            **parts,
        }
    )


def expression(read):
    import ibis

    compiled = compile_rules(read)
    tables = {name: ibis.table(schema, name=name) for name, schema in compiled.schemas().items()}
    return compiled.expression(tables, DAY)


def test_a_sum_of_quotients_of_facts_is_refused():
    read = rules(measures={"sold": {"from": "sales", "take": "sum(amount / pieces)"}})
    with pytest.raises(NotInOneQueryError, match="divisor that is a fact"):
        expression(read)


def test_the_best_of_a_quotient_are_refused_without_cut_offs():
    read = rules(
        measures={"sold": {"from": "sales", "take": "average(amount)"}},
        relative={"top": {"of": "sold", "best": "3 %"}},
        levels=[{"id": "gold", "requires": ["top"]}],
    )
    with pytest.raises(NeedsCutoffsError, match=r"relative\.top"):
        expression(read)


def test_no_query_divides():
    import ibis

    read = rules(
        measures={
            "sold": {"from": "sales", "take": "average(amount)"},
            "rows": {"from": "sales", "take": "count"},
        },
        metrics={
            "steady": {
                "value": "ratio(sold, rows) / 7",
                "points": "round(linear(value, 3, 20), 1)",
                "max": 20,
            }
        },
    )
    for dialect in ("duckdb", "postgres"):
        assert "/" not in str(ibis.to_sql(expression(read), dialect=dialect))


@pytest.mark.parametrize(("decimals", "bottom"), [(0, 1), (1, 10), (3, 1000)])
def test_numbers_of_partners_are_scaled_by_their_decimals(decimals, bottom):
    read = rules(
        partner={"staff": {"type": "number", "decimals": decimals}},
        measures={"sold": {"from": "sales", "take": "sum(amount)"}},
    )
    walker = PartnerWalker(read, Stages(), DAY, {}, None)
    cell = walker.on_partnerfield(trees.PartnerField("number", "staff"))
    assert (cell.bottom, cell.part, cell.top.reads) == (bottom, None, {"partner.staff"})
