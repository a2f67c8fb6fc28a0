"""Where mails go when no mail server is set: a visible page instead of nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from mutualist.apps.core.models import OutboxMail


def keep(message: EmailMessage, state: str = OutboxMail.State.KEPT) -> None:
    """Store one mail, a row for each receiver."""
    html = ""
    if isinstance(message, EmailMultiAlternatives):
        html = next((str(a[0]) for a in message.alternatives if a[1] == "text/html"), "")
    for receiver in message.recipients():
        OutboxMail.objects.create(
            to=receiver,
            subject=str(message.subject)[:300],
            text=str(message.body),
            html=html,
            state=state,
        )


class OutboxBackend(BaseEmailBackend):
    """Django mail backend that keeps mails in the database."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep all messages; return how many."""
        for message in email_messages:
            keep(message)
        return len(email_messages)
