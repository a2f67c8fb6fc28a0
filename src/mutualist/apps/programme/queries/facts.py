"""What is known of a partner, as the rules read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from mutualist.apps.programme.fact_sources import more_facts
from mutualist.apps.programme.models import FactRow, Relation
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.rules.model import Field, RuleSet
from mutualist.domain.programme.rules.reading_tables import value_of
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.facts import Facts, Row


def facts_of(
    relations: Iterable[Relation], rules: RuleSet, *, stored_too: bool = True
) -> dict[int, Facts]:
    """Return the facts of partners by relation, of the tables and fields that the rules name.

    Parameters
    ----------
    relations
        Partners the caller may know of.
    stored_too
        Whether imported facts are wanted as well as those that other parts know.
    """
    partners = {one.pk: _partner(one, rules) for one in relations}
    rows: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    stored = FactRow.objects.filter(relation__in=partners, table__in=list(rules.tables))
    stored = stored if stored_too else stored.none()
    for relation, table, external, values in stored.values_list(
        "relation_id", "table", "external_id", "values"
    ).iterator():
        fields = rules.tables[table].fields
        rows[relation][table].append(Row(external, _values(values, fields)))
    for source in more_facts:
        for pk, tables in source(partners, rules).items():
            for table, further in tables.items():
                rows[pk][table] += further
    return {
        pk: Facts(partner, {table: tuple(found) for table, found in rows[pk].items()})
        for pk, partner in partners.items()
    }


def stored_facts(standing: Standing, table: str) -> QuerySet[FactRow]:
    """Return the stored facts of one table of the partners somebody may know of, by partner."""
    return (
        FactRow.objects.filter(relation__in=Relation.objects.visible_to(standing), table=table)
        .select_related("relation")
        .order_by("relation__name", "relation_id", "day", "external_id")
    )


def facts_known_at(relation: int) -> datetime | None:
    """Return when facts of a partner were last taken in; None where there are none."""
    found = FactRow.objects.filter(relation=relation).aggregate(last=Max("imported_at"))
    last: datetime | None = found["last"]
    return last


def partner_id(relation: Relation) -> str:
    """Return what a partner is called in files: the vendor's number of it, or our id."""
    return relation.external_id or str(relation.uid)


def _partner(relation: Relation, rules: RuleSet) -> Mapping[str, Value]:
    known: dict[str, Any] = {"country": relation.country, **relation.profile}
    found = _values(known, rules.partner)
    return {**found, "id": partner_id(relation), "name": relation.name}


def _values(stored: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, field in fields.items():
        if stored.get(name) is None:
            continue
        found[name] = value_of(stored[name], field.value_kind)
        if field.kind == "money" and stored.get(f"{name}_currency"):
            found[f"{name}_currency"] = str(stored[f"{name}_currency"])
    return found
