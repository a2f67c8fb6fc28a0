"""Change what the vendor knows of a partner."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.partners import change_partner
from mutualist.apps.programme.checklists import kinds_of
from mutualist.apps.programme.doors import for_vendor, vendor_context
from mutualist.apps.programme.forms import ChangeForm, name_abilities
from mutualist.apps.programme.queries.ability_names import abilities_said, names_for_reader
from mutualist.apps.programme.queries.joining import checklist_of
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.standing import Standing

_AS_THEY_ARE = (
    *("name", "external_id", "kind", "country", "postal_code", "place", "website", "vat_id"),
    "capacity",
)


@require_http_methods(["GET", "POST"])
@for_vendor
def change(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Show what is known of a partner, and change it."""
    if not standing.writes:
        raise NotAllowed
    found = relation_for(standing, relation)
    kinds = kinds_of(checklist_of(standing.programme), (get_language() or "en")[:2])
    if found.kind:
        kinds.setdefault(found.kind, found.kind)
    above = found.parent
    names = names_for_reader(standing.programme)
    shown = {
        **{name: getattr(found, name) for name in _AS_THEY_ARE},
        "parent": (above.external_id or above.name) if above else "",
        "abilities": ", ".join(abilities_said(found.abilities, names)),
        "languages": ", ".join(found.languages),
    }
    form = ChangeForm(request.POST or None, initial=shown, kinds=kinds, country=found.country)
    name_abilities(form, names)
    if request.method == "POST" and form.is_valid():
        try:
            change_partner(standing=standing, relation=found, **form.fields_of_partner)
        except ActionError as error:
            form.add_error(
                "parent" if error.code == "partner_parent" else "external_id", error.message
            )
        else:
            messages.success(request, _("Saved."))
            return redirect("programme:partner", standing.programme_uid, found.uid)
    context = vendor_context(standing, "partners", form=form, partner=found)
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/change.html", context, status=status)


urlpatterns = [
    path("programmes/<uuid:programme>/partners/<uuid:relation>/change/", change, name="change"),
]
