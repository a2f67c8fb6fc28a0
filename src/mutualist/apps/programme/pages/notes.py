"""Notes about a partner: a part of the vendor's page of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.notes import add_note, remove_note
from mutualist.apps.programme.doors import for_vendor
from mutualist.apps.programme.pages.partners import partner_page
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.standing import Standing


@require_POST
@for_vendor
def notes(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Add a note or remove one."""
    found = relation_for(standing, relation)
    if request.POST.get("do") == "remove":
        number = request.POST.get("note", "")
        if not number.isascii() or not number.isdecimal() or len(number) > 18:
            raise NotAllowed
        remove_note(standing=standing, relation=found, note=int(number))
        messages.success(request, _("The note is gone."))
        return redirect("programme:partner", standing.programme_uid, found.uid)
    text = request.POST.get("text", "")
    try:
        add_note(standing=standing, relation=found, text=text)
    except ActionError as error:
        return partner_page(request, standing, found, error, noted=text)
    messages.success(request, _("Noted."))
    return redirect("programme:partner", standing.programme_uid, found.uid)


urlpatterns = [
    path("programmes/<uuid:programme>/partners/<uuid:relation>/notes/", notes, name="notes"),
]
