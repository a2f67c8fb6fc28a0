"""Who may reach each address of the site. An address that is not listed here fails the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from guards.routes_channel import COMMISSIONS, PROGRAMME, PROJECTS

# Everybody: what it shows depends on nobody's data.
PUBLIC = {
    "core:home",
    "core:language",
    "core:health",
    "core:ready",
    "rooms:enter",
    "identity:join",
    "privacy:information",
    "privacy:ask",
    "privacy:gone",
    # The partner finder of a programme: made for strangers, with what partners agreed to show.
    "enquiries:finder",
    "enquiries:ask",
    "enquiries:thanks",
    "enquiries:embed",
    "enquiries:embed_ask",
    "enquiries:embed_thanks",
    # A firm applies to a programme; whoever it is, the answer is the same.
    "programme:apply",
    # A mailed link: whoever holds none finds nothing.
    "letters:stop",
    "programme:link_again",
    "privacy:proof",
    "privacy:proof_download",
    "privacy:proof_erase",
    "api:openapi-json",
    "api:openapi-view",
    "api:api-root",
}
# Demo only, or the operator: 404 for everybody else.
HIDDEN = {
    "core:outbox",
    "core:mail_file",
    "core:mail_again",
    "core:metrics",
    "core:styleguide",
    "identity:demo",
}
# A person sees what is theirs; nothing of others is named in the address.
OWN = {
    "rooms:list",
    "rooms:new",
    "rooms:convene",
    "rooms:bulk_template",
    "identity:account",
    "identity:prove",
    "identity:organisation",
    "identity:sessions",
    "identity:sessions_end_others",
    "ventures:list",
    "ventures:new",
    "programme:list",
    "programme:new",
    "privacy:mine",
    "privacy:download",
    "privacy:erase",
    "api:list_rooms",
    "api:list_kinds",
    "api:list_organisations",
    "api:create_room",
    "api:verdict",
    "api:list_templates",
    "api:list_ventures",
    "api:list_programmes",
    "api:describe_venture",
}
# One's own token: another person's is 404.
TOKEN = {"identity:revoke_token"}
# One's own session or key: another person's is 404, tested in apps/identity.
OWN_THINGS = {"identity:session_end", "mfa_edit_webauthn", "mfa_remove_webauthn"}
# The operator after a second factor; 404 for everybody else, tested in apps/support.
SUPPORT = {"support:start", "support:session", "support:end"}
# Where people come in; it says the same whether there is an account or not.
ENTRANCE = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
}
# Pages about one's own account.
ACCOUNT = {
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "socialaccount_connections",
}
# An organisation: its members; 404 for everybody else.
ORGANISATION = {
    "identity:members",
    "identity:change_role",
    "identity:remove_member",
    "identity:revoke_invitation",
    "identity:second_factor",
    "privacy:end_organisation",
    "privacy:keep_organisation",
}
# Webhooks of an organisation: its owners; 404 for everybody else, tested in apps/delivery.
WEBHOOKS = {
    "delivery:webhooks",
    "delivery:dead_letters",
    "delivery:webhook",
    "delivery:rotate",
    "delivery:pause",
    "delivery:resume",
    "delivery:test",
    "delivery:remove",
    "delivery:resend_all",
    "delivery:discard_all",
    "delivery:resend",
    "delivery:discard",
    "api:list_webhooks",
    "api:add_webhook",
    "api:get_webhook",
    "api:change_webhook",
    "api:remove_webhook",
    "api:rotate_secret",
    "api:pause_webhook",
    "api:test_webhook",
    "api:list_deliveries",
    "api:resend_all",
    "api:discard_all",
    "api:resend_one",
    "api:discard_one",
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
    "rooms:proofs",
    "rooms:receipt",
    "rooms:head",
    "rooms:report_pdf",
    "rooms:workbook",
    "rooms:json",
    "rooms:room_file",
    "rooms:answers_workbook",
    "rooms:calendar",
}
# The same for programs.
ROOM_API = {
    "api:get_room",
    "api:change_frame",
    "api:delete_room",
    "api:move_deadline",
    "api:get_timeline",
    "api:list_people",
    "api:invite",
    "api:resend",
    "api:revoke",
    "api:get_sheet",
    "api:get_answer",
    "api:save_answer",
    "api:seal",
    "api:take_back",
    "api:press_open",
    "api:get_result",
    "api:get_answers",
    "api:get_changes",
    "api:compute",
    "api:start_round",
    "api:agree_binding",
    "api:set_consent",
    "api:close",
    "api:get_file",
    "api:get_receipt",
    "api:get_head",
}
# A venture: the parties of its room, or its organisation; 404 for everybody else, tested in apps/ventures.
VENTURE = {
    "ventures:venture",
    "ventures:compute",
    "ventures:leaving",
    "ventures:edit",
    "ventures:whole",
    "ventures:text",
    "ventures:restore",
    "ventures:private",
    "ventures:keep",
    "ventures:versions",
    "ventures:file",
    "ventures:terms",
    "ventures:paper",
    "ventures:workbook",
    "ventures:parquet",
    "api:get_venture",
    "api:save_venture",
    "api:delete_venture",
    "api:list_versions",
    "api:get_figures",
    "api:keep_figures",
    "api:simulate_venture",
    "api:split_venture",
}
ACCOUNTS = ENTRANCE | ACCOUNT | OWN_THINGS | SUPPORT
LISTED = (
    PUBLIC
    | HIDDEN
    | OWN
    | TOKEN
    | ORGANISATION
    | ACCOUNTS
    | WEBHOOKS
    | ROOM
    | ROOM_API
    | VENTURE
    | PROGRAMME
    | COMMISSIONS
    | PROJECTS
)
# What a program sends; a page's form may be empty, the answer must not depend on it.
BODIES: Mapping[str, Any] = {
    "api:change_frame": {"name": "Another name"},
    "api:move_deadline": {"deadline": "2031-01-31"},
    "api:invite": {"name": "Eve", "email": "eve@example.org", "language": "en"},
    "api:save_answer": {"value": 1, "version": 0},
    "api:seal": {"confirm_open_items": True},
    "api:compute": {"moves": []},
    "api:start_round": {},
    "api:agree_binding": {"text": "We bind ourselves."},
    "api:set_consent": {"consent": True},
    "api:close": {"outcome": "parted"},
}
# Forms that would go through if only the person were allowed to.
FORMS: Mapping[str, Mapping[str, str]] = {
    "rooms:deadline": {"deadline": "2031-01-31"},
    "rooms:seal": {"confirm_open_items": "yes"},
    "rooms:share": {"share": "yes"},
    "rooms:people": {"seat": "A", "name": "Eve", "email": "eve@example.org", "language": "en"},
    "rooms:answer": {"version-1.4": "0:none", "1.4.value": "lt1"},
    "rooms:item": {"version-1.1": "0:none", "1.1.value": "Something else by the end of 2029."},
    "rooms:pledges": {"intent": "consent-yes"},
    "rooms:next_round": {"deadline": "2031-01-31"},
    "rooms:answers_workbook": {
        "step": "confirm",
        "payload": '{"1.4": "lt1"}',
        "versions": '{"1.4": 0}',
    },
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
    """Return the pattern of every route by name, those of the account library included."""
    return dict(_walk(get_resolver().url_patterns))


def api_operations() -> dict[str, tuple[str, ...]]:
    """Return the methods of each address of the JSON API by its name."""
    from mutualist.project.api import api

    found: dict[str, tuple[str, ...]] = {}
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                name = f"api:{operation.view_func.__name__}"
                found[name] = found.get(name, ()) + tuple(operation.methods)
    return found


def room_address(name: str, uid: object, person: int = 1) -> str:
    """Return the address of something in a room."""
    own = {"uid": uid}
    if name == "rooms:answer":
        own |= {"question": 1}
    elif name == "rooms:item":
        own |= {"item": "1.1"}
    elif name.startswith("rooms:person_"):
        own |= {"answerer": person}
    elif name in {"api:get_answer", "api:save_answer"}:
        own |= {"item": "1.6"}
    elif name == "api:invite":
        own |= {"seat": "A"}
    elif name in {"api:resend", "api:revoke"}:
        own |= {"person": person}
    return reverse(name, kwargs=own)


def addresses_of_room(uid: object, person: int = 1) -> list[str]:
    """Return the address of every page of a room."""
    return [room_address(name, uid, person) for name in sorted(ROOM)]
