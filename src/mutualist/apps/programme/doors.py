"""Who may see a page: the vendor's people, or those of one partner, with an account or by a mailed link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mutualist.apps.core.asking import actor_of
from mutualist.apps.programme.beside import PartnerTab, partner_tabs, tabs
from mutualist.apps.programme.queries.ability_names import names_for_reader
from mutualist.apps.programme.standing import (
    LinkRunOut,
    Standing,
    link_standing,
    partner_standing,
    vendor_standing,
)

View = Callable[..., HttpResponse]

_FIRST = [PartnerTab(gettext_lazy("Overview"), "programme:own")]
_LAST = [
    PartnerTab(gettext_lazy("Levels"), "programme:own_levels"),
    PartnerTab(gettext_lazy("Profile"), "programme:profile", writers=True),
    PartnerTab(gettext_lazy("Your people"), "programme:people_own", writers=True),
]


def for_vendor(view: View) -> View:
    """Give a page the standing of the vendor's member who asks for it.

    The address names the programme as ``programme``; others than its members see 404, strangers the login page.
    """

    @wraps(view)
    def checked(request: HttpRequest, programme: UUID, **named: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.user_id is None:
            return redirect_to_login(request.get_full_path())
        return view(request, vendor_standing(actor, programme), **named)

    return checked


def for_partner(view: View) -> View:
    """Give a page the standing of a partner: by ``relation`` with an account, or by ``token`` from a mail."""

    @wraps(view)
    def checked(
        request: HttpRequest, relation: UUID | None = None, token: str = "", **named: Any
    ) -> HttpResponse:
        if token:
            try:
                standing = link_standing(token, get_language() or "en")
            except LinkRunOut:
                return render(request, "programme/link_run_out.html", {"token": token}, status=410)
            return view(request, standing, **named)
        actor = actor_of(request)
        if actor.user_id is None:
            return redirect_to_login(request.get_full_path())
        return view(request, partner_standing(actor, str(relation)), **named)

    return checked


def partner_paths(place: str, view: View, name: str) -> list[Any]:
    """Return both addresses of a partner's page: with an account, and by a mailed link (``<name>_link``)."""
    return [
        path(f"partner/<uuid:relation>/{place}", view, name=name),
        path(f"p/<str:token>/{place}", view, name=f"{name}_link"),
    ]


def partner_url(standing: Standing, name: str, **named: Any) -> str:
    """Return the address of a partner's page in the way this partner came."""
    app, page = name.split(":")
    if standing.token:
        return reverse(f"{app}:{page}_link", kwargs={"token": standing.token, **named})
    return reverse(f"{app}:{page}", kwargs={"relation": standing.relation_uid, **named})


def partner_bar(standing: Standing, path: str) -> list[dict[str, Any]]:
    """Return the tabs of a partner's own pages.

    Parameters
    ----------
    path
        Of the page that is shown; it belongs to the tab whose address it begins with furthest.
    """
    shown = [one for one in (*_FIRST, *partner_tabs, *_LAST) if standing.writes or not one.writers]
    items = [{"label": one.label, "url": partner_url(standing, one.route)} for one in shown]
    over = [one["url"] for one in items if path.startswith(one["url"])]
    current = max(over, key=len, default="")
    return [{**one, "current": one["url"] == current} for one in items]


def vendor_context(standing: Standing, current: str, **more: Any) -> Mapping[str, Any]:
    """Return what ``programme/base.html`` shows around a vendor's page.

    Parameters
    ----------
    current
        Key of the tab the page belongs to.
    """
    own = [
        ("partners", _("Partners"), "programme:partners"),
        ("applications", _("Applications"), "programme:applications"),
        ("reviews", _("Reviews"), "programme:reviews"),
    ]
    last = [
        ("facts", _("Facts"), "programme:importing"),
        ("rules", _("Rules"), "programme:rules"),
    ]
    entries = [*own, *((tab.key, tab.label, tab.route) for tab in tabs), *last]
    items = [
        {
            "label": label,
            "url": reverse(route, args=[standing.programme_uid]),
            "current": key == current,
        }
        for key, label, route in entries
    ]
    names = names_for_reader(standing.programme)
    return {"standing": standing, "tab_items": items, "ability_names": names, **more}
