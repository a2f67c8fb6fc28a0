"""Everything about a person as one document (Art. 15 and 20 GDPR).

Every table that holds data about people is asked, so a table that is added is in the copy as soon as
it is declared. Secrets (digests, keys) are left out. In the log, whatever names somebody else is
replaced by "…". Answers are handed out only to the person, and only where they still have the seat;
an operator's copy names the items, never what was said.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.logs import without_links
from mutualist.apps.core.models import AuditEntry, OutboxMail
from mutualist.apps.identity.models import Organisation, User
from mutualist.apps.privacy.finding import Finder, batches, texts_in
from mutualist.apps.privacy.holdings import Holding, holdings
from mutualist.apps.privacy.log import sentence_of
from mutualist.apps.privacy.people import Person
from mutualist.apps.privacy.retention import class_of
from mutualist.apps.rooms import rights as rooms
from mutualist.apps.ventures.public import figures_of

SCHEMA = "mutualist/person/1"


@transaction.atomic
def export_person(person: Person, *, with_answers: bool, language: str) -> dict[str, Any]:
    """Return everything about a person.

    Parameters
    ----------
    with_answers
        Whether the person asks, who may read what they wrote; an operator may not.
    """
    finder = Finder(person)
    with translation.override(language):
        sections = [_section(holding, finder, language) for holding in holdings()]
        document = {
            "schema": SCHEMA,
            "made": now().isoformat(timespec="seconds"),
            "mail_addresses": sorted(person.mails),
            "tables": [section for section in sections if section["rows"]],
            "answers": [_answers(one) for one in rooms.own_answers(person.answerers)]
            if with_answers
            else [],
            "private_figures": figures_of(person.answerers) if with_answers else [],
            "recipients": recipients(person),
            "notes": _notes(with_answers=with_answers),
        }
    if person.user_id is not None:
        user = User.objects.get(pk=person.user_id)
        actor = Actor("user" if with_answers else "system", user_id=user.pk, name=str(user))
        record("privacy.person.exported", actor=actor, obj=user, chain=f"person:{user.pk}")
    return document


def _section(holding: Holding, finder: Finder, language: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    special = _SPECIAL.get(holding.label)
    pks = finder.pks(holding)
    with finder.scope():
        for chunk in batches(pks):
            found = holding.model._base_manager.filter(pk__in=chunk).order_by("pk")  # noqa: SLF001
            foreign = [f.name for f in holding.model._meta.local_fields if f.is_relation]  # noqa: SLF001
            found = found.select_related(*(name for name in foreign if name in holding.shown))
            rows += special(found, finder) if special else (_plain(row, holding) for row in found)
    return {
        "table": holding.label,
        "title": holding.words[language],
        "kept": class_of(holding.keep).words[language],
        "columns": list(rows[0]) if rows else list(holding.shown),
        "rows": rows,
    }


def _plain(row: models.Model, holding: Holding) -> dict[str, Any]:
    return {column: _value(getattr(row, column)) for column in holding.shown}


def _value(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, (date, UUID)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    return value


def _entries(rows: models.QuerySet[Any], finder: Finder) -> Iterator[dict[str, Any]]:
    """Entries of the log as sentences; whoever else is named there becomes "…"."""
    entries = AuditEntry.objects.filter(pk__in=[row.pk for row in rows])
    own = {text.casefold() for text in (*finder.names, *finder.person.mails)}
    for entry in entries.select_related("personal").order_by("created", "pk"):
        yield {
            "when": entry.created.isoformat(timespec="seconds"),
            "action": entry.action,
            "sentence": sentence_of(entry, own),
        }


def _mails(rows: models.QuerySet[OutboxMail], finder: Finder) -> Iterator[dict[str, Any]]:  # noqa: ARG001
    for mail in rows:
        yield {
            "to": mail.to,
            "subject": mail.subject,
            "text": without_links(mail.text),
            "state": mail.state,
            "created": mail.created.isoformat(timespec="seconds"),
        }


_SPECIAL: Mapping[str, Any] = {
    "core.auditpersonal": _entries,
    "core.auditentry": _entries,
    "core.outboxmail": _mails,
}


def _answers(one: Any) -> dict[str, Any]:
    return {
        "room": one.room,
        "party": one.party,
        "round": one.round,
        "sealed": one.sealed,
        "answers": dict(one.answers),
    }


def recipients(person: Person) -> list[str]:
    """Return the organisations that see something of the person (Art. 15 (1) c, Art. 19)."""
    places = rooms.places_of(person.answerers, person.user_id)
    ids = {pk for place in places for pk in (place.host, place.organisation) if pk is not None}
    found = Organisation.objects.filter(pk__in=ids)
    if person.user_id is not None:
        found = found | Organisation.objects.filter(memberships__user=person.user_id)
    named = set(found.values_list("name", flat=True))
    # The other parties read in the history of the room who did what.
    return sorted(named | {party for place in places for party in place.parties})


def _notes(*, with_answers: bool) -> list[str]:
    notes = [
        _("Secrets are left out: passwords, keys and links are kept as digests or encrypted."),
        _("In the log, whoever else is named is replaced by “…”."),
        _(
            "Answers of your party that others gave belong to the firm; its lead has them in the room."
        ),
    ]
    if with_answers:
        return [*notes, _("Your own answers are included where you still have your seat.")]
    return [
        *notes,
        _(
            "What was answered is not included: the operator may not read it. Whoever has the seat takes a copy in the room."
        ),
    ]


def count_of(document: Mapping[str, Any]) -> int:
    """Return how many rows a copy holds."""
    return sum(len(section["rows"]) for section in document["tables"])


def as_json(document: Mapping[str, Any]) -> str:
    """Return the document as JSON for reading and for programs."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n"


def says(document: Mapping[str, Any]) -> Iterable[str]:
    """Return every text of a copy; tests look for what must not be there."""
    return texts_in(dict(document))
