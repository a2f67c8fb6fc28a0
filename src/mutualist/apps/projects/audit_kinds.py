"""What projects record, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind(
        "projects.protection.saved",
        _("{actor} saved version {number} of the rules of protection."),
        "host",
    ),
    ActionKind(
        "projects.project.drafted", _("{actor} prepared the project {reference}."), "operator"
    ),
    ActionKind(
        "projects.project.changed", _("{actor} changed the project {reference}."), "operator"
    ),
    ActionKind("projects.project.deleted", _("{actor} deleted the draft {reference}."), "operator"),
    ActionKind("projects.project.submitted", _("{actor} registered the project {reference}.")),
    ActionKind("projects.project.take_up", _("{actor} is looking at the project {reference}.")),
    ActionKind("projects.project.ask", _("{actor} asked for more about the project {reference}.")),
    ActionKind(
        "projects.project.approve",
        _("{actor} accepted the project {reference}; it is protected until {until}."),
    ),
    ActionKind("projects.project.reject", _("{actor} did not accept the project {reference}.")),
    ActionKind(
        "projects.project.extend",
        _("{actor} extended the protection of the project {reference} to {until}."),
    ),
    ActionKind(
        "projects.project.release", _("{actor} ended the protection of the project {reference}.")
    ),
    ActionKind(
        "projects.project.appeal",
        _("{actor} objected to the decision about the project {reference}."),
    ),
    ActionKind("projects.project.win", _("{actor} won the project {reference}.")),
    ActionKind("projects.project.lose", _("{actor} lost the project {reference}.")),
    ActionKind("projects.project.withdraw", _("{actor} withdrew the project {reference}.")),
    ActionKind("projects.project.expire", _("The protection of the project {reference} ran out.")),
    ActionKind(
        "projects.extension.asked",
        _("{actor} asked to extend the protection of the project {reference}."),
    ),
)
