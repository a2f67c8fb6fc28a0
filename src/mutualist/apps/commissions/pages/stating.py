"""Statements: of one partner for the vendor, and a partner's own page with all that concerns its money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.commissions import queries
from mutualist.apps.commissions.actions.paying import keep_account
from mutualist.apps.commissions.actions.settling import adjust
from mutualist.apps.commissions.forms.fields import amount_in, tell
from mutualist.apps.commissions.forms.money import AccountForm, AdjustForm, PeriodForm
from mutualist.apps.commissions.pages.ways import VENDOR, own, shown, url, vendor
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.commissions.presenters.levels import level_words
from mutualist.apps.commissions.presenters.rules import rules_table
from mutualist.apps.commissions.presenters.telling import (
    Row,
    paper,
    parts_of,
    rows_of,
    statement_table,
    sums_of,
    why,
)
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.conflicts import seen_in
from mutualist.apps.core.downloads import PDF, XLSX, download, file_name
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission.money import is_currency
from mutualist.domain.programme.commission.statement import Statement
from mutualist.library.commission_files import table_csv, table_xlsx


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as it was asked for: partner, currency, period; and what the journal says."""

    partner: Any
    told: Statement
    rows: list[Row]
    currencies: list[str]
    form: PeriodForm
    upto: int


def _asked(request: HttpRequest, standing: Standing, relation: int) -> Asked:
    partner = partners_of(standing).get(relation)
    if partner is None:
        raise NotAllowed
    balances = [one for one in queries.balances(standing) if one.relation == relation]
    currencies = [one.currency for one in balances] or ["EUR"]
    wanted = request.GET.get("currency", "")
    currency = wanted if is_currency(wanted) else currencies[0]
    usual = {"first": today().replace(month=1, day=1), "last": today()}
    form = PeriodForm(request.GET if "first" in request.GET else None, initial=usual)
    first, last = usual["first"], usual["last"]
    if form.is_bound and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        if last < first:
            form.add_error("last", _("The period ends before it begins. Check the two days."))
            last = first
    told = queries.told_statement(standing, relation, currency, first, last)
    entries = queries.sources_of(told)
    newest = queries.entries(standing).filter(day__lte=last).last()
    return Asked(
        partner,
        told,
        rows_of(told, entries),
        currencies,
        form,
        newest.number if newest else 0,
    )


def _statement(asked: Asked, standing: Standing, **more: Any) -> dict[str, Any]:
    return {
        "standing": standing,
        "partner": asked.partner,
        "told": asked.told,
        "rows": asked.rows,
        "sums": sums_of(asked.told),
        "period": asked.form,
        "currencies": asked.currencies,
        "issued": queries.statements(standing, asked.partner.id)[:24],
        "last4": queries.last_four(standing).get(asked.partner.id, ""),
        **more,
    }


def _file(
    standing: Standing, asked: Asked, kind: str, number: str = "", made: Any = None
) -> HttpResponse:
    from mutualist.reports.commission import statement_pdf

    told = asked.told
    name = file_name(
        f"{standing.programme_name} {asked.partner.name}", "statement", told.last, kind
    )
    if kind == "pdf":
        data = paper(
            standing,
            told,
            asked.rows,
            partner=asked.partner.name,
            number=number or _("Not issued, as of today"),
            made=made or now(),
            last4=queries.last_four(standing).get(asked.partner.id, ""),
            upto=asked.upto,
        )
        return download(statement_pdf(data), PDF, name)
    heads, rows = statement_table(told, asked.rows)
    if kind == "csv":
        return download(table_csv(heads, rows), "text/csv; charset=utf-8", name)
    return download(table_xlsx(_("Statement"), heads, rows), XLSX, name)


KINDS = ("pdf", "csv", "xlsx")


def _relation(standing: Standing, uid: UUID) -> int:
    found = next((pk for pk, one in partners_of(standing).items() if one.uid == uid), None)
    if found is None:
        raise NotAllowed
    return found


@require_http_methods(["GET", "POST"])
@vendor
def partner(request: HttpRequest, standing: Standing, partner: UUID) -> HttpResponse:
    """Show a partner's statement for any period; adjust it by hand with a reason."""
    relation = _relation(standing, partner)
    asked = _asked(request, standing, relation)
    if request.GET.get("format") in KINDS:
        return _file(standing, asked, request.GET["format"])
    posted = request.POST if request.method == "POST" else None
    form = AdjustForm(posted, initial={"currency": asked.told.currency})
    if posted is not None and form.is_valid():
        values = form.cleaned_data
        try:
            cents = amount_in(values["amount"], values["currency"])
            adjust(
                standing=standing,
                relation=relation,
                currency=values["currency"],
                amount=cents,
                reason=values["reason"],
                seen=seen_in(request),
            )
        except ActionError as error:
            tell(form, error)
        except ValidationError as error:
            form.add_error("amount", error)
        else:
            messages.success(request, _("The adjustment is booked."))
            return redirect(url(standing, "partner", partner=partner))
    seen = queries.adjustments(standing, relation).count()
    context = _statement(asked, standing, adjust=form, seen=seen)
    context.pop("standing")
    return shown(
        request, standing, "overview", "partner", context, 422 if posted is not None else 200
    )


@require_safe
@vendor
def issued(request: HttpRequest, standing: Standing, statement: UUID) -> HttpResponse:  # noqa: ARG001 - the shape of pages
    """Download a statement as it was issued."""
    return _issued(standing, statement)


def _issued(standing: Standing, uid: UUID) -> HttpResponse:
    kept = queries.issued(standing, uid)
    partner = partners_of(standing)[kept.relation_id]
    told = queries.told_statement(standing, kept.relation_id, kept.currency, kept.first, kept.last)
    rows = rows_of(told, queries.sources_of(told))
    asked = Asked(partner, told, rows, [kept.currency], PeriodForm(), kept.entries)
    number = _("Statement %(number)s") % {"number": kept.number}
    return _file(standing, asked, "pdf", number, kept.issued_at)


@require_http_methods(["GET", "POST"])
def own_page(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show a partner all that concerns its money, and ask for the account it is paid to."""
    assert standing.relation is not None  # a partner's standing has one
    asked = _asked(request, standing, standing.relation)
    if request.GET.get("format") in KINDS:
        return _file(standing, asked, request.GET["format"])
    posted = request.POST if request.method == "POST" else None
    form = AccountForm(posted, initial={"name": standing.partner_name})
    if posted is not None and form.is_valid():
        try:
            keep_account(standing=standing, **form.cleaned_data)
        except ActionError as error:
            form.add_error({"iban": "iban", "bic": "bic"}.get(error.code), error.message)
        else:
            messages.success(request, _("The account is kept, encrypted."))
            return redirect(url(standing, "own"))
    rules = queries.rules_now(standing)
    levels = level_words(standing)
    context = _statement(
        asked,
        standing,
        balances=[one for one in queries.balances(standing) if one.relation == standing.relation],
        earnings=[
            {"earning": one, "why": why(one, levels), "parts": parts_of(one)}
            for one in queries.earnings(standing, 50)
        ],
        account=form,
        rules=rules,
        table=rules_table(rules, levels) if rules else None,
        issued=[
            {"statement": one, "url": url(standing, "own_issued", statement=one.uid)}
            for one in queries.statements(standing)[:24]
        ],
    )
    return render(
        request, "commissions/own.html", context, status=422 if posted is not None else 200
    )


@require_safe
def own_issued(request: HttpRequest, standing: Standing, statement: UUID) -> HttpResponse:  # noqa: ARG001 - the shape of pages
    """Download one's own statement as it was issued."""
    return _issued(standing, statement)


urlpatterns = [
    path(VENDOR + "partners/<uuid:partner>/", partner, name="partner"),
    path(VENDOR + "statements/<uuid:statement>/", issued, name="issued"),
    *own("", own_page, "own"),
    *own("statements/<uuid:statement>/", own_issued, "own_issued"),
]
