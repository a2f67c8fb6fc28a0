"""Rules: what is in force, what was, and an editor that says what is wrong and what would change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutualist.apps.commissions import queries
from mutualist.apps.commissions.actions.ruling import read_text, save_rules
from mutualist.apps.commissions.books import language
from mutualist.apps.commissions.forms.money import RulesForm
from mutualist.apps.commissions.pages.ways import VENDOR, shown, url, vendor
from mutualist.apps.commissions.presenters.levels import level_words
from mutualist.apps.commissions.presenters.preview import preview
from mutualist.apps.commissions.presenters.rules import rules_table
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import Standing


@require_safe
@vendor
def rules(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show the rules in force as a table, and all versions."""
    now = queries.rules_now(standing)
    asked = request.GET.get("version", "")
    versions = list(queries.versions(standing))
    context = {
        "now": now,
        "table": rules_table(now, level_words(standing)) if now else None,
        "versions": versions,
        "asked": next((one for one in versions if one.version == asked), None),
    }
    return shown(request, standing, "rules", "rules", context)


@require_http_methods(["GET", "POST"])
@vendor
def edit(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Write a new version, beginning with the last one."""
    if not standing.writes:
        raise NotAllowed
    posted = request.POST if request.method == "POST" else None
    last = queries.versions(standing).first()
    form = RulesForm(posted, initial={"text": last.content if last else BEGINNING[language()]})
    if posted is not None and form.is_valid():
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        try:
            made = save_rules(standing=standing, text=text)
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request, _("Version %(version)s is saved.") % {"version": made.version}
            )
            return redirect(url(standing, "rules"))
    return shown(
        request,
        standing,
        "rules",
        "rules_edit",
        {"form": form, "last": last},
        422 if posted is not None else 200,
    )


@require_POST
@vendor
def check(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Say what is wrong with a draft, or what it would change for invoices that are booked."""
    context: dict[str, Any] = {}
    try:
        draft = read_text(request.POST.get("text", ""))
    except ActionError as error:
        context["problems"] = error.message.split("\n")
    else:
        context |= {
            "draft": draft,
            "table": rules_table(draft, level_words(standing)),
            "preview": preview(standing, draft),
        }
    if "HX-Request" in request.headers:
        return render(request, "commissions/_checked.html", context)
    return shown(request, standing, "rules", "checked", context)


_FIRST = """schema: commission/1
id: {name}
version: "{year}.1"
words: {{de: Provision, en: Commission}}
effective: {{from: {year}-01-01}}
currency: EUR
levels: [silver, gold]          # {levels}
products:
  licence:
    words: {{de: Lizenz, en: Licence}}
    rate: {{none: 5 %, silver: 10 %, gold: 15 %}}
    clawback: {{within_months: 12}}
  project:
    words: {{de: Projekt, en: Project}}
    rate: 10 %
    earned:
      milestones:
        - {{id: signed, words: {{de: Unterschrieben, en: Signed}}, share: 40 %}}
        - {{id: live, words: {{de: In Betrieb, en: Live}}, share: 60 %}}
minimum_payout: {{EUR: 25}}
"""
BEGINNING = {
    "de": _FIRST.format(
        name="provision", year=2026, levels="die Kennungen Ihrer Stufen, unterste zuerst"
    ),
    "en": _FIRST.format(
        name="commission", year=2026, levels="the ids of your levels, lowest first"
    ),
}

urlpatterns = [
    path(VENDOR + "rules/", rules, name="rules"),
    path(VENDOR + "rules/new/", edit, name="rules_new"),
    path(VENDOR + "rules/check/", check, name="rules_check"),
]
