"""What rooms record, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind("rooms.room.created", _("{actor} set up the room.")),
    ActionKind(
        "rooms.room.imported", _("{actor} imported the room with the answers of all parties.")
    ),
    ActionKind("rooms.room.opened", _("Round {round}: all answers were opened together.")),
    ActionKind("rooms.room.closed", _("{actor} closed the room.")),
    ActionKind(
        "rooms.room.closed_by_clock",
        _("The room was closed by the clock or because its host has ended."),
    ),
    ActionKind("rooms.lead.passed_on", _("At {party} somebody else answers from now on.")),
    ActionKind("rooms.seat.vacant", _("At {party} nobody answers at the moment.")),
    ActionKind("rooms.room.parted", _("{party} ended the talks on good terms.")),
    ActionKind("rooms.room.deleted", _("{actor} deleted the room."), "operator"),
    ActionKind("rooms.frame.changed", _("{actor} changed the frame of the room.")),
    ActionKind("rooms.deadline.moved", _("{actor} moved the deadline to {deadline}.")),
    ActionKind("rooms.party.invited", _("{actor} invited {party}.")),
    ActionKind("rooms.party.added", _("{actor} added the party {party}.")),
    ActionKind("rooms.party.renamed", _("{actor} corrected a party’s name to {party}.")),
    ActionKind("rooms.party.removed", _("{actor} removed the party {party}.")),
    ActionKind("rooms.parties.reminded", _("{actor} sent reminders: {count}.")),
    ActionKind("rooms.link.sent", _("{actor} sent {person} a fresh link."), "seat"),
    ActionKind("rooms.link.opened", _("{person} came in by mail link."), "seat"),
    ActionKind("rooms.link.revoked", _("{actor} ended the access of a person at {party}.")),
    ActionKind("rooms.colleague.invited", _("{actor} asked {person} to answer too."), "seat"),
    ActionKind("rooms.colleague.removed", _("{actor} removed {person}."), "seat"),
    ActionKind("rooms.lead.handed_over", _("{actor} handed the lead over to {person}."), "seat"),
    ActionKind(
        "rooms.seat.claimed", _("{actor} connected this party with {organisation}."), "seat"
    ),
    # Autosave writes often; the entry counts as evidence but not as news.
    ActionKind("rooms.answers.saved", _("{actor} saved answers."), "operator"),
    ActionKind("rooms.answers.sealed", _("{party} sealed its answers: {fingerprint}.")),
    ActionKind("rooms.answers.taken_back", _("{party} took its seal back.")),
    ActionKind("rooms.opening.pressed", _("{party} is ready to open.")),
    ActionKind("rooms.round.started", _("{actor} started round {round}.")),
    ActionKind("rooms.binding.confirmed", _("{party} confirmed a binding text.")),
    ActionKind("rooms.binding.withdrawn", _("{party} withdrew its confirmation.")),
    ActionKind("rooms.binding.complete", _("All parties have confirmed the same text.")),
    ActionKind("rooms.result.shared", _("{party} agreed to show the result to the host.")),
    ActionKind("rooms.result.unshared", _("{party} no longer shows the result to the host.")),
    ActionKind(
        "rooms.outcome.consented", _("{actor} agreed to be asked again in twelve months."), "seat"
    ),
    ActionKind(
        "rooms.outcome.declined", _("{actor} does not want to be asked in twelve months."), "seat"
    ),
)
