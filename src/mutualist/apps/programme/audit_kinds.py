"""What programmes record, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind("programme.programme.begun", _("{actor} began the programme {name}."), "host"),
    ActionKind("programme.rules.saved", _("{actor} saved version {number} of the rules."), "host"),
    ActionKind("programme.partner.added", _("{actor} added {name} to the programme.")),
    ActionKind("programme.partner.changed", _("{actor} changed what is known of {name}.")),
    ActionKind("programme.contact.added", _("{actor} added a contact of {name}.")),
    ActionKind("programme.level.changed", _("{name} now holds the level {level}.")),
    ActionKind("programme.level.kept", _("{actor} let {name} keep the level {level}.")),
    ActionKind("programme.application.received", _("{name} applied to join."), "host"),
    ActionKind("programme.application.accepted", _("{actor} took {name} in.")),
    ActionKind("programme.application.refused", _("{actor} refused {name}.")),
    ActionKind(
        "programme.agreement.added", _("{actor} added version {number} of the agreement."), "host"
    ),
    ActionKind(
        "programme.agreement.accepted", _("{actor} accepted version {number} of the agreement.")
    ),
    ActionKind("programme.partner.active", _("{name} is active now.")),
    ActionKind("programme.partner.suspended", _("{actor} suspended {name}: {reason}")),
    ActionKind("programme.partner.resumed", _("{actor} resumed the partnership with {name}.")),
    ActionKind("programme.partner.ended", _("{actor} ended the partnership with {name}: {reason}")),
    ActionKind("programme.partner.returned", _("{actor} took {name} in again.")),
    ActionKind("programme.contact.removed", _("{actor} removed a contact of {name}.")),
    ActionKind("programme.note.added", _("{actor} noted something about {name}."), "host"),
    ActionKind("programme.note.removed", _("{actor} removed a note about {name}."), "host"),
    ActionKind("programme.links.revoked", _("{actor} took back {count} links of {name}.")),
    ActionKind("programme.link.sent", _("{actor} sent a new link to a contact of {name}.")),
    ActionKind("programme.room.opened", _("{actor} opened a room with {name}.")),
    ActionKind(
        "programme.checklist.saved", _("{actor} saved the checklist of new partners."), "host"
    ),
    ActionKind("programme.step.done", _("{actor} ticked “{step}” for {name}.")),
    ActionKind("programme.facts.imported", _("{actor} imported {count} facts."), "host"),
    ActionKind(
        "programme.facts.taken_back", _("{actor} took an import of {count} facts back."), "host"
    ),
    ActionKind("programme.plan.begun", _("{actor} made a plan for {name}.")),
    ActionKind(
        "programme.plan.changed", _("{actor} changed step {number} of the plan for {name}.")
    ),
    ActionKind("programme.plan.ended", _("{actor} gave up the plan for {name}.")),
)
