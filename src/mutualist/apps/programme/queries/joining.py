"""Applications that wait, and what a new partner still has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from mutualist.apps.programme.checklists import items_of
from mutualist.apps.programme.models import (
    Acceptance,
    AgreementVersion,
    Contact,
    Programme,
    Relation,
)
from mutualist.apps.programme.standing import READING, THERE, Standing
from mutualist.domain.programme.registration.evaluation import suspected
from mutualist.domain.programme.registration.names import company_name
from mutualist.domain.programme.registration.numbers import telling_domain

#: So many partners that could be the same firm are compared by name.
COMPARED = 500
LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way in, and whether it is done.

    Attributes
    ----------
    task
        ``agreement``, ``profile``, ``contact``, or the id of a step of the programme's own checklist.
    by, words
        Of a step of the checklist: who ticks it, and what it is called in both languages.
    """

    task: str
    done: bool
    by: str = ""
    words: Any = None


def applications_of(standing: Standing) -> list[Relation]:
    """Return the firms that want to join, eldest first."""
    return list(
        Relation.objects.visible_to(standing)
        .filter(state=Relation.State.APPLIED)
        .prefetch_related("contacts")
        .order_by("created_at")
    )


def newest_agreement(programme: int) -> AgreementVersion | None:
    """Return the agreement that is to be accepted at present."""
    return AgreementVersion.objects.filter(programme=programme).first()


def has_accepted(relation: int, agreement: AgreementVersion) -> bool:
    """Whether the partner accepted this version."""
    return Acceptance.objects.filter(relation=relation, agreement=agreement).exists()


def steps_of(relation: Relation) -> list[Step]:
    """Return what a partner has to do before it is active: ours first, then the programme's own."""
    agreement = newest_agreement(relation.programme_id)
    signed = agreement is None or has_accepted(relation.pk, agreement)
    profile = bool(relation.postal_code and relation.abilities)
    contact = Contact.objects.filter(relation=relation).exists()
    own = items_of(checklist_of(relation.programme_id), relation.kind)
    return [
        Step("agreement", signed),
        Step("profile", profile),
        Step("contact", contact),
        *(Step(one.id, one.id in relation.steps_done, one.by, one.words) for one in own),
    ]


def checklist_of(programme: int) -> Any:
    """Return the stored checklist of a programme."""
    return Programme.objects.values_list("checklist", flat=True).get(pk=programme)


def acceptances(standing: Standing, agreement: AgreementVersion) -> tuple[int, int]:
    """Return how many of the partners accepted a version of the agreement, and how many partners there are."""
    there = Relation.objects.visible_to(standing).filter(state__in=THERE)
    return there.filter(acceptances__agreement=agreement).count(), there.count()


def last_acceptance(relation: int) -> Acceptance | None:
    """Return the newest version a partner accepted, with who and when."""
    found = Acceptance.objects.filter(relation=relation).select_related("agreement")
    return found.order_by("-agreement__number").first()


def known_already(standing: Standing, relation: Relation) -> list[Relation]:
    """Return partners that could be the firm that applies: the same mail domain, website or a like name."""
    others = Relation.objects.visible_to(standing).filter(state__in=READING)
    domains = {domain_of(one.email.rpartition("@")[2]) for one in relation.contacts.all()}
    domains = {one for one in (*domains, domain_of(relation.website)) if one}
    same = Q(pk=0)
    for domain in domains:
        same |= Q(contacts__email__iendswith=f"@{domain}") | Q(website__icontains=domain)
    for word in company_name(relation.name).strong[:2]:
        if len(word) >= LEAST_LETTERS:
            same |= Q(name__icontains=word[:LEAST_LETTERS])
    found = others.filter(same).exclude(pk=relation.pk).distinct().prefetch_related("contacts")
    return [one for one in found[:COMPARED] if _same(relation, one, domains)]


def _same(mine: Relation, other: Relation, domains: set[str]) -> bool:
    theirs = {domain_of(one.email.rpartition("@")[2]) for one in other.contacts.all()}
    return bool(domains & {*theirs, domain_of(other.website)}) or suspected(mine.name, other.name)


def domain_of(address: str) -> str:
    """Return the domain of a website or mail address if it says something about a firm.

    Examples
    --------
    >>> domain_of("https://www.dreiwerk.example/start"), domain_of("gmx.de")
    ('dreiwerk.example', '')
    """
    host = address.lower().partition("//")[2] or address.lower()
    return telling_domain(host.partition("/")[0].removeprefix("www."))
