"""What identity records, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind(
        "identity.organisation.created", _("{actor} created {organisation}."), "organisation"
    ),
    ActionKind(
        "identity.organisation.renamed",
        _("{actor} renamed the organisation to {organisation}."),
        "organisation",
    ),
    ActionKind("identity.member.invited", _("{actor} invited {email}."), "organisation"),
    ActionKind(
        "identity.invitation.revoked",
        _("{actor} took back the invitation to {email}."),
        "organisation",
    ),
    ActionKind("identity.member.joined", _("{actor} joined."), "organisation"),
    ActionKind("identity.member.role_changed", _("{actor} made {member} {role}."), "organisation"),
    ActionKind("identity.member.removed", _("{actor} removed {member}."), "organisation"),
    ActionKind("identity.person.language_changed", _("{actor} changed the language."), "operator"),
    ActionKind(
        "identity.operator.appointed", _("{person} now runs this installation."), "operator"
    ),
    ActionKind(
        "identity.operator.released", _("{person} no longer runs this installation."), "operator"
    ),
    ActionKind("identity.person.renamed", _("{actor} changed their name."), "operator"),
    ActionKind("identity.token.created", _("{actor} made an API token."), "operator"),
    ActionKind("identity.token.revoked", _("{actor} deleted an API token."), "operator"),
    ActionKind(
        "identity.organisation.factor_required",
        _("{actor} asks all members for a second factor."),
        "organisation",
    ),
    ActionKind(
        "identity.organisation.factor_optional",
        _("{actor} no longer asks members for a second factor."),
        "organisation",
    ),
    ActionKind("identity.factor.added", _("{actor} added a second factor."), "operator"),
    ActionKind("identity.factor.removed", _("{actor} removed a second factor."), "operator"),
    ActionKind("identity.factor.codes_made", _("{actor} made new recovery codes."), "operator"),
    ActionKind("identity.password.changed", _("{actor} changed the password."), "operator"),
    ActionKind("identity.email.changed", _("{actor} changed the mail address."), "operator"),
    ActionKind("identity.session.ended", _("{actor} ended a session."), "operator"),
    ActionKind("identity.sessions.ended", _("{actor} ended all other sessions."), "operator"),
    ActionKind("identity.sso.connected", _("{actor} connected an identity provider."), "operator"),
    ActionKind("identity.sso.removed", _("{actor} removed an identity provider."), "operator"),
)
