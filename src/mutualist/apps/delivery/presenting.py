"""Deliveries as the page shows them: what, how it went, why not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from mutualist.apps.delivery.addresses import host_of
from mutualist.apps.delivery.kinds import sentence
from mutualist.apps.delivery.models import Delivery


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery in a list.

    Attributes
    ----------
    tone
        Kind of the pill: good, caution, bad or nothing.
    again
        When it is tried next, while it waits for that.
    """

    uid: UUID
    endpoint: UUID
    host: str
    kind: str
    sentence: str
    created: datetime
    word: str
    tone: str
    why: str
    excerpt: str
    attempts: int
    again: datetime | None


def delivery_lines(deliveries: Iterable[Delivery]) -> list[Line]:
    """Return the lines of a list of deliveries."""
    return [_line(one) for one in deliveries]


def _line(one: Delivery) -> Line:
    word, tone = _state(one)
    pending = one.state == Delivery.State.PENDING
    return Line(
        uid=one.uid,
        endpoint=one.endpoint.uid,
        host=host_of(one.endpoint.address),
        kind=one.event.kind,
        sentence=sentence(one.event.kind, json.loads(one.event.body)["data"]),
        created=one.event.created,
        word=word,
        tone=tone,
        why=reason_text(one),
        excerpt=one.excerpt if one.reason else "",
        attempts=one.attempts,
        again=one.next_at if pending and one.attempts and not one.lease else None,
    )


def _state(one: Delivery) -> tuple[str, str]:
    if one.state == Delivery.State.DELIVERED:
        return _("delivered"), "good"
    if one.state == Delivery.State.DEAD:
        return _("not delivered"), "bad"
    return (_("is tried again"), "caution") if one.attempts else (_("waits"), "")


def reason_text(one: Delivery) -> str:
    """Return why the last try failed, in a sentence; nothing when it did not."""
    texts = {
        "status": _("The program answered with status %(status)s."),
        "redirect": _("The program answered with status %(status)s. Redirects are not followed."),
        "gone": _("The program answered that this address is gone (410)."),
        "timeout": _("The program did not answer in time."),
        "connection": _("No connection could be made."),
        "tls": _("The certificate of the address is not valid."),
        "key": _("The secret cannot be read: the key of this installation does not fit."),
        "paused": _("It waited too long while the webhook was paused."),
    }
    addresses = {
        "unknown_name": _("The name in the address cannot be found."),
        "private_address": _(
            "The address leads into a private network, which is not allowed here."
        ),
    }
    if one.reason == "address":
        return addresses.get(one.detail, _("The address cannot be used."))
    return texts.get(one.reason, "") % {"status": one.status or "–"}
