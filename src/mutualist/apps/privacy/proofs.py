"""Proof that somebody reads a mail address: an encrypted token in a mailed link, for one hour."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.identity.models import User
from mutualist.apps.privacy.finding import Finder
from mutualist.apps.privacy.people import Person, person_of_mail

LASTS = 3600


def _box() -> Fernet:
    secret = hashlib.sha256(b"mutualist/proof/v1" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))


def token_for(mail: str) -> str:
    """Return a token that proves, for one hour, that its holder reads this address."""
    moment = int(now().timestamp())
    return _box().encrypt_at_time(mail.strip().lower().encode(), moment).decode()


def mail_behind(token: str) -> str | None:
    """Return the proven address, or None for a token that is none or too old."""
    try:
        return _box().decrypt_at_time(token.encode(), LASTS, int(now().timestamp())).decode()
    except (InvalidToken, ValueError):
        return None


def person_behind(token: str) -> Person:
    """Return the person who holds a token.

    Raises
    ------
    ActionError
        ``proof`` when the link is no longer good.
    """
    mail = mail_behind(token)
    if mail is None:
        raise ActionError(
            "proof",
            _("This link is no longer good. Ask for a new one; it works for one hour."),
            410,
        )
    return person_of_mail(mail)


def send_proof(mail: str, *, language: str) -> None:
    """Mail a link to one's data, or that there are none: page and time tell nobody which."""
    person = person_of_mail(mail)
    known = bool(Finder(person).all())
    if person.user_id is not None:
        language = User.objects.get(pk=person.user_id).language
    url = absolute(reverse("privacy:proof", args=[token_for(mail)])) if known else ""
    send_mail_template(
        "privacy/mail/proof", to=mail, language=language, context={"action_url": url}
    )
