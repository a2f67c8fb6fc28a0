"""What is recorded of webhooks, and the sentences for it. Of an address, only the host is told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind("delivery.webhook.added", _("{actor} added a webhook to {host}."), "organisation"),
    ActionKind(
        "delivery.webhook.changed", _("{actor} changed the webhook to {host}."), "organisation"
    ),
    ActionKind(
        "delivery.webhook.rotated",
        _("{actor} gave the webhook to {host} a new secret."),
        "organisation",
    ),
    ActionKind(
        "delivery.webhook.paused", _("{actor} paused the webhook to {host}."), "organisation"
    ),
    ActionKind(
        "delivery.webhook.resumed", _("{actor} resumed the webhook to {host}."), "organisation"
    ),
    ActionKind(
        "delivery.webhook.stopped",
        _("The webhook to {host} was paused: it could not be reached for long."),
        "organisation",
    ),
    ActionKind(
        "delivery.webhook.tested",
        _("{actor} sent a test to the webhook at {host}."),
        "organisation",
    ),
    ActionKind(
        "delivery.webhook.removed", _("{actor} removed the webhook to {host}."), "organisation"
    ),
    ActionKind(
        "delivery.letters.resent",
        _("{actor} had undelivered events sent again to {host}: {count}."),
        "organisation",
    ),
    ActionKind(
        "delivery.letters.discarded",
        _("{actor} discarded undelivered events for {host}: {count}."),
        "organisation",
    ),
)
