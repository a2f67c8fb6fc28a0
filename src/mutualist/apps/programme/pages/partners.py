"""The vendor's partners: the list, a new one, and the page of one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.life import steps_from
from mutualist.apps.programme.actions.partners import add_contact, add_partner
from mutualist.apps.programme.beside import sections_of
from mutualist.apps.programme.doors import for_vendor, vendor_context
from mutualist.apps.programme.forms import PartnerForm, name_abilities
from mutualist.apps.programme.listing_form import FilterForm, wanted_of
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.pages.cards import card_of, held_by, kind_word
from mutualist.apps.programme.pages.figures import figures_of, list_url
from mutualist.apps.programme.pages.partner_files import MOST_IN_WORKBOOK, partner_table
from mutualist.apps.programme.queries.ability_names import names_for_reader
from mutualist.apps.programme.queries.level_order import level_names
from mutualist.apps.programme.queries.listing import (
    SOON,
    Wanted,
    abilities_listed,
    countries_listed,
    listed,
)
from mutualist.apps.programme.queries.notes import notes_of
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.queries.people import people_of
from mutualist.apps.programme.standing import Standing
from mutualist.apps.programme.words import KINDS, STATES, state_word

PER_PAGE = 25


@require_safe
@for_vendor
def partners(request: HttpRequest, standing: Standing) -> HttpResponse:
    """List the partners that are asked for, below the four counters."""
    wanted = wanted_of(request.GET)
    levels = level_names(standing.programme, today(), (get_language() or "en")[:2])
    found = listed(standing, wanted, today(), levels)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    names = names_for_reader(standing.programme)
    form = FilterForm(
        wanted.query(),
        levels=levels,
        abilities=abilities_listed(standing, names),
        countries=countries_listed(standing),
    )
    context = vendor_context(
        standing,
        "partners",
        page=page,
        rows=[(one, levels.get(one.level, one.level), STATES[one.state]) for one in page],
        wanted=wanted,
        form=form,
        ability_names=names,
        figures=figures_of(standing),
        heads=_heads(wanted),
        asked=urlencode(wanted.query()),
        in_force=bool(levels),
        pages=urlencode({**wanted.query(), "page": ""}).removesuffix("="),
        day=today(),
        soon=today() + SOON,
    )
    return render(request, "programme/partners.html", context)


def _heads(wanted: Wanted) -> list[tuple[str, str, str]]:
    """Return the heads of the table: the word, the address that sorts by it, and how it is sorted now."""
    heads = (
        ("name", _("Partner")),
        ("level", _("Level")),
        ("since", _("Since")),
        ("place", _("Place")),
        ("falls", _("At risk")),
    )
    found = []
    for key, word in heads:
        down = wanted.sort == key
        state = "ascending" if down else "descending" if wanted.sort == f"-{key}" else ""
        found.append((word, "?" + urlencode(wanted.query(sort=f"-{key}" if down else key)), state))
    return found


@require_safe
@for_vendor
def table(request: HttpRequest, standing: Standing, kind: str) -> HttpResponse:
    """Hand out what the filter shows, as a file."""
    wanted = wanted_of(request.GET)
    levels = level_names(standing.programme, today(), (get_language() or "en")[:2])
    found = listed(standing, wanted, today(), levels)
    if kind == "xlsx" and found.count() > MOST_IN_WORKBOOK:
        messages.error(
            request,
            _(
                "A workbook holds up to {most} partners. Filter further, or take the CSV file."
            ).format(most=MOST_IN_WORKBOOK),
        )
        return redirect(list_url(standing, **wanted.query()))
    return partner_table(standing, kind, found, levels)


@require_http_methods(["GET", "POST"])
@for_vendor
def add(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Add a partner by hand."""
    if not standing.writes:
        raise NotAllowed
    form = PartnerForm(request.POST or None)
    name_abilities(form, names_for_reader(standing.programme))
    known = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = add_partner(
                standing=standing, name=form.cleaned_data["name"], **form.fields_of_partner
            )
            if form.cleaned_data["contact_email"]:
                add_contact(
                    standing=standing,
                    relation=made,
                    name=form.cleaned_data["contact_name"],
                    email=form.cleaned_data["contact_email"],
                )
        except ActionError as error:
            form.add_error(None, error.message)
            known = str(error.params.get("uid", ""))
        else:
            return redirect("programme:partner", standing.programme_uid, made.uid)
    status = 422 if request.method == "POST" else 200
    context = vendor_context(standing, "partners", form=form, known=known)
    return render(request, "programme/add.html", context, status=status)


@require_safe
@for_vendor
def partner(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Show what is known of a partner: the same that the partner sees of itself."""
    return partner_page(request, standing, relation_for(standing, relation))


def partner_page(
    request: HttpRequest,
    standing: Standing,
    found: Relation,
    problem: ActionError | None = None,
    **more: Any,
) -> HttpResponse:
    """Answer with the page of a partner; after a refusal with what was wrong and what was typed."""
    context = vendor_context(
        standing,
        "partners",
        partner=found,
        card=card_of(found),
        **held_by(found),
        sections=sections_of(standing, found.pk),
        kind=kind_word(standing.programme, found.kind),
        notes=notes_of(standing, found.pk),
        people=people_of(found.pk),
        people_url=reverse("programme:people", args=[standing.programme_uid, found.uid]),
        state=state_word(found.state),
        state_kind=KINDS.get(found.state, ""),
        steps=[step for step in steps_from(found.state) if standing.writes],
        problem=problem.message if problem else "",
        **more,
    )
    status = problem.status if problem else 200
    return render(request, "programme/partner.html", context, status=status)


urlpatterns = [
    path("programmes/<uuid:programme>/", partners, name="partners"),
    path("programmes/<uuid:programme>/partners.csv", table, {"kind": "csv"}, name="partners_csv"),
    path(
        "programmes/<uuid:programme>/partners.xlsx", table, {"kind": "xlsx"}, name="partners_xlsx"
    ),
    path("programmes/<uuid:programme>/partners/new/", add, name="add"),
    path("programmes/<uuid:programme>/partners/<uuid:relation>/", partner, name="partner"),
]
