"""Where all partners stand, what waits for approval, and statements for everybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mutualist.apps.commissions import queries
from mutualist.apps.commissions.actions.settling import approve, confirm_milestone
from mutualist.apps.commissions.actions.stating import issue_statements
from mutualist.apps.commissions.forms.money import PeriodForm
from mutualist.apps.commissions.models import Earning
from mutualist.apps.commissions.pages.ways import VENDOR, shown, url, vendor
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.commissions.won import open_won
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.public import Standing

#: So many earnings are shown to be approved at once.
MOST = 200


@require_safe
@vendor
def overview(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show balances and what waits for approval."""
    rows = queries.balances(standing)
    partners = partners_of(standing)
    found = queries.waiting(standing)
    waiting = [
        {"earning": one, "partner": partners[one.relation_id].name}
        for one in found[:MOST]
        if one.relation_id in partners
    ]
    context = {
        "rows": rows,
        "totals": queries.totals(rows),
        "waiting": waiting,
        "waiting_count": found.count(),
        "period": PeriodForm(initial=PeriodForm.usual()),
        "won": len(open_won(standing)) if standing.writes else 0,
        "has_rules": queries.rules_now(standing) is not None,
        "has_any": queries.invoices(standing).exists(),
    }
    return shown(request, standing, "overview", "overview", context)


@require_POST
@vendor
def approve_page(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Approve the earnings that were ticked."""
    chosen = [one for text in request.POST.getlist("earning") if (one := _uid(text)) is not None]
    if not chosen:
        messages.error(request, _("Nothing was ticked. Tick what you want to approve."))
        return redirect(url(standing, "overview"))
    count = approve(standing=standing, earnings=chosen)
    if count:
        said = ngettext("%(count)s commission approved.", "%(count)s commissions approved.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("What you ticked is approved already; nothing was booked again."))
    return redirect(url(standing, "overview"))


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
@vendor
def milestone(request: HttpRequest, standing: Standing, earning: UUID) -> HttpResponse:
    """Confirm a milestone."""
    made: Earning = confirm_milestone(
        standing=standing, earning=earning, key=request.POST.get("key", "")
    )
    messages.success(request, _("The milestone is confirmed; its part waits for approval."))
    return redirect(url(standing, "invoice", invoice=made.invoice.uid))


@require_POST
@vendor
def issue(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Issue the statements of a period."""
    form = PeriodForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give both days of the period."))
        return redirect(url(standing, "overview"))
    values: dict[str, Any] = form.cleaned_data
    try:
        made = issue_statements(standing=standing, first=values["first"], last=values["last"])
    except ActionError as error:
        messages.error(request, error.message)
    else:
        _say_issued(request, len(made))
    return redirect(url(standing, "overview"))


def _say_issued(request: HttpRequest, count: int) -> None:
    if not count:
        said = _(
            "No statement was issued: in this period nothing was booked, or its statements are issued already. "
            "They stand on the pages of the partners."
        )
        messages.info(request, said)
        return
    said = ngettext("%(count)s statement issued.", "%(count)s statements issued.", count)
    messages.success(request, said % {"count": count})


urlpatterns = [
    path(VENDOR, overview, name="overview"),
    path(VENDOR + "approve/", approve_page, name="approve"),
    path(VENDOR + "milestones/<uuid:earning>/", milestone, name="milestone"),
    path(VENDOR + "statements/", issue, name="issue"),
]
