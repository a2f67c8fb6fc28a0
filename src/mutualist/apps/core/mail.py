"""Mails in the receiver's language, as text and HTML, sent once the transaction stands."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from mutualist.apps.core.models import OutboxMail
from mutualist.apps.core.outbox import keep

logger = logging.getLogger(__name__)


def absolute(path: str) -> str:
    """Return the full address of a path of this site."""
    return f"{settings.MUTUALIST_BASE_URL}{path}"


def send_mail_template(
    template: str, *, to: str, language: str, context: Mapping[str, Any]
) -> None:
    """Render ``<template>.subject.txt``, ``.txt`` and ``.html`` now, send after the commit.

    Parameters
    ----------
    language
        ``de`` or ``en``: the receiver's, not that of the page that caused the mail.
    """
    values = {**context, "base_url": settings.MUTUALIST_BASE_URL, "language": language}
    with translation.override(language):
        subject = " ".join(render_to_string(f"{template}.subject.txt", values).split())
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"{template}.txt", values).strip() + "\n",
            to=[to],
        )
        message.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
    transaction.on_commit(lambda: _send(message))


def _send(message: EmailMultiAlternatives) -> None:
    try:
        message.send()
    except OSError:
        # The write stands and the person must not see an error page for a mail server that is away.
        logger.exception("a mail could not be sent; it is kept in the outbox")
        keep(message, OutboxMail.State.FAILED)
