"""The operator's pages: open a support session, look, end it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.errors import ActionError
from mutualist.apps.identity.second_factor import showed_second_factor
from mutualist.apps.support import actions, queries


class SupportForm(forms.Form):
    """Whom it is about, and why."""

    about = forms.CharField(
        label=gettext_lazy("Name of the organisation, or mail address of the person"),
        max_length=254,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("The owners read it in their log and in a mail."),
    )


def _is_proven(request: HttpRequest) -> bool:
    return settings.MUTUALIST_DEMO or showed_second_factor(request)


def _to_proof(request: HttpRequest) -> HttpResponse:
    user_id = actor_of(request).user_id
    app = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists()
    page = reverse("mfa_reauthenticate" if app else "mfa_reauthenticate_webauthn")
    return redirect(f"{page}?{urlencode({'next': reverse('support:start')})}")


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Open a support session, after the second factor was shown a moment ago."""
    actor = actor_of(request)
    mine = queries.sessions_of(actor)
    if not _is_proven(request):
        return _to_proof(request)
    form = SupportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.begin_support(actor=actor, proven=True, **form.cleaned_data)
        except ActionError as error:
            form.add_error("about" if error.code == "nobody" else "reason", error.message)
        else:
            return redirect("support:session", session.uid)
    context = {"form": form, "sessions": mine, "minutes": actions.MINUTES}
    return render(request, "support/start.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def session(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what a session may show, while it lasts."""
    found = queries.session_for(actor_of(request), uid)
    if not found.is_open:
        messages.info(request, _("This support session is over."))
        return redirect("support:start")
    context = {"session": found, "insight": queries.insight(found)}
    return render(request, "support/session.html", context)


@login_required
@require_POST
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End a session."""
    actions.end_support(uid, actor=actor_of(request))
    messages.success(request, _("The support session has been ended."))
    return redirect("support:start")
