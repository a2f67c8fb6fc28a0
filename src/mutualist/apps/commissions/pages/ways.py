"""The ways people come: a vendor, a partner with an account, a partner by a mailed link. One page serves the last two."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mutualist.apps.programme.doors import (
    for_partner,
    for_vendor,
    partner_paths,
    partner_url,
    vendor_context,
)
from mutualist.apps.programme.public import Standing

Page = Callable[..., HttpResponse]
VENDOR = "programmes/<uuid:programme>/commissions/"
vendor = for_vendor


def own(place: str, view: Page, name: str) -> list[Any]:
    """Return the two addresses of a partner's page: with an account, and by a mailed link."""
    served = for_partner(view)

    @wraps(served)
    def careful(request: HttpRequest, **named: Any) -> HttpResponse:
        response = served(request, **named)
        if "token" in named:
            # The token stands in the address: it must not be told to another site. "no-referrer" would say so as well,
            # but with it browsers send forms without an origin, and they would be refused.
            response["Referrer-Policy"] = "same-origin"
        return response

    return partner_paths(f"commissions/{place}", careful, name)


def url(standing: Standing, name: str, **rest: Any) -> str:
    """Return the address of a page for whoever stands there."""
    if standing.side == "vendor":
        return reverse(f"commissions:{name}", kwargs={"programme": standing.programme_uid, **rest})
    return partner_url(standing, f"commissions:{name}", **rest)


def shown(
    request: HttpRequest,
    standing: Standing,
    here: str,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Render a page of the vendor with the bar of its commissions."""
    pages = (
        ("overview", _("Overview")),
        ("invoices", _("Invoices")),
        ("rules", _("Commission rules")),
        ("payments", _("Payments")),
        ("journal", _("Journal")),
    )
    bar = [
        {"label": label, "url": url(standing, name), "current": name == here}
        for name, label in pages
    ]
    values = vendor_context(standing, "commissions", commission_pages=bar, **context)
    return render(request, f"commissions/{template}.html", values, status=status)
