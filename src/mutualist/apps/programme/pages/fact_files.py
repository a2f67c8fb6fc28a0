"""Facts and scores as tables: what is taken in can be handed out again, and back in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import XLSX, download, file_name
from mutualist.apps.programme.doors import for_vendor
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.queries.facts import partner_id, stored_facts
from mutualist.apps.programme.queries.rules import rules_of, version_on
from mutualist.apps.programme.queries.scores import scores_of
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.rules.model import Field, RuleSet
from mutualist.library.commission_files import table_csv, table_xlsx

#: A file is made while somebody waits.
MOST_FACTS = 1_000_000
MOST_FACTS_IN_WORKBOOK = 20_000
MOST_SCORED = 5_000
_NUMBERS = {"number", "money"}


@require_safe
@for_vendor
def facts_table(request: HttpRequest, standing: Standing, table: str, kind: str) -> HttpResponse:
    """Hand out the facts of one table, with the columns in which they are taken in."""
    rules = _rules(standing)
    if table not in rules.tables:
        raise Http404
    found = stored_facts(standing, table)
    if found.count() > (MOST_FACTS if kind == "csv" else MOST_FACTS_IN_WORKBOOK):
        told = _("A workbook holds up to {most} facts, a CSV file up to {more}.")
        messages.error(request, told.format(most=MOST_FACTS_IN_WORKBOOK, more=MOST_FACTS))
        return redirect("programme:importing", standing.programme_uid)
    fields = rules.tables[table].fields
    return _file(standing, kind, table, ["partner", "id", *fields], _facts(found, fields))


def _facts(found: Any, fields: Mapping[str, Field]) -> Iterator[list[Any]]:
    for one in found.iterator(chunk_size=2_000):
        values = [_cell(one.values.get(name), field) for name, field in fields.items()]
        yield [partner_id(one.relation), one.external_id, *values]


def _cell(value: Any, field: Field) -> Any:
    """Return a stored value as a cell: numbers as numbers, everything else as it is written."""
    if value is None:
        return ""
    return Decimal(value) if field.kind in _NUMBERS else value


@require_safe
@for_vendor
def scores_table(request: HttpRequest, standing: Standing, kind: str) -> HttpResponse:
    """Hand out what every partner comes to by the rules today: level, total, value and points of each metric."""
    rules = _rules(standing)
    partners = list(
        Relation.objects.visible_to(standing)
        .filter(state__in=(Relation.State.ACTIVE, Relation.State.ONBOARDING))
        .order_by("name", "pk")[: MOST_SCORED + 1]
    )
    if len(partners) > MOST_SCORED:
        told = _("A file holds the scores of up to {most} partners. Take the API or the program.")
        messages.error(request, told.format(most=MOST_SCORED))
        return redirect("programme:importing", standing.programme_uid)
    language = (get_language() or "en")[:2]
    heads = [_("Partner"), _("Your number of the partner"), _("Level"), _("Points")]
    for metric in rules.metrics.values():
        name = metric.words.of(language)
        heads += [name, _("{metric}: points").format(metric=name)]
    return _file(standing, kind, "scores", heads, _scores(partners, rules, language))


def _scores(partners: list[Relation], rules: RuleSet, language: str) -> Iterator[list[Any]]:
    levels = {one.name: one.words.of(language) for one in rules.levels}
    for partner, found in zip(partners, scores_of(partners, rules, today()), strict=True):
        row = [partner.name, partner.external_id, levels.get(found.level or "", "")]
        row.append(_number(found.total))
        for name in rules.metrics:
            row += [_number(found.metrics[name].value), _number(found.metrics[name].points)]
        yield row


def _number(value: Any) -> Any:
    """Return a fraction with four decimals; nothing where there is none."""
    if value is None or isinstance(value, bool | str):
        return "" if value is None else value
    return round(Decimal(value.numerator) / Decimal(value.denominator), 4).normalize() + 0


def _rules(standing: Standing) -> RuleSet:
    version = version_on(standing.programme, today())
    if version is None:
        raise Http404
    return rules_of(version)


def _file(
    standing: Standing, kind: str, what: str, heads: Sequence[str], rows: Iterator[list[Any]]
) -> HttpResponse:
    name = file_name(standing.programme_name, what, today(), kind)
    if kind == "csv":
        return download(table_csv(heads, rows), "text/csv; charset=utf-8", name)
    return download(table_xlsx(what, heads, rows), XLSX, name)


_HOME = "programmes/<uuid:programme>/facts/"
urlpatterns = [
    path(f"{_HOME}<slug:table>.csv", facts_table, {"kind": "csv"}, name="facts_csv"),
    path(f"{_HOME}<slug:table>.xlsx", facts_table, {"kind": "xlsx"}, name="facts_xlsx"),
    path(
        "programmes/<uuid:programme>/scores.csv", scores_table, {"kind": "csv"}, name="scores_csv"
    ),
    path(
        "programmes/<uuid:programme>/scores.xlsx",
        scores_table,
        {"kind": "xlsx"},
        name="scores_xlsx",
    ),
]
