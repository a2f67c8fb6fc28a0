"""The demo's projects: protected ones, one that waits, a conflict to decide, one refused and objected to."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme.public import (
    Standing,
    contacts_of,
    link_standing,
    make_link,
    partner_cards,
    programmes_of,
    vendor_standing,
)
from mutualist.apps.projects import actions, queries
from mutualist.apps.projects.content import Content

ANNA = "anna@nordwerk.example"
#: Days ago, partner by its place in the list, what is registered, what became of it.
PROJECTS = (
    (40, 0, Content("Müller Chemie GmbH", "DE", "70173", "mueller-chemie.example", title="Wartung für 40 Pumpen",
                    person="Petra Lang", role="Produktion", email="lang@mueller-chemie.example", amount="125000"), "approve"),
    (80, 1, Content("Wasserwerk Mittelland AG", "CH", "5000", "wasserwerk-mittelland.example",
                    title="Überwachung der Hochbehälter", person="Urs Frei", amount="88000", currency="CHF"), "approve"),
    (60, 2, Content("Brauerei Sonnhof KG", "AT", "5020", title="Pumpen im Sudhaus", amount="42000"), "win"),
    (9, 3, Content("Papierfabrik Erlenbach SE", "DE", "79098", "erlenbach-papier.example",
                   title="Stoffaufbereitung", amount="210000"), "reject"),
    (1, 4, Content("MUELLER CHEMIE Gesellschaft mit beschränkter Haftung", "DE", "70173",
                   title="Instandhaltung Pumpen", amount="90000"), ""),
    (0.2, 5, Content("Klärwerk Seeblick AöR", "DE", "88045", title="Gebläse und Pumpen", amount="30000"), ""),
)  # fmt: skip


@transaction.atomic
def load_demo_projects() -> None:
    """Register the demo's projects, once."""
    user = User.objects.filter(email=ANNA).first()
    if user is None:
        return
    actor = actor_of(user)
    for programme in programmes_of(actor)[:1]:
        vendor = vendor_standing(actor, programme.uid)
        if any(queries.counts(vendor).values()):
            return
        partners = [card for card in partner_cards(vendor, active=True) if contacts_of(card.id)]
        for days, place, content, outcome in PROJECTS:
            if place < len(partners):
                _one(vendor, partners[place].id, days, content, outcome)


def _one(vendor: Standing, relation: int, days: float, content: Content, outcome: str) -> None:
    """Register one project as it was some days ago, and what became of it."""
    here = link_standing(make_link(contacts_of(relation)[0]).split("/")[2], "de")
    moment = now() - timedelta(days=days)
    with stopped_at(moment):
        row = actions.register(standing=here, content=content)
    with stopped_at(moment + timedelta(hours=20)):
        if outcome in {"approve", "win"}:
            actions.approve(standing=vendor, project=row.uid)
        elif outcome == "reject":
            actions.reject(
                standing=vendor,
                project=row.uid,
                reason="insufficient_information",
                note="Bitte nennen Sie den Standort.",
            )
    if outcome == "win":
        with stopped_at(moment + timedelta(days=30)):
            actions.win(standing=here, project=row.uid)
    if outcome == "reject":
        with stopped_at(moment + timedelta(days=2)):
            actions.appeal(
                standing=here, project=row.uid, text="Der Standort ist Freiburg, Halle 3."
            )
