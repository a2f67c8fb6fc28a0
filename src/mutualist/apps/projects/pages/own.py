"""The partner's pages, with an account or by a mailed link: its projects, a new one, one with what can be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.mail import absolute
from mutualist.apps.programme.public import Standing
from mutualist.apps.projects import actions, queries
from mutualist.apps.projects.content import Mistakes
from mutualist.apps.projects.exports import calendar, table
from mutualist.apps.projects.forms import AppealForm, LossForm, NoteForm, ProjectForm, initial_of
from mutualist.apps.projects.pages.ways import (
    filters,
    history,
    made,
    own_paths,
    seen_in,
    state_of,
    url,
)
from mutualist.apps.projects.proofs import proof_file
from mutualist.apps.projects.words import rejection_words
from mutualist.domain.programme.registration import OPEN_TO_PARTNER, PROTECTED

VIEWS = {
    "waiting": gettext_lazy("With the vendor"),
    "question": gettext_lazy("Question to you"),
    "protected": gettext_lazy("Protected"),
    "over": gettext_lazy("Over"),
    "draft": gettext_lazy("Drafts"),
}
DONE = {
    "submit": gettext_lazy("Received. You hear from the vendor within the time promised."),
    "appeal": gettext_lazy("Your objection is with the vendor."),
    "ask_extension": gettext_lazy("The vendor has your wish."),
    "win": gettext_lazy("Congratulations: noted as won."),
    "lose": gettext_lazy("Noted as lost."),
    "withdraw": gettext_lazy("Withdrawn."),
}


@require_safe
def own_list(request: HttpRequest, standing: Standing) -> HttpResponse:
    """List the partner's own projects."""
    view = request.GET.get("view", "")
    search = " ".join(request.GET.get("q", "").split())[:80]
    if request.GET.get("format") in {"csv", "xlsx"}:
        return table(standing, request.GET["format"], view=view, search=search)
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < 6 else 1
    found, more = queries.lines(standing, view=view, search=search, page=page)
    counted = queries.counts(standing)
    context = {
        "standing": standing,
        "nothing": not any(counted.values()) and not search,
        "lines": [
            (line, state_of(line.row.state), url(standing, "project", project=line.row.uid))
            for line in found
        ],
        "filters": filters(standing, counted, view, VIEWS),
        "view": view,
        "search": search,
        "page": page,
        "more": more,
        "url_new": url(standing, "new"),
    }
    return render(request, "projects/own_list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Register a project, or keep it as a draft."""
    if not standing.writes:
        raise NotAllowed
    form, known = ProjectForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        draft = "draft" in request.POST
        try:
            row = actions.register(standing=standing, content=form.content, draft=draft)
        except Mistakes as error:
            form.refuse(error.fields)
        except ActionError as error:
            form.add_error(None, error.message)
            known = _known(standing, error)
        else:
            messages.success(request, _("Kept as a draft.") if draft else str(DONE["submit"]))
            return redirect(url(standing, "project", project=row.uid))
    rules, _number = queries.protection_of(standing.programme)
    context = {
        "standing": standing,
        "form": form,
        "url_known": known,
        "rules": rules,
        "url_list": url(standing, "list"),
    }
    return render(request, "projects/own_new.html", context, status=_status(request))


def _known(standing: Standing, error: ActionError) -> str:
    """Return the address of the project that is registered already, where that is why it was refused."""
    uid = error.params.get("uid")
    return url(standing, "project", project=uid) if uid else ""


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, standing: Standing, project: UUID) -> HttpResponse:
    """Change a draft, or a project the vendor asked about."""
    shown = queries.project(standing, project)
    if not standing.writes or shown.row.state not in OPEN_TO_PARTNER:
        raise NotAllowed
    form = ProjectForm(request.POST or None, initial=initial_of(shown.row, shown.withheld))
    known = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(
                standing=standing, project=project, content=form.content, seen=seen_in(request)
            )
        except Mistakes as error:
            form.refuse(error.fields)
        except ActionError as error:
            form.add_error(None, error.message)
            known = _known(standing, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(url(standing, "project", project=project))
    context = {
        "standing": standing,
        "form": form,
        "url_known": known,
        "shown": shown,
        "row": shown.row,
        "rules": shown.rules,
        "url_list": url(standing, "project", project=project),
    }
    return render(request, "projects/own_new.html", context, status=_status(request))


@require_http_methods(["GET", "POST"])
def own_project(request: HttpRequest, standing: Standing, project: UUID) -> HttpResponse:
    """Show one project and what the partner can do about it."""
    shown = queries.project(standing, project)
    forms, status = _forms(shown), 200
    if request.method == "POST":
        if not standing.writes:
            raise NotAllowed
        move = request.POST.get("move", "")
        if move == "delete":
            return _delete(request, standing, project)
        if move not in DONE:
            raise NotAllowed
        form = _FORMS[move](request.POST, auto_id=f"{move}_%s")
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
    context = {
        "standing": standing,
        "shown": shown,
        "row": row,
        "state": state_of(row.state),
        "reason": rejection_words(row.reason, vendor=False)
        if row.reason and row.state != "lost"
        else "",
        "history": history(shown),
        "forms": forms,
        "may_edit": standing.writes and row.state in OPEN_TO_PARTNER,
        "is_protected": row.state in PROTECTED,
        "url_list": url(standing, "list"),
        "url_edit": url(standing, "edit", project=project),
        "url_proof": url(standing, "proof", project=project),
        "url_calendar": url(standing, "calendar", project=project),
    }
    return render(request, "projects/own_project.html", context, status=status)


class _Nothing(NoteForm):
    """A move without words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["note"]


_FORMS: dict[str, Any] = {
    "submit": _Nothing,
    "win": _Nothing,
    "lose": LossForm,
    "ask_extension": NoteForm,
    "appeal": AppealForm,
    "withdraw": _Nothing,
}


def _forms(shown: queries.Project) -> dict[str, Any]:
    may = set(shown.may)
    if shown.may_ask_extension and shown.may:
        may.add("ask_extension")
    # They stand on one page, and a label belongs to one field.
    return {name: form(auto_id=f"{name}_%s") for name, form in _FORMS.items() if name in may}


def _delete(request: HttpRequest, standing: Standing, project: UUID) -> HttpResponse:
    actions.delete_draft(standing=standing, project=project)
    messages.success(request, _("The draft is deleted."))
    return redirect(url(standing, "list"))


@require_safe
def own_proof(request: HttpRequest, standing: Standing, project: UUID) -> HttpResponse:  # noqa: ARG001 - the shape of pages
    """Hand out the signed history of a project."""
    return proof_file(queries.project(standing, project))


@require_safe
def own_calendar(request: HttpRequest, standing: Standing, project: UUID) -> HttpResponse:  # noqa: ARG001 - the shape of pages
    """Hand out the end of a protection as a calendar entry."""
    shown = queries.project(standing, project)
    if shown.row.state not in PROTECTED:
        raise NotAllowed
    return calendar(shown, absolute(url(standing, "project", project=project)))


urlpatterns = [
    *own_paths("", own_list, "own_list"),
    *own_paths("new/", new, "own_new"),
    *own_paths("<uuid:project>/", own_project, "own_project"),
    *own_paths("<uuid:project>/edit/", edit, "own_edit"),
    *own_paths("<uuid:project>/proof.json", own_proof, "own_proof"),
    *own_paths("<uuid:project>/protection.ics", own_calendar, "own_calendar"),
]
