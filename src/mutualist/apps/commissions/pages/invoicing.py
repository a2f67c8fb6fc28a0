"""Invoices: list, one, a new one, many from a file, cancelling and voiding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.commissions import queries
from mutualist.apps.commissions.actions import booking, settling
from mutualist.apps.commissions.books import language
from mutualist.apps.commissions.forms.fields import amount_in, tell
from mutualist.apps.commissions.forms.invoicing import (
    CancelForm,
    ImportForm,
    InvoiceForm,
    ReasonForm,
    given_of,
)
from mutualist.apps.commissions.models import Invoice
from mutualist.apps.commissions.pages.ways import VENDOR, shown, url, vendor
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.commissions.presenters.levels import level_words
from mutualist.apps.commissions.presenters.telling import decimal, parts_of, product_said, why
from mutualist.apps.commissions.won import open_won
from mutualist.apps.core.clock import today
from mutualist.apps.core.conflicts import seen_in
from mutualist.apps.core.downloads import XLSX, download, file_name
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission.money import plain
from mutualist.library.commission_files import (
    COLUMNS,
    read_invoice_rows,
    table_csv,
    table_xlsx,
)
from mutualist.library.errors import FileError

PAGE = 50
MOST_PROPOSED = 1_000


@require_safe
@vendor
def invoices(request: HttpRequest, standing: Standing) -> HttpResponse:
    """List invoices, found by number, customer or product."""
    search, state = request.GET.get("q", "")[:80].strip(), request.GET.get("state", "")
    found = queries.invoices(standing, search, state)
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _table(standing, found, request.GET["format"])
    partners = partners_of(standing)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "invoice": one,
            "earned": sum(part.amount for part in one.earnings.all()),
            "earned_in": next((part.currency for part in one.earnings.all()), one.currency),
            "partners": ", ".join(
                partners[part.relation_id].name
                for part in one.earnings.all()
                if part.relation_id in partners
            ),
            "is_cancelled": bool(one.cancellations.all()),
        }
        for one in page
    ]
    context = {"rows": rows, "page": page, "search": search, "state": state}
    return shown(request, standing, "invoices", "invoices", context)


def _table(standing: Standing, found: Any, kind: str) -> HttpResponse:
    heads = [
        *(
            _("Invoice"),
            _("Day"),
            _("Net amount"),
            _("Currency"),
            _("Product"),
            _("Key of the product"),
            _("Customer"),
            _("Subscription"),
        ),
        *(_("Partner"), _("Level"), _("Commission"), _("Currency of the commission"), _("State")),
    ]
    partners = partners_of(standing)
    rows = []
    for one in found:
        state = (
            _("void")
            if one.voided_at
            else _("cancelled")
            if one.cancellations.all()
            else _("booked")
        )
        rows += [
            (
                *(
                    one.number,
                    one.day,
                    decimal(one.amount, one.currency),
                    one.currency,
                    product_said(one),
                    one.product,
                ),
                *(one.customer, one.subscription, partners[part.relation_id].name, part.level),
                *(decimal(part.amount, part.currency), part.currency, state),
            )
            for part in one.earnings.all()
        ]
    name = file_name(standing.programme_name, "invoices", today(), kind)
    if kind == "csv":
        return download(table_csv(heads, rows), "text/csv; charset=utf-8", name)
    return download(table_xlsx(_("Invoices"), heads, rows), XLSX, name)


@require_http_methods(["GET", "POST"])
@vendor
def new(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Enter an invoice by hand."""
    if not standing.writes:
        raise NotAllowed
    posted = request.POST if request.method == "POST" else None
    won = open_won(standing)
    chosen = next((one for one in won if str(one.project.uid) == request.GET.get("project")), None)
    form = InvoiceForm(standing, posted, **({"initial": chosen.initial()} if chosen else {}))
    if posted is not None and form.is_valid():
        source = "project" if chosen else "form"
        try:
            made = booking.book_invoice(standing=standing, given=form.given(), source=source)
        except ActionError as error:
            tell(form, error)
        else:
            messages.success(request, _("The invoice is booked."))
            return redirect(url(standing, "invoice", invoice=made.uid))
    rules = queries.rules_now(standing)
    partners = list(partners_of(standing).values())
    context = {
        "form": form,
        # Proposals while somebody types; of more, the page would weigh more than all others.
        "partners": partners if len(partners) <= MOST_PROPOSED else [],
        "products": [(one, one.words[language()]) for one in rules.products.values()]
        if rules
        else [],
        "won": won,
        "chosen": chosen,
    }
    return shown(
        request, standing, "invoices", "invoice_new", context, 422 if posted is not None else 200
    )


@require_http_methods(["GET", "POST"])
@vendor
def upload(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Book the invoices of a file, all or none."""
    if not standing.writes:
        raise NotAllowed
    if request.GET.get("template"):
        return download(
            table_csv(list(COLUMNS), [_EXAMPLE]), "text/csv; charset=utf-8", "invoices.csv"
        )
    form = ImportForm(request.POST or None, request.FILES or None)
    wrong: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = read_invoice_rows(file.read(), file.name)
            given = _given(standing, rows)
            count = booking.book_invoices(standing=standing, rows=given, source="file")
        except FileError as error:
            wrong = [error.message(language())]
        except ActionError as error:
            wrong = error.message.split("\n")
        else:
            _say_booked(request, count)
            return redirect(url(standing, "invoices"))
    context = {"form": form, "wrong": wrong, "columns": list(COLUMNS)}
    return shown(
        request,
        standing,
        "invoices",
        "invoices_import",
        context,
        422 if request.method == "POST" else 200,
    )


def _say_booked(request: HttpRequest, count: int) -> None:
    if not count:
        said = _("Every invoice of the file is booked already; nothing was booked again.")
        messages.info(request, said)
        return
    said = ngettext("%(count)s new invoice booked.", "%(count)s new invoices booked.", count)
    messages.success(request, said % {"count": count})


_EXAMPLE = (
    "R-2026-0001",
    "2026-03-31",
    "1440.50",
    "EUR",
    "licence",
    "Tauwerk GmbH 60 % | Grauwerk AG 40 %",
    "",
    "",
    1,
    "",
    1,
    "",
)


def _given(
    standing: Standing, rows: list[tuple[int, dict[str, str]]]
) -> list[tuple[int, booking.Given]]:
    given, wrong = [], []
    for number, values in rows:
        try:
            given.append((number, given_of(standing, number, values)))
        except ActionError as error:
            wrong.append(error.message)
    if wrong:
        raise ActionError("rows", "{rows}", rows="\n".join(wrong[:100]))
    return given


@require_http_methods(["GET", "POST"])
@vendor
def invoice(request: HttpRequest, standing: Standing, invoice: UUID) -> HttpResponse:
    """Show an invoice with what it earned and why; cancel or void it."""
    found = queries.invoice(standing, invoice)
    asked = request.POST.get("do") if request.method == "POST" else None
    cancel = CancelForm(
        request.POST if asked == "cancel" else None,
        initial={"amount": plain(found.amount, found.currency), "day": today()},
    )
    void = ReasonForm(request.POST if asked == "void" else None, prefix="void")
    form = {"cancel": cancel, "void": void}.get(asked or "")
    if form is not None and form.is_valid() and _done(request, standing, found, asked or "", form):
        return redirect(url(standing, "invoice", invoice=found.uid))
    partners, levels = partners_of(standing), level_words(standing)
    context = {
        "invoice": found,
        "earnings": [
            {
                "earning": one,
                "partner": partners[one.relation_id],
                "why": why(one, levels),
                "parts": parts_of(one),
            }
            for one in queries.earnings_of(standing, found)
            if one.relation_id in partners
        ],
        "cancellations": list(found.cancellations.all()),
        "cancel": cancel,
        "void": void,
    }
    return shown(request, standing, "invoices", "invoice", context, 422 if asked else 200)


def _done(request: HttpRequest, standing: Standing, found: Invoice, asked: str, form: Any) -> bool:
    values = form.cleaned_data
    try:
        if asked == "void":
            settling.void_invoice(standing=standing, invoice=found.uid, reason=values["reason"])
            messages.success(request, _("The invoice is voided; its number may be used again."))
        else:
            amount = amount_in(values["amount"], found.currency)
            settling.cancel_invoice(
                standing=standing,
                invoice=found.uid,
                amount=amount,
                day=values["day"],
                reason=values["reason"],
                seen=seen_in(request),
            )
            messages.success(request, _("The cancellation is booked."))
    except ActionError as error:
        tell(form, error)
        return False
    except ValidationError as error:
        form.add_error("amount", error)
        return False
    return True


urlpatterns = [
    path(VENDOR + "invoices/", invoices, name="invoices"),
    path(VENDOR + "invoices/new/", new, name="invoice_new"),
    path(VENDOR + "invoices/import/", upload, name="invoices_import"),
    path(VENDOR + "invoices/<uuid:invoice>/", invoice, name="invoice"),
]
