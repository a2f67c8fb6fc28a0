"""Who may reach each address of the site. A route that is not listed here fails the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Everybody: what it shows depends on nobody's data.
PUBLIC = {
    "core:home",
    "core:language",
    "core:styleguide",
    "rooms:enter",
    "identity:join",
    "api:openapi-json",
    "api:openapi-view",
    "api:api-root",
}
# Demo only, or the operator: 404 for everybody else.
HIDDEN = {"core:outbox", "identity:demo"}
# A person sees what is theirs; nothing of others is named in the address.
OWN = {
    "rooms:list",
    "rooms:new",
    "rooms:convene",
    "rooms:bulk_template",
    "identity:account",
    "identity:organisation",
}
# One's own token: another person's is 404.
TOKEN = {"identity:revoke_token"}
ORGANISATION = {
    "identity:members",
    "identity:change_role",
    "identity:remove_member",
    "identity:revoke_invitation",
}
# A room: its parties and its host; 404 for everybody else.
ROOM = {
    "rooms:room",
    "rooms:deadline",
    "rooms:remind",
    "rooms:seal",
    "rooms:take_back",
    "rooms:open",
    "rooms:share",
    "rooms:delete",
    "rooms:people",
    "rooms:claim",
    "rooms:person_resend",
    "rooms:person_revoke",
    "rooms:person_lead",
    "rooms:person_remove",
    "rooms:answer",
    "rooms:item",
    "rooms:preview",
    "rooms:visibility",
    "rooms:result",
    "rooms:compute",
    "rooms:guide",
    "rooms:pledges",
    "rooms:part",
    "rooms:next_round",
    "rooms:board_pdf",
    "rooms:report_pdf",
    "rooms:workbook",
    "rooms:json",
    "rooms:room_file",
    "rooms:answers_workbook",
    "rooms:calendar",
}


def _walk(patterns: Any, namespace: str = "", prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", here


def all_routes() -> dict[str, str]:
    """Return the pattern of every route of ours by name; the account library tests its own."""
    return {
        name: pattern
        for name, pattern in _walk(get_resolver().url_patterns)
        if not name.startswith("account_") and not pattern.startswith("api/v1/rooms")
    }
