"""Pages that belong to no part of the product: style guide, outbox, errors."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.logs import number_of_request
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.core.outbox import can_send, message_of, try_again
from mutualist.apps.core.overload import busy_answer, is_busy
from mutualist.apps.core.vault import VaultError


def safe_next(request: HttpRequest, fallback: str = "/") -> str:
    """Return the page to go back to, if it is an address of ours."""
    target = request.POST.get("next") or request.headers.get("Referer") or fallback
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    # A word without a slash would be taken for the name of a page.
    return target if ours and "/" in target else fallback


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component of the design system; in the demo and while developing only."""
    if not (settings.MUTUALIST_DEMO or settings.DEBUG):
        raise Http404
    return render(request, "core/styleguide.html")


def _outbox_readers_only(request: HttpRequest) -> None:
    """Everybody in the demo, else the operator; to all others there is no outbox."""
    if not (settings.MUTUALIST_DEMO or actor_of(request).can_operate):
        raise Http404


def _letter(mail: OutboxMail) -> dict[str, str] | None:
    try:
        return mail.letter
    except VaultError:
        # The other mails can still be read.
        return None


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show mails that were kept, wait or were refused."""
    _outbox_readers_only(request)
    mails = [(mail, _letter(mail)) for mail in OutboxMail.objects.all()[:200]]
    return render(request, "core/outbox.html", {"mails": mails, "can_send": can_send()})


@require_safe
def mail_file(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Hand out a mail as a file: a mail program shows its form, which our pages must not."""
    _outbox_readers_only(request)
    mail = OutboxMail.objects.filter(pk=mail_id).first()
    if mail is None:
        raise Http404
    content = message_of(mail).message().as_bytes()
    return HttpResponse(
        content,
        content_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="mail-{mail.pk}.eml"'},
    )


@require_POST
def mail_again(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Send a mail once more that was kept or refused."""
    _outbox_readers_only(request)
    if not can_send() or not try_again(mail_id):
        raise Http404
    return redirect("core:outbox")


def _error(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _for_programs(status)
    return render(request, f"{status}.html", status=status)


def _for_programs(status: int) -> HttpResponse:
    """Answer in the form of the API where its own code was not reached."""
    said = {
        404: ("not_found", _("Not found.")),
        500: ("server_error", _("Something went wrong on our side")),
    }
    code, message = said.get(
        status, ("bad_request", _("The request does not have the described form."))
    )
    return JsonResponse({"code": code, "message": message, "problems": []}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 400."""
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 403."""
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 404: the same words whether something does not exist or is not for this person."""
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without anything that could fail again; 503 if the database is merely busy."""
    error = sys.exc_info()[1]
    if is_busy(error):
        # Not in a view, where a middleware notices, but on the way to it: the session, for example.
        return busy_answer(request, error)
    if request.path.startswith("/api/"):
        return _for_programs(500)
    more = {"plain": True, "number": number_of_request.get()}
    return render(request, "500.html", more, status=500)


def csrf_failure(request: HttpRequest, reason: str = "", **more: Any) -> HttpResponse:  # noqa: ARG001
    """Answer a form whose protection token is missing or old."""
    return render(request, "403.html", {"csrf": True}, status=403)
