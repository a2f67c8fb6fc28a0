"""The journal: every entry, whether all of them still fit, and reversing one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from mutualist.apps.commissions import queries
from mutualist.apps.commissions.actions.settling import reverse_entry
from mutualist.apps.commissions.books import check_journal
from mutualist.apps.commissions.pages.ways import VENDOR, shown, url, vendor
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.commissions.presenters.telling import ACCOUNTS, KINDS, decimal, note_of
from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import XLSX, download, file_name
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.public import Standing
from mutualist.library.commission_files import table_csv, table_xlsx

PAGE = 40
REVERSIBLE = ("approval", "adjustment")


@require_safe
@vendor
def journal(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show the journal, newest first, or download it whole."""
    found = queries.entries(standing).select_related(
        "earning__invoice__rules", "reverses", "reversed_by"
    )
    found = found.prefetch_related("lines")
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _table(standing, found, request.GET["format"])
    partners = partners_of(standing)
    page = Paginator(found.reverse(), PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "entry": one,
            "kind": KINDS[one.kind],
            "note": note_of(one),
            "reversed_by": getattr(one, "reversed_by", None),
            "may_reverse": standing.manages
            and one.kind in REVERSIBLE
            and not hasattr(one, "reversed_by"),
            "lines": [
                {
                    "line": line,
                    "account": ACCOUNTS[line.account],
                    "partner": partners[line.relation_id].name,
                }
                for line in one.lines.all()
            ],
        }
        for one in page
    ]
    context = {"rows": rows, "page": page, "checked": check_journal(standing.programme)}
    return shown(request, standing, "journal", "journal", context)


def _table(standing: Standing, found: object, kind: str) -> HttpResponse:
    heads = [
        *(_("Entry"), _("Day"), _("What"), _("Invoice"), _("Reverses"), _("Note"), _("Partner")),
        *(_("Account"), pgettext("money", "Amount"), _("Currency"), "SHA-256"),
    ]
    partners = partners_of(standing)
    rows = [
        (
            *(one.number, one.day, str(KINDS[one.kind])),
            one.earning.invoice.number if one.earning else "",
            one.reverses.number if one.reverses else "",
            *(note_of(one), partners[line.relation_id].name, str(ACCOUNTS[line.account])),
            *(decimal(line.amount, line.currency), line.currency, one.digest),
        )
        for one in found  # type: ignore[attr-defined] # a query set of entries
        for line in one.lines.all()
    ]
    name = file_name(standing.programme_name, "journal", today(), kind)
    if kind == "csv":
        return download(table_csv(heads, rows), "text/csv; charset=utf-8", name)
    return download(table_xlsx(_("Journal"), heads, rows), XLSX, name)


@require_POST
@vendor
def reverse_page(request: HttpRequest, standing: Standing, entry: UUID) -> HttpResponse:
    """Reverse an approval or an adjustment."""
    try:
        made = reverse_entry(standing=standing, entry=entry, reason=request.POST.get("reason", ""))
    except ActionError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Reversed with entry %(number)s.") % {"number": made.number})
    return redirect(url(standing, "journal"))


urlpatterns = [
    path(VENDOR + "journal/", journal, name="journal"),
    path(VENDOR + "journal/<uuid:entry>/", reverse_page, name="reverse"),
]
