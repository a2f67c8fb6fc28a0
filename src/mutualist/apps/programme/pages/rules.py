"""The rules of a programme: the version in force, those before, and the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, Conflict, NotAllowed
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.programme.actions.programmes import checked_rules, save_rules
from mutualist.apps.programme.doors import for_vendor, vendor_context
from mutualist.apps.programme.queries.doubts import doubts_about
from mutualist.apps.programme.queries.preview import Change, changes_between, changes_by
from mutualist.apps.programme.queries.rules import rules_of, version_of, versions_of
from mutualist.apps.programme.standing import Standing
from mutualist.library.programme_changes import line_of, rule_changes


@require_http_methods(["GET", "POST"])
@for_vendor
def rules(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show and change the rules; what is typed is checked while it is typed."""
    versions = versions_of(standing)
    typed = request.POST.get("rules", versions[0].content if versions else "")
    if request.method == "POST" and request.headers.get("HX-Request"):
        leave_out(request)
        return render(request, "programme/_checked.html", _checked(standing, typed))
    problem, newer, wanted = "", "", request.POST.get("since", "")
    newest = versions[0].number if versions else 0
    seen = _number(request.POST["seen"]) if "seen" in request.POST else newest
    changes: list[Change] | None = None
    if request.method == "POST" and request.POST.get("do") == "preview":
        leave_out(request)
        try:
            changes = changes_by(standing, checked_rules(typed), today())
        except ActionError as error:
            problem = error.message
    elif request.method == "POST":
        if not standing.writes:
            raise NotAllowed
        try:
            save_rules(
                standing=standing,
                rules=typed,
                since=_day(wanted),
                note=request.POST.get("note", ""),
                seen=seen,
            )
        except Conflict as error:
            newer, seen = error.message, newest
        except ActionError as error:
            problem = error.message
        else:
            messages.success(request, _("Saved as a new version."))
            return redirect("programme:rules", standing.programme_uid)
    context = vendor_context(
        standing,
        "rules",
        versions=versions,
        typed=typed,
        problems=_told(problem, typed),
        changes=changes,
        newer=newer,
        seen=seen,
        note=request.POST.get("note", ""),
        since=wanted or (today() + timedelta(days=1)).isoformat(),
    )
    status = 409 if newer else 422 if problem else 200
    return render(request, "programme/rules.html", context, status=status)


def _day(wanted: str) -> date:
    try:
        found = parse_date(wanted)
    except ValueError:
        found = None
    if found is None:
        raise ActionError(
            "rules_day",
            _("Give the day from which the rules are in force, as 2027-01-01 (now {day})."),
            day=wanted[:20] or "–",
        )
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """Something wrong with the rules, and the line to look at where one is known."""

    text: str
    line: int | None


def _checked(standing: Standing, typed: str) -> dict[str, list[Told]]:
    """Return what keeps rules from being used, and what to look at again where nothing does."""
    try:
        found = checked_rules(typed)
    except ActionError as error:
        return {"problems": _told(error.message, typed), "doubts": []}
    language = (get_language() or "en")[:2]
    said = [one.message(language) for one in doubts_about(standing, found)]
    return {"problems": [], "doubts": _told("\n".join(said), typed)}


def _told(problem: str, typed: str) -> list[Told]:
    """Return the sentences of a refusal, each with the line of the place it begins with."""
    return [
        Told(one, line_of(typed, one.partition(": ")[0]) if ": " in one else None)
        for one in problem.splitlines()
    ]


@require_GET
@for_vendor
def compare(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show what differs between two versions, and which partners rise or fall by it today."""
    if not {"from", "to"} & request.GET.keys():
        # Two versions are chosen beside the rules.
        return redirect("programme:rules", standing.programme_uid)
    older = version_of(standing, _number(request.GET.get("from", "")))
    newer = version_of(standing, _number(request.GET.get("to", "")))
    language = (get_language() or "en")[:2]
    context = vendor_context(
        standing,
        "rules",
        older=older,
        newer=newer,
        versions=versions_of(standing),
        differences=rule_changes(older.content, newer.content, language),
        changes=changes_between(standing, rules_of(older), rules_of(newer), today()),
    )
    return render(request, "programme/rules_compare.html", context)


def _number(given: str) -> int:
    """Return the number of a version; no version has the number 0."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


urlpatterns = [
    path("programmes/<uuid:programme>/rules/", rules, name="rules"),
    path("programmes/<uuid:programme>/rules/compare/", compare, name="rules_compare"),
]
