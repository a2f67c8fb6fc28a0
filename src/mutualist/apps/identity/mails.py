"""Mails about accounts: one form for all, with the words of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.mail import send_mail_template


@dataclass(frozen=True, slots=True)
class Words:
    """Subject, text and the label of the button; fields in braces are filled in."""

    subject: Any
    text: Any
    label: Any = ""
    #: Whether the reader should be told what to do if it was somebody else.
    alarming: bool = False


_CODE = _("It works once and for a few minutes. Nobody of us will ever ask you for it.")
MAILS: Mapping[str, Words] = {
    "account/email/login_code": Words(_("Your code to sign in"), _CODE),
    "account/email/email_confirmation": Words(
        _("Confirm your mail address"),
        _("Confirm that this address is yours."),
        _("Confirm the address"),
    ),
    "account/email/email_confirmation_signup": Words(
        _("Confirm your mail address"),
        _("An account was made with this address. Confirm that it is yours."),
        _("Confirm the address"),
    ),
    "account/email/email_confirm": Words(
        _("Your mail address was confirmed"), _("This address now belongs to your account."), "", True
    ),
    "account/email/account_already_exists": Words(
        _("You have an account already"),
        _("Somebody tried to make an account with this address, but there is one already. If it was you: sign in, or set a new password."),
        _("Set a new password"),
    ),
    "account/email/unknown_account": Words(
        _("There is no account with this address"),
        _("Somebody tried to sign in or to set a new password with this address, but there is no account for it. If it was you, you may have signed up with another address."),
        _("Create an account"),
    ),
    "account/email/password_reset_key": Words(
        _("Set a new password"),
        _("Somebody, probably you, asked for a new password. The link works once and for an hour. If it was not you, do nothing: the old password stays."),
        _("Set a new password"),
    ),
    "account/email/email_changed": Words(
        _("Your mail address was changed"), _("From now on mails go to {to_email}."), "", True
    ),
    "account/email/email_deleted": Words(
        _("A mail address was removed"), _("{deleted_email} no longer belongs to your account."), "", True
    ),
    "account/email/password_changed": Words(
        _("Your password was changed"), _("All other sessions were ended."), "", True
    ),
    "account/email/password_set": Words(
        _("A password was set"), _("Your account now has a password."), "", True
    ),
    "account/email/password_reset": Words(
        _("Your password was changed"), _("All sessions were ended."), "", True
    ),
    "mfa/email/totp_activated": Words(
        _("An authenticator app was added"), _("From now on you need it to sign in."), "", True
    ),
    "mfa/email/totp_deactivated": Words(
        _("The authenticator app was removed"), _("It is no longer asked for."), "", True
    ),
    "mfa/email/webauthn_added": Words(
        _("A passkey was added"), _("From now on you can sign in with it."), "", True
    ),
    "mfa/email/webauthn_removed": Words(
        _("A passkey was removed"), _("It no longer works."), "", True
    ),
    "mfa/email/recovery_codes_generated": Words(
        _("New recovery codes were made"), _("The old ones no longer work."), "", True
    ),
    "socialaccount/email/account_connected": Words(
        _("A sign-in from elsewhere was connected"), _("You can now sign in by {provider}."), "", True
    ),
    "socialaccount/email/account_disconnected": Words(
        _("A sign-in from elsewhere was removed"), _("{provider} no longer lets you in."), "", True
    ),
    "new_device": Words(
        _("New sign-in to your account"),
        _("Somebody signed in with {device} from the network {place}. If it was you, there is nothing to do."),
        _("See all sessions"),
        True,
    ),
    "proof_code": Words(_("Your code to confirm that it is you"), _CODE),
    "token_reads": Words(
        _("A token for the API was made"),
        _("A program that holds the token “{name}” can now read what you may see."),
        _("See all tokens"),
        True,
    ),
    "token_writes": Words(
        _("A token for the API was made"),
        _("A program that holds the token “{name}” can now do what you may do."),
        _("See all tokens"),
        True,
    ),
    "support_begun": Words(
        _("The operator looks into a problem of {about}"),
        _("{operator} opened a support session until {until}. Reason: {reason}. It shows who belongs to it, in which state rooms are and whether mails arrived. It never shows answers, drafts or results."),
    ),
}  # fmt: skip


class _Fields(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def send_account_mail(name: str, /, *, to: str, language: str, **fields: Any) -> None:
    """Send one of these mails in the reader's language."""
    from django.utils import translation

    words = MAILS[name]
    with translation.override(language):
        filled = _Fields({key: str(value) for key, value in fields.items()})
        context = {
            "heading": str(words.subject).format_map(filled),
            "sentence": str(words.text).format_map(filled),
            "code": str(fields.get("code", "")),
            "alarming": words.alarming,
            "action_label": str(words.label),
            "action_url": fields.get("action_url", "") if words.label else "",
        }
    send_mail_template("identity/mail/account", to=to, language=language, context=context)
