"""A neutral host's rooms: many at once from a workbook, progress, anonymous figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.errors import ActionError
from mutualist.apps.identity.queries import organisations_of
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.pages.access import actor_of, with_account

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _hosts(request: HttpRequest) -> tuple[Any, list[Any]]:
    """Return the organisation one convenes for, and those one may choose from."""
    actor = actor_of(request)
    wanted = request.POST.get("organisation") or request.GET.get("organisation")
    allowed = list(organisations_of(actor).filter(pk__in=actor.organisations("owner", "member")))
    host = next((o for o in allowed if str(o.uid) == wanted), allowed[0] if allowed else None)
    return host, allowed


@require_http_methods(["GET", "POST"])
@with_account
def convene(request: HttpRequest) -> HttpResponse:
    """Show the rooms one convenes; make many at once from a workbook, all or none."""
    actor = actor_of(request)
    host, hosts = _hosts(request)
    if host is None:
        messages.info(request, _("A room belongs to an organisation. Create yours first."))
        return redirect("identity:organisation")
    problem: ActionError | None = None
    if request.method == "POST":
        file = request.FILES.get("workbook")
        if file is None:
            messages.error(request, _("Choose a workbook (.xlsx) first."))
            return redirect("rooms:convene")
        try:
            made = actions.create_rooms_from_workbook(actor=actor, host=host, data=file.read())
        except ActionError as error:
            problem = error
        else:
            messages.success(request, _("Rooms made: %(count)s.") % {"count": len(made)})
            return redirect("rooms:convene")
    statistics = queries.host_statistics(actor, host)
    context = {
        "host": host,
        "organisations": hosts,
        "cards": queries.convened_page(actor, host, request.GET.get("page", 1), statistics),
        "page_parameter": f"organisation={host.uid}&page",
        "statistics": statistics,
        "problem": problem,
    }
    return render(request, "rooms/lifecycle/convene.html", context, status=422 if problem else 200)


@require_safe
@with_account
def bulk_template(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Give the empty workbook for many rooms."""
    from mutualist.apps.rooms.bulk import bulk_template as make

    response = HttpResponse(make(translation.get_language() or "en"), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="mutualist-rooms.xlsx"'
    return response


urlpatterns = [
    path("convene/", convene, name="convene"),
    path("convene/template.xlsx", bulk_template, name="bulk_template"),
]
