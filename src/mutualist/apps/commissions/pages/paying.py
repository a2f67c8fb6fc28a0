"""Payments: what is due, runs, files for the bank, the account one pays from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mutualist.apps.commissions import queries
from mutualist.apps.commissions.actions import paying
from mutualist.apps.commissions.forms.invoicing import ReasonForm
from mutualist.apps.commissions.forms.money import AccountForm, RunForm
from mutualist.apps.commissions.pages.ways import VENDOR, shown, url, vendor
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import download, file_name
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import Standing
from mutualist.library.payments import payments_csv, sepa_file


@require_http_methods(["GET", "POST"])
@vendor
def payments(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show what is due by currency, and make a run."""
    posted = request.POST if request.method == "POST" else None
    form = RunForm(posted) if posted is not None else None
    if form is not None and form.is_valid():
        try:
            made = paying.make_run(standing=standing, **form.cleaned_data)
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request,
                _("Payment run %(number)s is booked. Download the file for the bank now.")
                % {"number": made.number},
            )
            return redirect(url(standing, "run", run=made.uid))
    partners = partners_of(standing)
    currencies = sorted({one.currency for one in queries.balances(standing)})
    due = [paying.due(standing, currency) for currency in currencies] if standing.writes else []
    soon = today() + timedelta(days=1)
    context = {
        "due": [
            {
                "due": one,
                "payable": [
                    {"partner": partners[int(row.partner)].name, "amount": row.amount}
                    for row in one.payable
                ],
                "waiting": [
                    {"partner": partners[int(row.partner)].name, "amount": row.amount}
                    for row in one.waiting
                ],
                "form": form
                if form is not None and form.data.get("currency") == one.currency
                else RunForm(
                    initial={"currency": one.currency, "total": one.total, "execute_on": soon}
                ),
            }
            for one in due
            if one.payable or one.waiting
        ],
        "runs": queries.runs(standing)[:50],
        "payer": queries.payer_last4(standing),
        "failed": form if form is not None else None,
    }
    return shown(
        request, standing, "payments", "payments", context, 422 if posted is not None else 200
    )


@require_http_methods(["GET", "POST"])
@vendor
def payer(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Ask the owner for the account the programme pays from."""
    if not standing.manages:
        raise NotAllowed
    posted = request.POST if request.method == "POST" else None
    form = AccountForm(posted)
    if posted is not None and form.is_valid():
        try:
            paying.keep_account(standing=standing, **form.cleaned_data)
        except ActionError as error:
            form.add_error({"iban": "iban", "bic": "bic"}.get(error.code), error.message)
        else:
            messages.success(request, _("The account is kept, encrypted."))
            return redirect(url(standing, "payments"))
    context = {"form": form, "payer": queries.payer_last4(standing)}
    return shown(
        request, standing, "payments", "payer", context, 422 if posted is not None else 200
    )


@require_http_methods(["GET", "POST"])
@vendor
def run(request: HttpRequest, standing: Standing, run: UUID) -> HttpResponse:
    """Show a payment run; take it back when the bank has refused it."""
    found = paying.run_of(standing, run)
    posted = request.POST if request.method == "POST" else None
    form = ReasonForm(posted)
    if posted is not None and form.is_valid():
        try:
            paying.reverse_run(standing=standing, run=run, reason=form.cleaned_data["reason"])
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request, _("The payment run is taken back; everything in it is payable again.")
            )
            return redirect(url(standing, "run", run=run))
    partners = partners_of(standing)
    rows: list[dict[str, Any]] = [
        {"payment": one, "partner": partners[one.relation_id].name}
        for one in found.payments.select_related("entry")
    ]
    context = {
        "run": found,
        "rows": rows,
        "total": sum(one["payment"].amount for one in rows),
        "form": form,
    }
    return shown(request, standing, "payments", "run", context, 422 if posted is not None else 200)


@require_POST
@vendor
def bank_file(request: HttpRequest, standing: Standing, run: UUID) -> HttpResponse:
    """Download a run as a file for the bank: SEPA, or CSV. That it was taken is recorded, so it is no safe request."""
    kind = "csv" if request.POST.get("format") == "csv" else "xml"
    purpose = _("Commission %(programme)s") % {"programme": standing.programme_name}
    found = paying.payment_file(standing=standing, run=run, purpose=purpose)
    name = file_name(standing.programme_name, found.message, today(), kind)
    if kind == "csv":
        return download(payments_csv(found), "text/csv; charset=utf-8", name)
    if found.currency != "EUR":
        messages.error(
            request,
            _("SEPA pays in euros only; take the CSV file for %(currency)s.")
            % {"currency": found.currency},
        )
        return redirect(url(standing, "run", run=run))
    return download(sepa_file(found), "application/xml", name)


urlpatterns = [
    path(VENDOR + "payments/", payments, name="payments"),
    path(VENDOR + "payments/account/", payer, name="payer"),
    path(VENDOR + "payments/<uuid:run>/", run, name="run"),
    path(VENDOR + "payments/<uuid:run>/file/", bank_file, name="bank_file"),
]
