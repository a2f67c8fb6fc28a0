"""What the pages say after something happened to an account, in place of the library's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

NOTICES: Mapping[str, Any] = {
    "account/messages/cannot_delete_primary_email.txt": _("You sign in with this address; it cannot be removed."),
    "account/messages/email_confirmation_failed.txt": _("This address belongs to another account already."),
    "account/messages/email_confirmation_sent.txt": _("A mail to confirm the address is on its way."),
    "account/messages/email_confirmed.txt": _("The address is confirmed."),
    "account/messages/email_deleted.txt": _("The address has been removed."),
    "account/messages/logged_in.txt": "",
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/login_code_sent.txt": "",
    "account/messages/password_changed.txt": _("The password has been changed; all other sessions have been ended."),
    "account/messages/password_set.txt": _("The password has been set."),
    "account/messages/primary_email_set.txt": _("You now sign in with this address."),
    "account/messages/unverified_primary_email.txt": _("Confirm the address first."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes have been made."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app has been removed."),
    "mfa/messages/webauthn_added.txt": _("The passkey has been added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey has been removed."),
    "socialaccount/messages/account_connected.txt": _("The service is connected."),
    "socialaccount/messages/account_connected_other.txt": _("This sign-in is connected with another account."),
    "socialaccount/messages/account_connected_updated.txt": _("The service is connected."),
    "socialaccount/messages/account_disconnected.txt": _("The service has been removed."),
}  # fmt: skip
