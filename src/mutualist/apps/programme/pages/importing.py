"""Facts: take a table in from a file, look at what it would do first, take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.downloads import XLSX, download, file_name
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.fact_imports import KEPT, put_aside, put_by, take_back
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.doors import for_vendor, vendor_context
from mutualist.apps.programme.models import FactImport
from mutualist.apps.programme.queries.fact_checking import checked_facts
from mutualist.apps.programme.queries.fact_imports import (
    content_of,
    import_for,
    imports_of,
    last_imports,
    preview,
)
from mutualist.apps.programme.queries.fact_reading import FileRows
from mutualist.apps.programme.queries.rules import rules_of, version_on
from mutualist.apps.programme.standing import Standing
from mutualist.library.programme_sheets import columns_of, template_workbook


@require_http_methods(["GET", "POST"])
@for_vendor
def importing(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Choose a table and a file; every mistake is told by row and column, and nothing is half stored."""
    problems: list[str] = []
    table = request.POST.get("table", "")
    if request.method == "POST":
        try:
            return _taken(request, standing, table)
        except ActionError as error:
            problems = error.message.splitlines()
    return _page(request, standing, problems=problems, chosen=table)


def _taken(request: HttpRequest, standing: Standing, table: str) -> HttpResponse:
    if not standing.writes:
        raise NotAllowed
    name, data = _upload(request)
    rows = FileRows(data, name, table)
    if request.POST.get("do") == "look":
        checked_facts(standing, table, rows)
        waiting = put_by(standing=standing, table=table, file_name=name, content=data)
        return redirect("programme:facts_looked_at", standing.programme_uid, waiting.uid)
    found = import_facts(standing=standing, table=table, rows=rows, file_name=name)
    return _told(request, standing, found)


def _told(request: HttpRequest, standing: Standing, found: Any) -> HttpResponse:
    said = _("{rows} facts are stored: {new} new, {changed} replaced.")
    messages.success(request, said.format(rows=found.rows, new=found.new, changed=found.changed))
    for warning in found.warnings[:5]:
        messages.warning(request, warning)
    return redirect("programme:importing", standing.programme_uid)


@require_http_methods(["GET", "POST"])
@for_vendor
def looked_at(request: HttpRequest, standing: Standing, waiting: UUID) -> HttpResponse:
    """Show what storing a file would do; store it, or put it aside."""
    if not standing.writes:
        raise NotAllowed
    found = import_for(standing, waiting)
    if found.state != FactImport.State.WAITING:
        messages.info(request, _("This file is stored already."))
        return redirect("programme:importing", standing.programme_uid)
    if request.POST.get("do") == "aside":
        put_aside(standing=standing, waiting=waiting)
        messages.info(request, _("The file was put aside; nothing was stored."))
        return redirect("programme:importing", standing.programme_uid)
    try:
        rows = FileRows(content_of(found), found.file_name, found.table)
        if request.method == "POST":
            done = import_facts(standing=standing, table=found.table, rows=rows, waiting=found.uid)
            return _told(request, standing, done)
        ready = checked_facts(standing, found.table, rows)
    except ActionError as error:
        # The rules or the partners have changed since the file was put by.
        return _page(request, standing, problems=error.message.splitlines(), chosen=found.table)
    language = (get_language() or "en")[:2]
    label = ready.rules.tables[found.table].words.of(language)
    context = vendor_context(
        standing, "facts", waiting=found, preview=preview(ready, rows), label=label
    )
    return render(request, "programme/facts_looked_at.html", context)


@require_POST
@for_vendor
def back(request: HttpRequest, standing: Standing, stored: UUID) -> HttpResponse:
    """Take an import back."""
    try:
        found = take_back(standing=standing, stored=stored)
    except ActionError as error:
        return _page(request, standing, refused=error.message, status=error.status)
    said = _("{rows} facts are taken back; what they had replaced counts again.")
    messages.success(request, said.format(rows=found.rows))
    return redirect("programme:importing", standing.programme_uid)


def _page(request: HttpRequest, standing: Standing, **more: Any) -> HttpResponse:
    version = version_on(standing.programme, today())
    language = (get_language() or "en")[:2]
    known = rules_of(version).tables if version else {}
    found, undoable = imports_of(standing), last_imports(standing, since=now() - KEPT)
    tables = [
        {"name": one.name, "label": one.words.of(language), "columns": columns_of(one)}
        for one in known.values()
    ]
    labels = {one["name"]: one["label"] for one in tables}
    imports = [
        {
            "uid": one.uid,
            "label": labels.get(one.table, one.table),
            "at": one.at,
            "rows": one.rows,
            "added": one.added,
            "changed": one.changed,
            "file_name": one.file_name,
            "author": one.author.name if one.author else "",
            "state": one.state,
            "last": one.uid in undoable,
        }
        for one in found
    ]
    problems = more.get("problems")
    status = more.pop("status", 422 if problems else 200)
    context = vendor_context(
        standing, "facts", tables=tables, imports=imports, kept=KEPT.days, **more
    )
    return render(request, "programme/importing.html", context, status=status)


def _upload(request: HttpRequest) -> tuple[str, bytes]:
    upload = request.FILES.get("file")
    if upload is None:
        raise ActionError("facts_file", _("Choose a file."))
    return upload.name or "file", upload.read()


@require_GET
@for_vendor
def template(request: HttpRequest, standing: Standing) -> HttpResponse:  # noqa: ARG001 - the shape of a page
    """Give an empty workbook: a sheet for each table of the rules of today, with its columns."""
    version = version_on(standing.programme, today())
    if version is None:
        raise NotAllowed
    name = file_name(standing.programme_name, "facts", today(), "xlsx")
    return download(template_workbook(rules_of(version)), XLSX, name)


_HOME = "programmes/<uuid:programme>/facts/"
urlpatterns = [
    path(_HOME, importing, name="importing"),
    path(f"{_HOME}template.xlsx", template, name="facts_template"),
    path(f"{_HOME}<uuid:waiting>/", looked_at, name="facts_looked_at"),
    path(f"{_HOME}<uuid:stored>/back/", back, name="facts_back"),
]
