"""Pages to rate the other side: the vendor about a partner, the partner about the vendor."""

from __future__ import annotations

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.doors import (
    for_partner,
    for_vendor,
    partner_paths,
    vendor_context,
)
from mutualist.apps.programme.public import Standing, relation_for
from mutualist.apps.ratings.actions import give_rating
from mutualist.apps.ratings.forms import RatingForm
from mutualist.apps.ratings.presenters import told
from mutualist.apps.ratings.queries import rounds_of


def _answered(request: HttpRequest, standing: Standing, relation: Any) -> dict[str, Any] | None:
    """Return what the page shows; nothing once the rating is stored."""
    mine = rounds_of(standing, relation.pk)[0].ratings.get(standing.side)
    before = {"comment": mine.comment, **mine.stars} if mine else {}
    form = RatingForm(request.POST or None, side=standing.side, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            give_rating(
                standing=standing,
                relation=str(relation.uid),
                stars=form.stars,
                comment=form.cleaned_data["comment"],
            )
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            both = rounds_of(standing, relation.pk)[0].public
            said = (
                _("Your rating is kept. Both sides have rated and read each other now.")
                if both
                else _("Your rating is kept. The other side reads it when it has rated as well.")
            )
            messages.success(request, said)
            return None
    return {"form": form, "partner": relation, **told(standing, relation.pk)}


@require_http_methods(["GET", "POST"])
@for_vendor
def rate(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Rate a partner."""
    content = _answered(request, standing, relation_for(standing, relation))
    if content is None:
        return HttpResponseRedirect(request.path)
    values = vendor_context(standing, "partners", **content)
    status = 422 if content["form"].errors else 200
    return render(request, "ratings/rate.html", values, status=status)


@require_http_methods(["GET", "POST"])
@for_partner
def own(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Rate the vendor."""
    content = _answered(request, standing, relation_for(standing, str(standing.relation_uid)))
    if content is None:
        return HttpResponseRedirect(request.path)
    status = 422 if content["form"].errors else 200
    values = {"standing": standing, **content}
    return render(request, "ratings/own.html", values, status=status)


@wraps(own)
def _careful(request: HttpRequest, **named: Any) -> HttpResponse:
    response = own(request, **named)
    if "token" in named:
        # The token stands in the address: it must not be told to another site.
        response["Referrer-Policy"] = "same-origin"
    return response


urlpatterns = [
    path("programmes/<uuid:programme>/partners/<uuid:relation>/rating/", rate, name="rate"),
    *partner_paths("rating/", _careful, "own"),
]
