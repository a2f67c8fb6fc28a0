"""Pages about people's rights: what is kept, a copy of it, erasure, and the end of an organisation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.identity.proof import ask_for_proof, lacks_proof
from mutualist.apps.identity.queries import organisation_for
from mutualist.apps.privacy import texts
from mutualist.apps.privacy.archive import archive_of
from mutualist.apps.privacy.erasing import consequences, erase
from mutualist.apps.privacy.exporting import export_person
from mutualist.apps.privacy.forms import AskForm, EndForm, EraseForm
from mutualist.apps.privacy.organisations import ending_of, keep_organisation, request_deletion
from mutualist.apps.privacy.people import Person, person_of_user
from mutualist.apps.privacy.proofs import person_behind, send_proof

View = Callable[..., HttpResponse]


def _language() -> str:
    return translation.get_language() or "en"


def proven(view: View) -> View:
    """Let in whoever is signed in and has just shown the password or the second factor again."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if lacks_proof(request):
            return ask_for_proof(request, back=reverse("privacy:mine"))
        return view(request, *args, **kwargs)

    return checked


@require_safe
def information(request: HttpRequest) -> HttpResponse:
    """Say what is kept about people, for how long, and what they may ask."""
    return render(request, "privacy/information.html", texts.context(_language()))


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Mail a link to one's data to whoever has no account; the answer never tells who is known."""
    form = AskForm(request.POST or None)
    sent = False
    if request.method == "POST" and form.is_valid():
        leave_out(request)
        send_proof(form.cleaned_data["email"], language=_language())
        sent = True
    return render(
        request,
        "privacy/ask.html",
        {"form": form, "sent": sent},
        status=422 if form.errors else 200,
    )


def _download(person: Person) -> HttpResponse:
    document = export_person(person, with_answers=True, language=_language())
    response = HttpResponse(archive_of(document, _language()), content_type="application/zip")
    name = f"mutualist-{today().isoformat()}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _erasing(request: HttpRequest, person: Person, place: dict[str, Any]) -> HttpResponse | None:
    """Show the consequences, then ask for the address; None when the person is gone."""
    form = EraseForm(request.POST if "email" in request.POST else None, mails=person.mails)
    if request.method == "POST" and form.is_valid():
        leave_out(request)
        try:
            erase(person)
        except ActionError as error:
            form.add_error("email", error.message)
        else:
            return None
    context = {
        **place,
        "what": consequences(person),
        "form": form,
        "sure": "sure" in request.GET or request.method == "POST",
    }
    return render(request, "privacy/erase.html", context, status=422 if form.errors else 200)


@require_safe
@proven
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is kept about the person who is signed in."""
    person = person_of_user(actor_of(request).user_id or 0)
    context = {
        "what": consequences(person),
        "download_url": reverse("privacy:download"),
        "erase_url": reverse("privacy:erase"),
        "account": True,
    }
    return render(request, "privacy/mine.html", context)


@require_POST
@proven
def download(request: HttpRequest) -> HttpResponse:
    """Hand out everything about the person who is signed in."""
    leave_out(request)
    return _download(person_of_user(actor_of(request).user_id or 0))


@require_http_methods(["GET", "POST"])
@proven
def erase_account(request: HttpRequest) -> HttpResponse:
    """Erase the person who is signed in, after two steps."""
    person = person_of_user(actor_of(request).user_id or 0)
    place = {"here": reverse("privacy:erase"), "back": reverse("privacy:mine")}
    page = _erasing(request, person, place)
    if page is not None:
        return page
    logout(request)
    return redirect("privacy:gone")


def _seat_only(view: View) -> View:
    """Work out whose link it is; whoever has an account is led to it, where more proof is asked."""

    @wraps(view)
    def checked(request: HttpRequest, token: str) -> HttpResponse:
        try:
            person = person_behind(token)
        except ActionError as error:
            return render(request, "privacy/expired.html", status=error.status)
        if person.user_id is not None:
            return render(request, "privacy/has_account.html")
        return view(request, token, person)

    return checked


@require_safe
@_seat_only
def proof(request: HttpRequest, token: str, person: Person) -> HttpResponse:
    """Show what is kept about whoever reads a mail address."""
    context = {
        "what": consequences(person),
        "download_url": reverse("privacy:proof_download", args=[token]),
        "erase_url": reverse("privacy:proof_erase", args=[token]),
        "account": False,
    }
    return render(request, "privacy/mine.html", context)


@require_POST
@_seat_only
def proof_download(request: HttpRequest, token: str, person: Person) -> HttpResponse:  # noqa: ARG001
    """Hand out everything about whoever reads a mail address."""
    leave_out(request)
    return _download(person)


@require_http_methods(["GET", "POST"])
@_seat_only
def proof_erase(request: HttpRequest, token: str, person: Person) -> HttpResponse:
    """Erase whoever reads a mail address."""
    place = {
        "here": reverse("privacy:proof_erase", args=[token]),
        "back": reverse("privacy:proof", args=[token]),
    }
    return _erasing(request, person, place) or redirect("privacy:gone")


@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """Say that it is done."""
    return render(request, "privacy/gone.html")


@login_required
@require_http_methods(["GET", "POST"])
def end_organisation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what deleting an organisation means, and do it when the owner types its name."""
    actor = actor_of(request)
    organisation = organisation_for(actor, uid, "owner")
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ending = request_deletion(uid, name=form.cleaned_data["name"], actor=actor)
        except ActionError as error:
            form.add_error("name", error.message)
        else:
            leave_out(request)
            if not ending.concerns_others:
                messages.success(request, _("The organisation has been deleted."))
                return redirect("identity:organisation")
            messages.success(request, _("Everybody concerned gets a mail with the day."))
            return redirect("privacy:end_organisation", uid)
    context = {"organisation": organisation, "ending": ending_of(organisation), "form": form}
    status = 422 if form.errors else 200
    return render(request, "privacy/end_organisation.html", context, status=status)


@login_required
@require_POST
def keep(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take the announced end of an organisation back."""
    keep_organisation(uid, actor=actor_of(request))
    messages.success(request, _("The organisation stays."))
    return redirect("identity:members", uid)
