"""The rows about one person, table by table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from mutualist.apps.core.models import AuditEntry, AuditPersonal
from mutualist.apps.core.tokens import digest
from mutualist.apps.privacy.holdings import Holding, holdings
from mutualist.apps.privacy.people import Person
from mutualist.apps.rooms.rights import seats_scope

BATCH = 500


class Finder:
    """Finds the rows about a person; what is slow to find is found once."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def pks(self, holding: Holding) -> list[Any]:
        """Return the keys of the rows about the person in one table."""
        rule = self._rule(holding)
        with self.scope():
            rows = holding.model._base_manager.filter(rule)  # noqa: SLF001
            return list(rows.order_by("pk").values_list("pk", flat=True))

    def all(self) -> dict[str, list[Any]]:
        """Return the keys in every table, tables without any left out."""
        found = {holding.label: self.pks(holding) for holding in holdings()}
        return {label: pks for label, pks in found.items() if pks}

    def scope(self) -> Any:
        """Return the scope in which private rows of the person's own seats can be asked for."""
        return seats_scope(self.person.answerers)

    def _rule(self, holding: Holding) -> Q:
        rule = Q(pk__in=[])
        for kind, columns in holding.by.items():
            for column in columns:
                rule |= _RULES[kind](self, column)
        return rule

    def by_user(self, column: str) -> Q:
        """Rows of the account."""
        user = self.person.user_id
        return Q(**{column: user}) if user is not None else Q(pk__in=[])

    def by_mail(self, column: str) -> Q:
        """Rows with one of the mail addresses, in any case."""
        rule = Q(pk__in=[])
        for mail in self.person.mails:
            rule |= Q(**{f"{column}__iexact": mail})
        return rule

    def by_answerer(self, column: str) -> Q:
        """Rows of the person's seats."""
        return Q(**{f"{column}__in": self.person.answerers})

    def by_caller(self, column: str) -> Q:
        """Rows of requests: whoever asked by account, by token or in a browser with seat links."""
        callers = [f"link:{digest(key)}" for key in self._sessions]
        if self.person.user_id is not None:
            callers.append(f"user:{self.person.user_id}")
            tokens = apps.get_model("identity.ApiToken").objects.filter(user=self.person.user_id)
            callers += [f"token:{one}" for one in tokens.values_list("digest", flat=True)]
        return Q(**{f"{column}__in": callers})

    def by_session(self, column: str) -> Q:
        """Browser sessions in which the person is signed in, or has opened a seat link."""
        return Q(**{f"{column}__in": self._sessions})

    def by_log(self, column: str) -> Q:
        """Entries of the log that name the person."""
        return Q(**{f"{column}__in": self._named_in})

    @cached_property
    def _sessions(self) -> list[str]:
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        model = apps.get_model("sessions.Session")
        rows = model.objects.values_list("session_key", "session_data").iterator()
        return [key for key, data in rows if self._is_own(store.decode(data))]

    def _is_own(self, session: dict[str, Any]) -> bool:
        if self.person.user_id is not None and session.get("_auth_user_id") == str(
            self.person.user_id
        ):
            return True
        if self.person.links & set(session.get("seat_links", ())):
            return True
        said = json.dumps(session, ensure_ascii=False, default=str).lower()
        return any(f'"{mail}"' in said for mail in self.person.mails)

    @cached_property
    def _named_in(self) -> list[int]:
        """Ids of the entries whose personal part is about the person.

        What they did themselves, and what names one of their addresses anywhere. Names are not
        unique, so they count only in the chains of rooms and organisations the person had to do
        with; a namesake there loses the name in the log, too.
        """
        own = AuditPersonal.objects.none()
        if self.person.user_id is not None:
            own = AuditPersonal.objects.filter(entry__user=self.person.user_id)
        ids = set(own.values_list("pk", flat=True))
        for pk, data in self._saying(self.person.mails):
            if self.person.mails & {text.lower() for text in texts_in(data)}:
                ids.add(pk)
        names = {name.casefold() for name in self.names}
        for chunk in batches(sorted(self._chains(ids))):
            rows = AuditPersonal.objects.filter(entry__chain__in=chunk)
            for pk, data in rows.values_list("pk", "data").iterator():
                if names & {text.casefold() for text in texts_in(data)}:
                    ids.add(pk)
        return sorted(ids)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name the person had, older ones as the log knows them included."""
        found = set(self.person.names)
        if self.person.user_id is not None:
            rows = AuditPersonal.objects.filter(entry__user=self.person.user_id)
            for data in rows.values_list("data", flat=True).iterator():
                found.add(str(data.get("actor", "")))
        return frozenset(name for name in found if name.strip())

    def _saying(self, words: Iterable[str]) -> Iterator[tuple[int, Any]]:
        rows = AuditPersonal.objects.annotate(said=Cast("data", models.TextField()))
        rule = Q(pk__in=[])
        for word in words:
            # As SQLite keeps it: letters beyond ASCII are escaped there.
            for form in {word, json.dumps(word)[1:-1]}:
                rule |= Q(said__icontains=form)
        yield from rows.filter(rule).values_list("pk", "data")

    def _chains(self, ids: Iterable[int]) -> set[str]:
        found: set[str] = set()
        for chunk in batches(sorted(ids)):
            entries = AuditEntry.objects.filter(pk__in=chunk)
            found |= set(entries.values_list("chain", flat=True).distinct())
        people = apps.get_model("rooms.Answerer").objects.filter(pk__in=self.person.answerers)
        for room, seat in people.values_list("room_id", "seat__key"):
            found |= {f"room:{room}", f"room:{room}:{seat}"}
        contacts = apps.get_model("programme.Contact").objects
        for mail in self.person.mails:
            partners = contacts.filter(email__iexact=mail).values_list(
                "relation__programme", "relation"
            )
            for programme, relation in partners:
                found |= {f"programme:{programme}", f"programme:{programme}:{relation}"}
        if self.person.user_id is not None:
            members = apps.get_model("identity.Membership").objects
            firms = members.filter(user=self.person.user_id)
            found |= {f"organisation:{pk}" for pk in firms.values_list("organisation", flat=True)}
            found.add(f"person:{self.person.user_id}")
        return found


_RULES: dict[str, Callable[[Finder, str], Q]] = {
    "user": Finder.by_user,
    "mail": Finder.by_mail,
    "answerer": Finder.by_answerer,
    "caller": Finder.by_caller,
    "session": Finder.by_session,
    "log": Finder.by_log,
}
KEYS = frozenset(_RULES)


def batches(items: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Cut a list into pieces a statement can take."""
    every = list(items)
    for start in range(0, len(every), size):
        yield every[start : start + size]


def texts_in(value: Any) -> Iterator[str]:
    """Return every text inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)
