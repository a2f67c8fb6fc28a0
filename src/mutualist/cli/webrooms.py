"""Rooms of the web application, for a person of it; needs Django to be set up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.utils import translation

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.identity.models import Organisation, User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.rooms import actions, queries
from mutualist.cli.context import _, lang
from mutualist.cli.run import CommandError


def store(data: dict[str, Any], mail: str, organisation: str | None) -> str:
    """Make an opened room of a room file for a person's organisation; return its id."""
    actor = _person(mail)
    host = _host(actor, organisation)
    with _explained():
        room = actions.import_room_file(actor=actor, host=host, data=data)
    return str(room.uid)


def exported(uid: UUID, mail: str) -> dict[str, Any]:
    """Return a room file, holding no more than this person may see."""
    actor = _person(mail)
    with _explained():
        return queries.export_room(actor, queries.get_room(actor, uid))


def _person(mail: str) -> Actor:
    user = User.objects.filter(email__iexact=mail, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no account with the mail address {mail}.", mail=mail))
    return actor_of(user)


def _host(actor: Actor, wanted: str | None) -> Organisation:
    """Return the organisation that becomes the host: the only one, or the one that is named."""
    own = Organisation.objects.filter(pk__in=actor.organisations("owner", "member"))
    found = list(own.filter(name__iexact=wanted) if wanted else own.order_by("name"))
    if len(found) == 1:
        return found[0]
    names = ", ".join(own.order_by("name").values_list("name", flat=True))
    if not names:
        raise CommandError(_("{name} belongs to no organisation.", name=actor.name))
    raise CommandError(_("Say for which organisation: --for with one of {names}.", names=names), 2)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn refusals of an action into messages of the command line."""
    with translation.override(lang()):
        try:
            yield
        except NotAllowed as error:
            raise CommandError(_("There is no such room for this person.")) from error
        except ActionError as error:
            raise CommandError(error.message) from error
