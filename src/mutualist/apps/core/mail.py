"""Mails in the receiver's language, as text and HTML, stored with the action that causes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from mutualist.apps.core.outbox import post


def absolute(path: str) -> str:
    """Return the full address of a path of this site."""
    return f"{settings.MUTUALIST_BASE_URL}{path}"


def send_mail_template(
    template: str,
    *,
    to: str,
    language: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> None:
    """Render ``<template>.subject.txt``, ``.txt`` and ``.html`` now; the mail goes once the transaction stands.

    Parameters
    ----------
    language
        ``de`` or ``en``: the receiver's, not that of the page that caused the mail.
    headers
        Further headers, such as ``List-Unsubscribe``.
    """
    values = {**context, "base_url": settings.MUTUALIST_BASE_URL, "language": language}
    with translation.override(language):
        subject = " ".join(render_to_string(f"{template}.subject.txt", values).split())
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"{template}.txt", values).strip() + "\n",
            to=[to],
            headers=dict(headers or {}),
        )
        message.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
    post(message)
