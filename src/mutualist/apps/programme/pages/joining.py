"""Apply to a programme, answer applications, and the steps of a new partner."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.actions.joining import (
    accept_agreement,
    add_agreement,
    answer,
    apply,
    change_profile,
    save_checklist,
    tick,
)
from mutualist.apps.programme.checklists import EXAMPLE, kinds_of
from mutualist.apps.programme.doors import (
    for_partner,
    for_vendor,
    partner_paths,
    partner_url,
    vendor_context,
)
from mutualist.apps.programme.forms import ApplicationForm, ProfileForm, name_abilities
from mutualist.apps.programme.queries.ability_names import abilities_said, names_for_reader
from mutualist.apps.programme.queries.joining import (
    acceptances,
    applications_of,
    checklist_of,
    domain_of,
    known_already,
    newest_agreement,
)
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.queries.programmes import programme_by_slug, slug_of
from mutualist.apps.programme.standing import Standing
from mutualist.library.yamlfile import dump


@require_http_methods(["GET", "POST"])
def applying(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a firm apply; the answer is the same whoever applies."""
    programme = programme_by_slug(slug)
    if programme is None:
        raise Http404
    kinds = kinds_of(checklist_of(programme.id), (get_language() or "en")[:2])
    form = ApplicationForm(request.POST or None, kinds=kinds)
    name_abilities(form, names_for_reader(programme.id))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if not data["company_fax"]:
                apply(
                    programme=programme.id,
                    name=data["name"],
                    person=data["person"],
                    email=data["email"],
                    language=(get_language() or "de")[:2],
                    fields=form.fields_of_partner,
                    message=data["message"],
                )
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            return render(request, "programme/applied.html", {"programme": programme})
    context = {"programme": programme, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/applying.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_vendor
def applications(request: HttpRequest, standing: Standing) -> HttpResponse:
    """List the applications that wait, and keep the agreement; a post adds a version of it."""
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "checklist":
                save_checklist(standing=standing, text=request.POST.get("checklist", ""))
            else:
                add_agreement(
                    standing=standing,
                    title=request.POST.get("title", ""),
                    text=request.POST.get("text", ""),
                    since=_day(request.POST.get("since", "")),
                )
        except ActionError as error:
            problem = error.message
        else:
            messages.success(request, _("Saved."))
            return redirect("programme:applications", standing.programme_uid)
    return _queue(request, standing, problem, 422 if problem else 200)


@require_POST
@for_vendor
def answering(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Take a firm in or refuse it."""
    try:
        answer(
            standing=standing,
            relation=relation_for(standing, relation),
            accept=request.POST.get("answer") == "accept",
            reason=request.POST.get("reason", ""),
        )
    except ActionError as error:
        return _queue(request, standing, error.message, error.status)
    messages.success(request, _("Answered; the firm is told by mail."))
    return redirect("programme:applications", standing.programme_uid)


def _queue(request: HttpRequest, standing: Standing, problem: str, status: int) -> HttpResponse:
    waiting = [
        (one, _doubts(one), known_already(standing, one)) for one in applications_of(standing)
    ]
    agreement = newest_agreement(standing.programme)
    stored = checklist_of(standing.programme)
    context = vendor_context(
        standing,
        "applications",
        waiting=waiting,
        problem=problem,
        agreement=agreement,
        accepted=acceptances(standing, agreement) if agreement else None,
        checklist=dump(stored) if stored else "",
        example=EXAMPLE,
        kinds=kinds_of(stored, (get_language() or "en")[:2]),
        typed=request.POST,
        slug=slug_of(standing),
    )
    return render(request, "programme/applications.html", context, status=status)


def _day(text: str) -> date | None:
    """Return a day as a form sends it; nothing for today."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ActionError(
            "agreement_since",
            _("“{text}” is no day. Write it as 2027-01-31.").format(text=text[:20]),
        ) from None


def _doubts(relation: Any) -> list[str]:
    """Return what whoever vets an application should look at; nobody is refused for it."""
    found = []
    site = domain_of(relation.website)
    for contact in relation.contacts.all():
        domain = contact.email.rpartition("@")[2]
        if not domain_of(domain):
            found.append(_("Anybody can get a mail address at {domain}.").format(domain=domain))
        elif site and domain_of(domain) != site:
            found.append(_("The mail address is not at {site}.").format(site=site))
    if not site:
        found.append(_("No website is named."))
    return found


@require_POST
@for_vendor
def ticking(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Tick a step of the checklist for a partner."""
    found = relation_for(standing, relation)
    tick(standing=standing, relation=found, step=request.POST.get("task", ""))
    return redirect("programme:partner", standing.programme_uid, found.uid)


@require_POST
@for_partner
def own_ticking(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Let a partner tick a step of its own."""
    found = relation_for(standing, str(standing.relation_uid))
    tick(standing=standing, relation=found, step=request.POST.get("task", ""))
    return redirect(partner_url(standing, "programme:own"))


@require_http_methods(["GET", "POST"])
@for_partner
def profile(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Let a partner say what it can and where it is."""
    partner = relation_for(standing, str(standing.relation_uid))
    names = names_for_reader(standing.programme)
    shown = {
        "country": partner.country,
        "postal_code": partner.postal_code,
        "place": partner.place,
        "website": partner.website,
        "abilities": ", ".join(abilities_said(partner.abilities, names)),
        "languages": ", ".join(partner.languages),
        "capacity": partner.capacity,
        "in_finder": partner.in_finder,
    }
    form = ProfileForm(request.POST or None, initial=shown)
    name_abilities(form, names)
    if request.method == "POST" and form.is_valid():
        change_profile(standing=standing, fields=form.fields_of_partner)
        messages.success(request, _("Saved."))
        return redirect(partner_url(standing, "programme:own"))
    status = 422 if request.method == "POST" else 200
    context = {"standing": standing, "form": form, "home": partner_url(standing, "programme:own")}
    return render(request, "programme/profile.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_partner
def agreement(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show the agreement, and accept it for the firm."""
    newest = newest_agreement(standing.programme)
    if newest is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            accept_agreement(standing=standing, number=int(request.POST.get("number") or 0))
        except (ActionError, ValueError) as error:
            problem = (
                error.message if isinstance(error, ActionError) else _("Please read it again.")
            )
        else:
            messages.success(request, _("Accepted for your firm."))
            return redirect(partner_url(standing, "programme:own"))
    context = {
        "standing": standing,
        "agreement": newest,
        "problem": problem,
        "home": partner_url(standing, "programme:own"),
    }
    return render(request, "programme/agreement.html", context, status=409 if problem else 200)


urlpatterns = [
    path("apply/<slug:slug>/", applying, name="apply"),
    path("programmes/<uuid:programme>/applications/", applications, name="applications"),
    path("programmes/<uuid:programme>/applications/<uuid:relation>/", answering, name="answering"),
    path("programmes/<uuid:programme>/partners/<uuid:relation>/steps/", ticking, name="ticking"),
    *partner_paths("steps/", own_ticking, "steps_own"),
    *partner_paths("profile/", profile, "profile"),
    *partner_paths("agreement/", agreement, "agreement"),
]
