"""Pages about a person's own account and organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.conflicts import conflict_page, seen_in
from mutualist.apps.core.errors import ActionError, Conflict
from mutualist.apps.core.idempotency import keep_instead, leave_out
from mutualist.apps.core.language import keep_language
from mutualist.apps.core.outbox import can_send
from mutualist.apps.core.pages import safe_next
from mutualist.apps.identity import actions, proof, queries, sessions
from mutualist.apps.identity.forms import (
    CodeForm,
    MemberForm,
    NameForm,
    OrganisationForm,
    TokenForm,
)
from mutualist.apps.identity.models import Role
from mutualist.apps.identity.proof import ask_for_proof, lacks_proof
from mutualist.apps.identity.second_factor import has_second_factor

#: The entry for a token, kept in the session while somebody proves who they are.
KEPT_ENTRY = "asked_for"
#: That somebody was about to end sessions.
WANTED_TO_END = "wanted_to_end"


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Set the language of this browser; a person with an account keeps it there, too."""
    # Its cookie is not kept with an answer; choosing a language twice does no harm.
    leave_out(request)
    actor = actor_of(request)
    language = request.POST.get("language", "")
    response = redirect(safe_next(request))
    if language not in dict(settings.LANGUAGES):
        return response
    keep_language(response, language)
    if actor.user_id is not None:
        actions.change_language(language, actor=actor)
    return response


@login_required
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """List one's organisations; found one."""
    actor = actor_of(request)
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create_organisation(form.cleaned_data["name"], actor=actor)
        messages.success(request, _("%(name)s has been created.") % {"name": made.name})
        return redirect("identity:members", made.uid)
    context = {"form": form, "organisations": queries.organisations_of(actor)}
    return render(request, "identity/organisation.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the members of an organisation; owners invite."""
    actor = actor_of(request)
    found = queries.organisation_for(actor, uid)
    language = {"language": translation.get_language()}
    form = MemberForm(request.POST or None, initial=language)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_member(uid, actor=actor, **form.cleaned_data)
        except ActionError as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("identity:members", uid)
    context = {
        "organisation": found,
        "is_owner": actor.roles.get(found.pk) == "owner",
        "has_factor": has_second_factor(actor.user_id or 0),
        "log": queries.log_of(actor, found),
        "members": queries.members_of(found),
        "invitations": queries.open_invitations_of(found),
        "roles": [("owner", _("owner")), ("member", _("member")), ("reader", _("reader"))],
        "form": form,
    }
    return render(request, "identity/members.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def change_role(request: HttpRequest, uid: UUID, membership: int) -> HttpResponse:
    """Change what a member may do."""
    role = request.POST.get("role", "")
    try:
        actions.change_role(uid, membership, role, actor=actor_of(request), seen=seen_in(request))
    except Conflict as error:
        names = dict(Role.choices)
        return conflict_page(
            request,
            error,
            label=_("Role"),
            mine=names.get(error.mine, error.mine),
            theirs=names[error.theirs],
            back=reverse("identity:members", args=[uid]),
        )
    return redirect("identity:members", uid)


@login_required
@require_POST
def remove_member(request: HttpRequest, uid: UUID, membership: int) -> HttpResponse:
    """End a membership."""
    actions.remove_member(uid, membership, actor=actor_of(request))
    return redirect("identity:members", uid)


@login_required
@require_POST
def revoke_invitation(request: HttpRequest, uid: UUID, invitation: int) -> HttpResponse:
    """Take an invitation back."""
    actions.revoke_invitation(uid, invitation, actor=actor_of(request))
    return redirect("identity:members", uid)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation; whoever is not logged in is asked to do so first."""
    invitation = queries.open_invitation(token)
    if invitation is None:
        return render(request, "identity/join.html", {"invitation": None}, status=410)
    if request.method == "POST" and request.user.is_authenticated:
        joined = actions.join_organisation(token, actor=actor_of(request))
        messages.success(request, _("You now belong to %(name)s.") % {"name": joined.name})
        return redirect("core:home")
    return render(request, "identity/join.html", {"invitation": invitation, "token": token})


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account: name and API tokens."""
    actor = actor_of(request)
    posted = request.POST.get("form", "")
    name_form = NameForm(request.POST if posted == "name" else None, initial={"name": actor.name})
    kept = request.session.get(KEPT_ENTRY)
    token_form = TokenForm(request.POST if posted == "token" else None, initial=kept)
    token = ""
    if posted == "name" and name_form.is_valid():
        try:
            actions.change_name(name_form.cleaned_data["name"], actor=actor, seen=seen_in(request))
        except Conflict as error:
            here = reverse("identity:account")
            return conflict_page(
                request,
                error,
                label=_("Your name"),
                mine=error.mine,
                theirs=error.theirs,
                back=here,
            )
        messages.success(request, _("Saved."))
        return redirect("identity:account")
    if posted == "token" and token_form.is_valid():
        if lacks_proof(request):
            request.session[KEPT_ENTRY] = token_form.cleaned_data
            return ask_for_proof(request, back=f"{reverse('identity:account')}#tokens")
        token = actions.create_api_token(actor=actor, **token_form.cleaned_data)
        # Only its digest is kept: a form sent twice makes one token and shows it once.
        keep_instead(request, redirect("identity:account"))
        request.session.pop(KEPT_ENTRY, None)
        token_form, kept = TokenForm(), None
    context = {
        "name_form": name_form,
        "token_form": token_form,
        "token": token,
        "goes_on": kept is not None and not posted and not lacks_proof(request),
        "tokens": queries.tokens_of(actor),
        "has_factor": has_second_factor(actor.user_id or 0),
        "providers": list(settings.MUTUALIST_SSO.values()),
    }
    return render(request, "identity/account.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Ask whoever has neither password nor second factor for a mailed code."""
    # It changes the session, and a code works once by itself.
    leave_out(request)
    back = get_next_redirect_url(request) or reverse("identity:account")
    if not proof.lacks_mailed_proof(request):
        return ask_for_proof(request, back=back) if lacks_proof(request) else redirect(back)
    form = CodeForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        if proof.accept_code(request, form.cleaned_data["code"]):
            return resume_request(request) or redirect(back)
        form.add_error("code", _("This code is not right, or it has run out."))
    elif request.POST.get("send") and can_send():
        proof.send_code(request)
    context = {
        "form": form,
        "back": back,
        "sent": proof.MAILED in request.session,
        "can_send": can_send(),
    }
    return render(request, "identity/prove.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET"])
def sessions_page(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in."""
    found = sessions.sign_ins_of(request.user)  # type: ignore[arg-type]
    current = request.session.session_key
    goes_on = WANTED_TO_END in request.session and not lacks_proof(request)
    if goes_on:
        del request.session[WANTED_TO_END]
    context = {"sign_ins": found, "current": current, "goes_on": goes_on}
    return render(request, "identity/sessions.html", context)


def _prove_to_end(request: HttpRequest) -> HttpResponse:
    request.session[WANTED_TO_END] = True
    return ask_for_proof(request, back=reverse("identity:sessions"))


@login_required
@require_POST
def end_session(request: HttpRequest, sign_in: int) -> HttpResponse:
    """End one session; the own one as well, which needs no proof."""
    mine = request.session.get(sessions.ROW) == sign_in
    if not mine and lacks_proof(request):
        return _prove_to_end(request)
    sessions.end_session(sign_in, actor=actor_of(request))
    messages.success(request, _("The session has been ended."))
    return redirect("identity:sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    if lacks_proof(request):
        return _prove_to_end(request)
    user: Any = request.user
    sessions.end_other_sessions(user, but=request.session.session_key, actor=actor_of(request))
    messages.success(request, _("All other sessions have been ended."))
    return redirect("identity:sessions")


@login_required
@require_POST
def second_factor(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask the members for a second factor, or no longer."""
    required = request.POST.get("required") == "yes"
    actions.require_second_factor(uid, required=required, actor=actor_of(request))
    messages.success(request, _("Saved."))
    return redirect("identity:members", uid)


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Delete an API token."""
    actions.revoke_api_token(token_id, actor=actor_of(request))
    return redirect("identity:account")


def demo_enter(request: HttpRequest, key: str) -> HttpResponse:
    """Log in as one of the demo's people; exists in the demo only."""
    from django.contrib.auth import login
    from django.http import Http404

    from mutualist.apps.identity.demo import user_behind

    user = user_behind(key) if settings.MUTUALIST_DEMO else None
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    sessions.begin(request, user)
    response = redirect("core:home")
    keep_language(response, user.language)
    return response
