"""Mails on their way: stored with the action that causes them, sent once it stands, tried again.

A mail is a row of the transaction: if that is rolled back, there is no mail; if the server is
killed right after it, the worker sends the mail. It may then be sent twice, never not at all; both
copies carry the same Message-ID. A mail that was handed over is deleted. Without a mail server all
mails are kept and shown on a page.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet

from mutualist.apps.core import clock
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.core.vault import Vault, VaultError, new_wrapped_key

logger = logging.getLogger(__name__)
KEEPS = "mutualist.apps.core.outbox.OutboxBackend"
#: How long one attempt may take before another worker takes the mail over.
LEASE = timedelta(minutes=2)
#: Minutes between the attempts: ten in about four days, as mail servers do among themselves.
WAITS = (1, 5, 15, 60, 180, 360, 720, 1440, 2880)
#: So many go right after the commit; what is more goes with the worker.
AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a mail could not be handed over, and whether trying again makes sense."""

    reason: str
    for_good: bool


def post(message: EmailMessage) -> None:
    """Store a mail for each receiver in the running transaction; send it once that stands."""
    html = ""
    if isinstance(message, EmailMultiAlternatives):
        html = next((str(a[0]) for a in message.alternatives if a[1] == "text/html"), "")
    said = {"subject": str(message.subject), "text": str(message.body), "html": html}
    content = {**said, "sender": message.from_email, "headers": dict(message.extra_headers)}
    for receiver in message.recipients():
        _store(receiver, content)


class _AtOnce:
    """Sends a mail when the transaction that stored it stands."""

    def __init__(self, mail: OutboxMail) -> None:
        self.mail = mail

    def __call__(self) -> None:
        """Send it; called once by the database connection."""
        settle(self.mail, hand_over(self.mail))


def _store(receiver: str, content: dict[str, Any]) -> None:
    uid, moment = uuid.uuid4(), clock.now()
    place = f"mail:{uid}".encode()
    key = new_wrapped_key(context=place)
    kept = not can_send()
    before = transaction.get_connection().run_on_commit
    # Whoever has many to send must not make a person wait for them: the worker does that.
    at_once = not kept and sum(isinstance(hook[1], _AtOnce) for hook in before) < AT_ONCE
    mail = OutboxMail.objects.create(
        uid=uid,
        to=receiver,
        key=key,
        content=Vault(key, place).encrypt(json.dumps(content).encode(), aad=place),
        state=OutboxMail.State.KEPT if kept else OutboxMail.State.WAITING,
        created=moment,
        next_at=None if kept else moment,
        # Whoever stores it sends it; a worker takes over when that did not happen.
        attempts=1 if at_once else 0,
        lease=uid.hex if at_once else "",
        lease_until=moment + LEASE if at_once else None,
    )
    if at_once:
        transaction.on_commit(_AtOnce(mail), robust=True)


def ready(moment: datetime) -> QuerySet[OutboxMail]:
    """Return mails that may be tried now; a lease from beyond the longest one is a clock set back."""
    far = moment + timedelta(minutes=WAITS[-1])
    due = Q(next_at__lte=moment) | Q(next_at__gt=far)
    free = Q(lease_until=None) | Q(lease_until__lte=moment) | Q(lease_until__gt=moment + LEASE)
    return OutboxMail.objects.filter(due, free, state=OutboxMail.State.WAITING)


def claim(limit: int) -> list[OutboxMail]:
    """Take mails that are due, so that nobody else tries them meanwhile."""
    moment, lease = clock.now(), uuid.uuid4().hex
    taken = []
    for pk in list(ready(moment).order_by("next_at", "pk").values_list("pk", flat=True)[:limit]):
        # The condition is asked again in the statement that takes it: two workers never both win.
        changes = {"lease": lease, "lease_until": moment + LEASE, "attempts": F("attempts") + 1}
        if ready(moment).filter(pk=pk).update(**changes):
            taken.append(pk)
    return list(OutboxMail.objects.filter(pk__in=taken).order_by("pk"))


def hand_over(mail: OutboxMail) -> Refusal | None:
    """Give one mail to the mail server; touches no table."""
    try:
        message_of(mail).send()
    except VaultError:
        return Refusal("the key of this installation does not open the mail", for_good=False)
    except (SMTPRecipientsRefused, SMTPResponseException) as error:
        return _refusal(error)
    except OSError as error:
        return Refusal(f"{type(error).__name__}: {error}", for_good=False)
    except ValueError as error:
        # No mail program could send this: a line break in a subject, an address that is none.
        return Refusal(f"{type(error).__name__}: {error}", for_good=True)
    return None


def _refusal(error: SMTPRecipientsRefused | SMTPResponseException) -> Refusal:
    """Read what the mail server answered; 5xx is its last word."""
    code: int
    words: bytes | str
    if isinstance(error, SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()), (0, b""))
    else:
        code, words = error.smtp_code, error.smtp_error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    # A wrong password stands in our settings: not the fault of the mail.
    for_good = 500 <= code < 600 and not isinstance(error, SMTPAuthenticationError)
    return Refusal(f"{code} {' '.join(text.split())}", for_good=for_good)


def message_of(mail: OutboxMail) -> EmailMultiAlternatives:
    """Return a mail as it is sent; each time with the same Message-ID."""
    letter = mail.letter
    sender = letter["sender"] or settings.DEFAULT_FROM_EMAIL
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject=letter["subject"],
        body=letter["text"],
        from_email=sender,
        to=[mail.to],
        headers={**letter.get("headers", {}), "Message-ID": f"<{mail.uid.hex}@{domain}>"},
        connection=get_connection(),
    )
    if letter["html"]:
        message.attach_alternative(letter["html"], "text/html")
    return message


def settle(mail: OutboxMail, refusal: Refusal | None) -> None:
    """Note what became of an attempt; whoever lost the mail to another worker changes nothing."""
    mine = OutboxMail.objects.filter(pk=mail.pk, lease=mail.lease, state=OutboxMail.State.WAITING)
    if refusal is None:
        mine.delete()
        return
    given_up = refusal.for_good or mail.attempts > len(WAITS)
    wait = WAITS[min(mail.attempts, len(WAITS)) - 1]
    logger.log(
        logging.ERROR if given_up else logging.WARNING,
        "mail %s, attempt %d: %s",
        mail.uid,
        mail.attempts,
        # A mail server repeats the receiver's address in what it says.
        refusal.reason.replace(mail.to, "…"),
    )
    mine.update(
        state=OutboxMail.State.FAILED if given_up else OutboxMail.State.WAITING,
        next_at=None if given_up else clock.now() + timedelta(minutes=wait),
        lease="",
        lease_until=None,
        error=refusal.reason[:200],
    )


def try_again(mail_id: int) -> bool:
    """Send a mail once more that was kept or given up."""
    kept = OutboxMail.objects.filter(pk=mail_id).exclude(state=OutboxMail.State.WAITING)
    return bool(
        kept.update(state=OutboxMail.State.WAITING, next_at=clock.now(), attempts=0, error="")
    )


def rewrite(mail: OutboxMail, change: Callable[[str], str]) -> bool:
    """Change the words of a mail that is still here, such as the name of a person who was erased."""
    letter = mail.letter
    words = {part: change(letter[part]) for part in ("subject", "text", "html")}
    changed = {**letter, **words}
    if changed == letter:
        return False
    place = f"mail:{mail.uid}".encode()
    content = Vault(bytes(mail.key), place).encrypt(json.dumps(changed).encode(), aad=place)
    return bool(OutboxMail.objects.filter(pk=mail.pk).update(content=content))


def can_send() -> bool:
    """Whether a mail server is set."""
    return bool(settings.EMAIL_BACKEND != KEEPS)


class OutboxBackend(BaseEmailBackend):
    """Django mail backend that keeps mails in the database."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep all messages; return how many."""
        for message in email_messages:
            post(message)
        return len(email_messages)
