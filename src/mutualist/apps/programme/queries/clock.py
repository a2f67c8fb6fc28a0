"""Programmes, as what is done by the clock needs them."""

from __future__ import annotations

from dataclasses import dataclass

from mutualist.apps.identity.queries import members_of
from mutualist.apps.programme.models import Programme


@dataclass(frozen=True, slots=True)
class VendorPerson:
    """Somebody who decides for a vendor, to be written to."""

    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class ProgrammeName:
    """What mails call a programme."""

    uid: str
    name: str
    vendor: str


def programme_ids() -> list[int]:
    """Return the ids of all programmes, oldest first."""
    return list(Programme.objects.order_by("pk").values_list("pk", flat=True))


def programme_name(programme: int) -> ProgrammeName:
    """Return what mails call a programme."""
    found = Programme.objects.select_related("organisation").get(pk=programme)
    return ProgrammeName(str(found.uid), found.name, found.organisation.name)


def vendor_people(programme: int) -> list[VendorPerson]:
    """Return the owners and members of the vendor."""
    found = Programme.objects.select_related("organisation").get(pk=programme)
    deciding = members_of(found.organisation).filter(role__in=("owner", "member")).order_by("pk")
    return [VendorPerson(one.user.name, one.user.email, one.user.language) for one in deciding]
