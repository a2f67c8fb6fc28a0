"""Pages about webhooks, for the owners of an organisation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.idempotency import keep_instead
from mutualist.apps.delivery import actions, queries
from mutualist.apps.delivery.forms import WebhookForm
from mutualist.apps.delivery.presenting import delivery_lines

PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def webhooks(request: HttpRequest, uid: UUID) -> HttpResponse:
    """List the webhooks of an organisation; add one, whose secret is shown in this answer only."""
    actor = actor_of(request)
    organisation = queries.owned_organisation(actor, uid)
    form = WebhookForm(request.POST or None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, secret = actions.add_endpoint(
                uid, address=given["address"], kinds=given["kinds"], actor=actor
            )
            # A form sent twice makes one webhook and shows its secret once.
            keep_instead(request, redirect("delivery:webhook", uid, made.uid))
        except ActionError as error:
            form.add_error("address", error.message)
    context = {
        "organisation": organisation,
        "endpoints": queries.endpoints_of(actor, uid),
        "form": WebhookForm() if made else form,
        "made": made,
        "secret": secret,
    }
    status = 422 if form.errors and not made else 200
    return render(request, "delivery/webhooks.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, uid: UUID, endpoint: UUID) -> HttpResponse:
    """Show how a webhook fares; change it."""
    found = queries.endpoint_for(actor_of(request), uid, endpoint)
    now = {"address": found.address, "kinds": found.kinds}
    form = WebhookForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_endpoint(
                uid,
                endpoint,
                address=given["address"],
                kinds=given["kinds"],
                actor=actor_of(request),
            )
        except ActionError as error:
            form.add_error("address", error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("delivery:webhook", uid, endpoint)
    return _show(request, uid, endpoint, form)


def _show(
    request: HttpRequest, uid: UUID, endpoint: UUID, form: WebhookForm, secret: str = ""
) -> HttpResponse:
    found = queries.endpoint_for(actor_of(request), uid, endpoint)
    context = {
        "organisation": found.organisation,
        "endpoint": found,
        "lines": delivery_lines(queries.deliveries_of(found)),
        "form": form,
        "secret": secret,
    }
    status = 422 if form.errors else 200
    return render(request, "delivery/webhook.html", context, status=status)


@login_required
@require_POST
def rotate(request: HttpRequest, uid: UUID, endpoint: UUID) -> HttpResponse:
    """Give a new secret and show it in this answer only."""
    found, secret = actions.rotate_secret(uid, endpoint, actor=actor_of(request))
    keep_instead(request, redirect("delivery:webhook", uid, endpoint))
    now = {"address": found.address, "kinds": found.kinds}
    return _show(request, uid, endpoint, WebhookForm(initial=now), secret)


@login_required
@require_POST
def pause(request: HttpRequest, uid: UUID, endpoint: UUID) -> HttpResponse:
    """Send nothing for now."""
    actions.pause_endpoint(uid, endpoint, actor=actor_of(request))
    return redirect("delivery:webhook", uid, endpoint)


@login_required
@require_POST
def resume(request: HttpRequest, uid: UUID, endpoint: UUID) -> HttpResponse:
    """Go on."""
    actions.resume_endpoint(uid, endpoint, actor=actor_of(request))
    return redirect("delivery:webhook", uid, endpoint)


@login_required
@require_POST
def test(request: HttpRequest, uid: UUID, endpoint: UUID) -> HttpResponse:
    """Send a test."""
    actions.send_test(uid, endpoint, actor=actor_of(request))
    messages.success(request, _("The test is on its way. Reload the page in a moment."))
    return redirect("delivery:webhook", uid, endpoint)


@login_required
@require_POST
def remove(request: HttpRequest, uid: UUID, endpoint: UUID) -> HttpResponse:
    """Remove a webhook."""
    actions.remove_endpoint(uid, endpoint, actor=actor_of(request))
    messages.success(request, _("The webhook has been removed."))
    return redirect("delivery:webhooks", uid)


@login_required
@require_safe
def dead_letters(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what could not be delivered, and why."""
    actor = actor_of(request)
    page = Paginator(queries.dead_letters(actor, uid), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": queries.owned_organisation(actor, uid),
        "endpoints": [one for one in queries.endpoints_of(actor, uid) if getattr(one, "dead", 0)],
        "page": page,
        "lines": delivery_lines(page.object_list),
    }
    return render(request, "delivery/dead_letters.html", context)


@login_required
@require_POST
def resend(
    request: HttpRequest, uid: UUID, endpoint: UUID, delivery: UUID | None = None
) -> HttpResponse:
    """Send one undelivered event again, or all of a webhook."""
    count = actions.resend(uid, endpoint, delivery, actor=actor_of(request))
    text = ngettext("%(count)d event is sent again.", "%(count)d events are sent again.", count)
    messages.success(request, text % {"count": count})
    return redirect("delivery:dead_letters", uid)


@login_required
@require_POST
def discard(
    request: HttpRequest, uid: UUID, endpoint: UUID, delivery: UUID | None = None
) -> HttpResponse:
    """Throw one undelivered event away, or all of a webhook."""
    count = actions.discard(uid, endpoint, delivery, actor=actor_of(request))
    text = ngettext("%(count)d event was discarded.", "%(count)d events were discarded.", count)
    messages.success(request, text % {"count": count})
    return redirect("delivery:dead_letters", uid)
