"""Who a person is to this installation: an account, mail addresses, seats, names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.apps import apps

from mutualist.apps.identity.models import User
from mutualist.apps.rooms import rights as rooms


@dataclass(frozen=True)
class Person:
    """Everything a row about somebody can be found by.

    Attributes
    ----------
    mails
        Lower-case addresses: of the account, of its further addresses, of seats held by account.
    answerers, links
        Ids of the seats' people and of their mail links.
    names
        Names the person has or had.
    """

    user_id: int | None = None
    mails: frozenset[str] = frozenset()
    answerers: frozenset[int] = frozenset()
    links: frozenset[int] = frozenset()
    names: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def is_known(self) -> bool:
        """Whether there is an account or a seat."""
        return self.user_id is not None or bool(self.answerers)


def person_of_user(user_id: int) -> Person:
    """Return the person behind an account."""
    user = User.objects.get(pk=user_id)
    return _person(user, {user.email.lower(), *_further_addresses(user_id)})


def person_of_mail(mail: str) -> Person:
    """Return the person behind a mail address, with or without an account."""
    address = mail.strip().lower()
    user = User.objects.filter(email__iexact=address).first() or _user_of_further(address)
    if user is not None:
        return person_of_user(user.pk)
    return _person(None, {address})


def _names_in_programmes(mails: set[str]) -> set[str]:
    """Return what somebody is called as a contact of a partner."""
    rows = apps.get_model("programme.Contact").objects
    found: set[str] = set()
    for mail in mails:
        found |= set(rows.filter(email__iexact=mail).values_list("name", flat=True))
    return found


def without_account(person: Person) -> Person:
    """Return what is known by mail address only."""
    return Person(None, person.mails, person.answerers, person.links, person.names)


def _further_addresses(user_id: int) -> set[str]:
    model = apps.get_model("account.EmailAddress")
    # An address that nobody confirmed may be somebody else's.
    found = model.objects.filter(user_id=user_id, verified=True).values_list("email", flat=True)
    return {mail.lower() for mail in found}


def _user_of_further(address: str) -> User | None:
    model = apps.get_model("account.EmailAddress")
    row = model.objects.filter(email__iexact=address, verified=True).select_related("user").first()
    return row.user if row else None


def _person(user: User | None, mails: set[str]) -> Person:
    seated = rooms.seated_as(user.pk if user else None, mails)
    known = (*seated.names, user.name if user else "", *_names_in_programmes(mails))
    names = {name for name in known if name.strip()}
    return Person(
        user_id=user.pk if user else None,
        mails=frozenset(mails),
        answerers=seated.answerers,
        links=seated.links,
        names=frozenset(names),
    )


def all_addresses() -> Iterable[str]:
    """Return every mail address by which somebody can be found; some come twice."""
    for label, column in (
        ("identity.User", "email"),
        ("account.EmailAddress", "email"),
        ("identity.OrganisationInvitation", "email"),
        ("rooms.Answerer", "email"),
        ("core.OutboxMail", "to"),
        ("programme.Contact", "email"),
        ("programme.Acceptance", "email"),
        ("enquiries.Enquiry", "email"),
    ):
        model = apps.get_model(label)
        rows = model._base_manager.exclude(**{column: ""}).exclude(**{column: None})  # noqa: SLF001
        yield from rows.values_list(column, flat=True).distinct().iterator()
