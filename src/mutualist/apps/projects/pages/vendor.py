"""The vendor's pages: what waits, one project with its conflict, the rules of protection."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.doors import for_vendor, vendor_context
from mutualist.apps.programme.public import Standing
from mutualist.apps.projects import actions, queries
from mutualist.apps.projects.content import Mistakes
from mutualist.apps.projects.exports import table
from mutualist.apps.projects.forms import ApproveForm, AskForm, NoteForm, ReasonForm, RulesForm
from mutualist.apps.projects.pages.ways import (
    decision,
    explained,
    filters,
    history,
    made,
    ruling,
    seen_in,
    state_of,
    url,
)
from mutualist.apps.projects.proofs import proof_file
from mutualist.apps.projects.words import rejection_words

VIEWS = {
    "waiting": gettext_lazy("Waiting for you"),
    "question": gettext_lazy("Question to the partner"),
    "protected": gettext_lazy("Protected"),
    "over": gettext_lazy("Over"),
}
DONE = {
    "take_up": gettext_lazy("Taken up."),
    "ask": gettext_lazy("The partner has your question."),
    "approve": gettext_lazy("Accepted. The partner is told."),
    "reject": gettext_lazy("Not accepted. The partner is told."),
    "release": gettext_lazy("The protection has ended. The partner is told."),
    "extend": gettext_lazy("Extended. The partner is told."),
}


@require_safe
@for_vendor
def queue(request: HttpRequest, standing: Standing) -> HttpResponse:
    """List projects: what waits first, by the time the answer is due."""
    view = request.GET.get("view", "waiting")
    search = " ".join(request.GET.get("q", "").split())[:80]
    if search and "view" not in request.GET:
        view = ""
    if request.GET.get("format") in {"csv", "xlsx"}:
        return table(
            standing, request.GET["format"], view=request.GET.get("view", ""), search=search
        )
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < 6 else 1
    found, more = queries.lines(standing, view=view, search=search, page=page)
    counted = queries.counts(standing)
    context = vendor_context(
        standing,
        "projects",
        nothing=not any(counted.values()) and not search,
        lines=[(line, state_of(line.row.state), decision(line.conflict)) for line in found],
        filters=filters(standing, counted, view, VIEWS),
        view=view,
        search=search,
        page=page,
        more=more,
    )
    return render(request, "projects/queue.html", context)


@require_http_methods(["GET", "POST"])
@for_vendor
def project(request: HttpRequest, standing: Standing, project: UUID) -> HttpResponse:
    """Show one project with its conflict, and take a decision about it."""
    shown = queries.project(standing, project)
    forms = _forms(shown)
    status = 200
    if request.method == "POST":
        if not standing.writes:
            raise NotAllowed
        move = request.POST.get("move", "")
        if move not in DONE:
            raise NotAllowed
        form = _forms(shown, request.POST, move)[move]
        given: dict[str, Any] = {"standing": standing, "project": project, "seen": seen_in(request)}
        if made(
            request,
            form,
            lambda: getattr(actions, move)(**given, **form.cleaned_data),
            str(DONE[move]),
        ):
            return redirect(url(standing, "project", project=project))
        shown, status = queries.project(standing, project), 422
        forms = {**_forms(shown), move: form}
    row = shown.row
    met = [
        (
            one,
            decision(one.decision),
            explained(one.reasons),
            state_of(one.row.state) if one.row else None,
        )
        for one in queries.met(standing, shown.check)
    ]
    context = vendor_context(
        standing,
        "projects",
        shown=shown,
        row=row,
        state=state_of(row.state),
        late=queries.Line(row, "", "").late,
        reason=rejection_words(row.reason, vendor=True)
        if row.reason and row.state != "lost"
        else "",
        met=met,
        ruling=ruling(shown.check.ruling) if shown.check else "",
        history=history(shown),
        forms=forms,
        url_proof=url(standing, "proof", project=project),
    )
    return render(request, "projects/vendor_project.html", context, status=status)


def _forms(shown: queries.Project, posted: Any = None, move: str = "") -> dict[str, Any]:
    conflict = bool(shown.check and shown.check.hits)
    made_of: dict[str, Any] = {
        "take_up": _Nothing,
        "approve": lambda data: ApproveForm(data, conflict=conflict),
        "ask": AskForm,
        "reject": ReasonForm,
        "extend": NoteForm,
        "release": ReasonForm,
    }
    wanted = [move] if move else [name for name in made_of if name in shown.may]
    made = {name: made_of[name](posted if name == move else None) for name in wanted}
    for name, form in made.items():
        form.auto_id = f"{name}_%s"  # they stand on one page, and a label belongs to one field
    return made


class _Nothing(NoteForm):
    """A move without words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["note"]


@require_http_methods(["GET", "POST"])
@for_vendor
def rules(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show the rules of protection and save new ones."""
    found, number = queries.protection_of(standing.programme)
    form = RulesForm(found, request.POST or None)
    status = 200
    if request.method == "POST":
        if not standing.writes:
            raise NotAllowed
        if form.is_valid():
            try:
                actions.save_protection(
                    standing=standing, rules=form.cleaned_data, seen=seen_in(request)
                )
            except Mistakes as error:
                form.refuse(error.fields)
            except ActionError as error:
                form.add_error(None, error.message)
            else:
                return redirect(url(standing, "queue"))
        status = 422
    context = vendor_context(standing, "projects", form=form, number=number, rules=found)
    return render(request, "projects/rules.html", context, status=status)


@require_safe
@for_vendor
def proof(request: HttpRequest, standing: Standing, project: UUID) -> HttpResponse:  # noqa: ARG001 - the shape of pages
    """Hand out the signed history of a project."""
    return proof_file(queries.project(standing, project))


BASE = "programmes/<uuid:programme>/projects/"
urlpatterns = [
    path(BASE, queue, name="queue"),
    path(f"{BASE}rules/", rules, name="rules"),
    path(f"{BASE}<uuid:project>/", project, name="project"),
    path(f"{BASE}<uuid:project>/proof.json", proof, name="proof"),
]
