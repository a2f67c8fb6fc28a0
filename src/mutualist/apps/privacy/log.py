"""The log of one person: what they did and what names them, for a copy or after a breach."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from mutualist.apps.core.audit import kinds
from mutualist.apps.core.models import AuditEntry, AuditPersonal
from mutualist.apps.privacy.finding import Finder, batches
from mutualist.apps.privacy.holdings import declared
from mutualist.apps.privacy.people import Person

SOMEBODY = "…"


class _Fields(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return SOMEBODY


def sentence_of(entry: AuditEntry, own: AbstractSet[str]) -> str:
    """Return an entry as a sentence in which nobody is named but the person.

    Parameters
    ----------
    own
        Names and addresses of the person, casefolded.
    """
    try:
        said = entry.personal.data
    except AuditPersonal.DoesNotExist:
        said = {}
    shown = {k: v if str(v).casefold() in own else SOMEBODY for k, v in said.items()}
    kind = kinds().get(entry.action)
    if kind is None:
        return entry.action
    return str(kind.sentence).format_map(_Fields({**entry.body["data"], **shown}))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a person's log."""

    when: str
    action: str
    chain: str
    number: int
    own: bool
    sentence: str


def log_of(person: Person) -> Iterator[Line]:
    """Return what a person did and what names them, oldest first.

    Reads are not in the log of writes: whoever looked at a page without changing anything leaves a
    line in the web server's own log only.
    """
    finder = Finder(person)
    pks = {
        *finder.pks(declared()["core.auditpersonal"]),
        *finder.pks(declared()["core.auditentry"]),
    }
    own = {text.casefold() for text in (*finder.names, *person.mails)}
    entries = [
        entry
        for chunk in batches(sorted(pks))
        for entry in AuditEntry.objects.filter(pk__in=chunk).select_related("personal")
    ]
    for entry in sorted(entries, key=lambda e: (e.created, e.pk)):
        yield Line(
            when=entry.created.isoformat(timespec="seconds"),
            action=entry.action,
            chain=entry.chain,
            number=entry.seq,
            own=person.user_id is not None and entry.user_id == person.user_id,
            sentence=sentence_of(entry, own),
        )
