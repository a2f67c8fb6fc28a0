"""Second factors: their secrets are encrypted, and whoever needs one is held back without.

The secret an authenticator app shares with us, and the seed of the recovery codes, are encrypted
under a key of their own, which the key-encryption key wraps: a copy of the database alone makes no
code. Passkeys leave only public keys with us.
"""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutualist.apps.core.vault import Vault, VaultError, new_wrapped_key
from mutualist.apps.identity.models import SecretKey, User

PURPOSE = "second-factor"
MARK = "v1:"
#: A proof by the second factor counts as fresh for so many seconds.
FRESH = 300
REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def key_context(purpose: str) -> bytes:
    """Return the place a wrapped key belongs to; changing the key-encryption key needs it."""
    return b"secret:" + purpose.encode()


def _vault() -> Vault:
    found = SecretKey.objects.filter(purpose=PURPOSE).first()
    if found is None:
        wrapped = new_wrapped_key(context=key_context(PURPOSE))
        found, _made = SecretKey.objects.get_or_create(
            purpose=PURPOSE, defaults={"wrapped": wrapped}
        )
    return Vault(bytes(found.wrapped), key_context(PURPOSE))


class FactorAdapter(DefaultMFAAdapter):
    """What the account library asks about second factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not right. Codes of an app change every 30 seconds and work once."
        ),
        "unverified_email": gettext_lazy(
            "Confirm your mail address first; then a second factor can be set up."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "This second factor is needed and cannot be removed."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret before it is stored."""
        sealed = _vault().encrypt(text.encode(), aad=PURPOSE.encode())
        return MARK + base64.b64encode(sealed).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Read a stored secret."""
        if not encrypted_text.startswith(MARK):
            raise VaultError("a second factor is not encrypted")
        sealed = base64.b64decode(encrypted_text[len(MARK) :])
        return _vault().decrypt(sealed, aad=PURPOSE.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name this site to the browser."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Mutualist"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        """Give a key a name until its owner does."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Key %(number)s") % {"number": number}


def has_second_factor(user_id: int) -> bool:
    """Whether a person has set up an app or a key; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=REAL).exists())


def needs_second_factor(user: User, *, required_by_organisation: bool) -> bool:
    """Whether somebody may not act without: operators, and members where an owner says so."""
    if settings.MUTUALIST_DEMO:
        return False
    operator = user.can_operate and settings.MUTUALIST_OPERATOR_SECOND_FACTOR
    return operator or required_by_organisation


def showed_second_factor(request: HttpRequest, *, within: int = FRESH) -> bool:
    """Whether this session proved an app or a key a short time ago; a recovery code does not do."""
    since = time.time() - within
    user: Any = request.user
    return any(
        record.get("method") == "mfa"
        and record.get("type") in REAL
        and record.get("at", 0) >= since
        for record in get_authentication_records(request, user)
    )
