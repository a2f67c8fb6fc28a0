"""The programmes one runs or takes part in, and the way to a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.asking import actor_of, with_account
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.identity.queries import organisations_of
from mutualist.apps.programme.actions.programmes import begin_programme
from mutualist.apps.programme.forms import BeginForm
from mutualist.apps.programme.pages.home import own_programmes
from mutualist.apps.programme.queries.programmes import programmes_of


@require_safe
@with_account
def list_page(request: HttpRequest) -> HttpResponse:
    """Show the programmes somebody runs, and those they take part in, side by side."""
    actor = actor_of(request)
    context = {
        "run": programmes_of(actor),
        "part": own_programmes(actor),
        "may_begin": bool(actor.organisations("owner", "member")),
    }
    return render(request, "programme/list.html", context)


@require_http_methods(["GET", "POST"])
@with_account
def new(request: HttpRequest) -> HttpResponse:
    """Begin a programme from rules that come with the product, or from rules of one's own."""
    actor = actor_of(request)
    writing = actor.organisations("owner", "member")
    owners = list(organisations_of(actor).filter(pk__in=writing))
    if not owners:
        messages.info(request, _("A programme belongs to an organisation. Create yours first."))
        return redirect("identity:organisation")
    form = BeginForm(owners, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = begin_programme(
                actor=actor,
                organisation=UUID(form.cleaned_data["organisation"]),
                name=form.cleaned_data["name"],
                rules=form.rules,
                since=form.cleaned_data["since"] or today(),
                language=form.cleaned_data["language"],
            )
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            return redirect("programme:partners", made.uid)
    context: dict[str, Any] = {"form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/new.html", context, status=status)


urlpatterns = [
    path("programmes/", list_page, name="list"),
    path("programmes/new/", new, name="new"),
]
