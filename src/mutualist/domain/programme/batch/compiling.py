"""Turn a rule set into one Ibis expression that scores all partners of a programme on a day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mutualist.domain.programme.batch.exact import WHOLE, Pair, times
from mutualist.domain.programme.batch.partners import Cutoffs, PartnerWalker
from mutualist.domain.programme.batch.rows import PARTNER, REGION, Facts, who_of
from mutualist.domain.programme.batch.stages import Stages, Term, apply, empty, literal
from mutualist.domain.programme.batch.taking import Shape
from mutualist.domain.programme.rules.model import FactTable, Field, RuleSet

if TYPE_CHECKING:
    import ibis.expr.types as ir

PARTNERS = "partners"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule set that is ready to score many partners.

    Attributes
    ----------
    rules
        The rules.
    """

    rules: RuleSet

    def expression(
        self, tables: Mapping[str, ir.Table], as_of: dt.date, cutoffs: Cutoffs | None = None
    ) -> ir.Table:
        """Return the table of scores.

        Parameters
        ----------
        tables
            ``partners`` and all tables of facts, with the columns of :meth:`schemas`.
        as_of
            The day that is scored.
        cutoffs
            Of relative rules; without them they follow from the partners in the table.

        Returns
        -------
        ibis.Table
            A row for each partner: ``partner``, ``level``, ``qualified``, ``track``, ``region``, ``total_num``,
            ``total_den`` and for each metric ``<metric>.value_num``, ``.value_den``, ``.points_num``, ``.points_den``
            and ``.applies``.

        Raises
        ------
        NeedsCutoffsError
            If the cut-offs of a relative rule cannot be found in the same query; :meth:`contested` is their query.
        NotInOneQueryError
            If a rule needs more than one exact query; :func:`..scoring.score.score` knows it.
        """
        facts = Facts(self.rules, tables, as_of)
        base = _partners(tables)
        if self.rules.regions:
            base = facts.in_all_regions(base)
        base, shapes = _with_measures(base, facts)
        stages = Stages()
        walker = PartnerWalker(self.rules, stages, as_of, shapes, cutoffs)
        scores = stages.finish(base, _wanted(self.rules, walker, stages))
        if self.rules.regions:
            scores = _best_region(scores)
        return scores.drop("place")

    def contested(self, tables: Mapping[str, ir.Table], as_of: dt.date) -> ir.Table:
        """Return what relative rules compare, as :func:`..scoring.population.cutoffs_of` sees it.

        Returns
        -------
        ibis.Table
            A row for each partner: ``partner`` and for each relative rule ``<rule>.within``, ``.num`` and ``.den``.
        """
        rules = dataclasses.replace(self.rules, regions="")
        facts = Facts(rules, tables, as_of)
        base, shapes = _with_measures(_partners(tables), facts)
        stages = Stages()
        walker = PartnerWalker(rules, stages, as_of, shapes, {})
        wanted = {PARTNER: stages.column(PARTNER)}
        for name, rule in rules.relative.items():
            pair = walker.math.pair(walker.math.kept(walker.contested(rule)))
            wanted |= {f"{name}.within": walker.within(rule), **_pair_columns(name + ".", pair)}
        return stages.finish(base, wanted)

    def schemas(self) -> Mapping[str, Mapping[str, str]]:
        """Return the columns of all tables with their Ibis types."""
        return {
            PARTNERS: columns_of(self.rules.partner, {PARTNER: "int64"}),
            **{name: fact_columns(table) for name, table in self.rules.tables.items()},
        }


def compile_rules(rules: RuleSet) -> Compiled:
    """Return a rule set that is ready to score many partners.

    Examples
    --------
    >>> compiled = compile_rules(rules)  # doctest: +SKIP
    >>> ibis.to_sql(compiled.expression(tables, date(2026, 11, 22)), dialect="duckdb")  # doctest: +SKIP
    """
    return Compiled(rules)


def columns_of(fields: Mapping[str, Field], first: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of fields with their Ibis types.

    Numbers are whole numbers, scaled by the decimals of their field; beside an amount of money stands its currency.
    """
    types = {"number": "int64", "money": "int64", "text": "string", "date": "date"}
    found = dict(first)
    for name, field in fields.items():
        found[name] = types.get(field.kind, "boolean")
        if field.kind == "money":
            found[f"{name}_currency"] = "string"
    return found


def fact_columns(table: FactTable) -> dict[str, str]:
    """Return the columns of a table of facts with their Ibis types."""
    return columns_of(table.fields, {PARTNER: "int64", "id": "string"})


def _partners(tables: Mapping[str, ir.Table]) -> ir.Table:
    base = tables[PARTNERS]
    return base.rename({f"partner.{name}": name for name in base.columns if name != PARTNER})


def _with_measures(base: ir.Table, facts: Facts) -> tuple[ir.Table, dict[str, Shape]]:
    """Return partners with all measures beside them, and how those lie in their columns."""
    shapes: dict[str, Shape] = {}
    done: list[str] = []
    joined = base
    for name, measure in facts.rules.measures.items():
        gathered = facts.measure(measure)
        shapes[name] = gathered.shape
        prefix = f"measure.{name}"
        columns = {
            f"{prefix}{one.removeprefix('value')}": gathered.table[one]
            for one in gathered.shape.columns("value")
        }
        who = {f"{prefix}.{one}": gathered.table[one] for one in who_of(gathered.regional)}
        beside = gathered.table.select(**columns, **who)
        on = [base[one.removeprefix(f"{prefix}.")] == beside[one] for one in who]
        joined = joined.left_join(beside, on)
        done += who
    return (joined.drop(*done) if done else joined), shapes


def _region(stages: Stages) -> Term:
    return apply(lambda region: region.nullif(""), stages.column(REGION))


def _wanted(rules: RuleSet, walker: PartnerWalker, stages: Stages) -> dict[str, Term]:
    """Name the columns of the result."""
    level, place = walker.level()
    wanted = {
        PARTNER: stages.column(PARTNER),
        "level": level,
        "place": place,
        "qualified": _flag(walker.qualified()),
        "track": walker.track(),
        "region": _region(stages) if rules.regions else empty("string"),
    }
    wanted |= _pair_columns("total_", walker.math.pair(walker.total()))
    for name in rules.metrics:
        wanted |= _pair_columns(f"{name}.value_", walker.math.pair(walker.value(name)))
        wanted |= _pair_columns(f"{name}.points_", walker.math.pair(walker.points(name)))
        wanted[f"{name}.applies"] = _flag(walker.applies(name))
    return wanted


def _flag(flag: bool | Term) -> Term:
    return flag if isinstance(flag, Term) else literal(flag, "boolean")


def _pair_columns(name: str, pair: Pair) -> dict[str, Term]:
    bottom = literal(pair.bottom, WHOLE)
    if pair.part is not None:
        bottom = times(pair.part, pair.bottom)
    return {f"{name}num": pair.top, f"{name}den": bottom}


def _best_region(scores: ir.Table) -> ir.Table:
    """Return for each partner the region with the best level, then the highest total, then the first name."""
    other = scores.select(
        who=scores[PARTNER],
        there=scores["region"],
        other_place=scores["place"],
        other_num=scores["total_num"],
        other_den=scores["total_den"],
    )
    mine, theirs = (
        scores["total_num"] * other["other_den"],
        other["other_num"] * scores["total_den"],
    )
    same_place = scores["place"] == other["other_place"]
    better = (
        (other["other_place"] > scores["place"])
        | (same_place & (theirs > mine))
        | (same_place & (theirs == mine) & (other["there"] < scores["region"]))
    )
    return scores.anti_join(other, [scores[PARTNER] == other["who"], better])
