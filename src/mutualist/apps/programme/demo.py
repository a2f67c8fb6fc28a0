"""The demo's programme: Nordwerk's, with partners in Germany, Austria and Switzerland and what is known of them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import stopped_at, today
from mutualist.apps.identity.models import Organisation, User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme.actions.ahead import look_ahead
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.actions.levels import settle
from mutualist.apps.programme.actions.partners import add_contact, add_partner
from mutualist.apps.programme.actions.programmes import begin_programme
from mutualist.apps.programme.models import Programme
from mutualist.apps.programme.queries.programmes import programmes_of
from mutualist.apps.programme.standing import Standing, vendor_standing

NAME = "Nordwerk Partner"
BEGINS = date(2026, 1, 1)
#: The day of a row, by table.
DATES = {"sales": "day", "certificates": "issued", "contracts": "since"}
ANNA, CLARA = "anna@nordwerk.example", "clara@tauwerk.example"
RULES = """\
# Levels by revenue, certificates and customers that stay.
schema: programme/1
id: nordwerk-partner
version: "2026"
words: {de: "Nordwerk Partner", en: "Nordwerk Partner"}
about: {de: "Umsatz, Zertifikate und Kunden, die bleiben.", en: "Revenue, certificates and customers that stay."}
effective: {from: 2026-01-01}
currency: EUR
facts:
  sales:
    words: {de: "Umsätze", en: "Sales"}
    date: day
    fields: {customer: text, amount: money}
  certificates:
    words: {de: "Zertifikate", en: "Certificates"}
    date: issued
    until: expires
    fields: {person: text, name: text}
  contracts:
    words: {de: "Verträge", en: "Contracts"}
    date: since
    until: ended
    fields: {customer: text}
lists:
  basics: [{item: IoT Basics}, {item: Pump Analytics}]
  experts: [{item: IoT Expert}]
measures:
  sold: {words: {de: "Umsatz in zwölf Monaten", en: "Revenue in twelve months"}, from: sales, take: sum(amount), during: last 12 months}
  basic_people: {words: {de: "Menschen mit Grundlagen", en: "People with basics"}, from: certificates, where: "valid(name, basics)", take: count(distinct person)}
  expert_people: {words: {de: "Fachleute", en: "Experts"}, from: certificates, where: "valid(name, experts)", take: count(distinct person)}
  customers: {words: {de: "Kunden mit Vertrag", en: "Customers under contract"}, from: contracts, take: count(distinct customer)}
metrics:
  revenue: {words: {de: "Umsatz", en: "Revenue"}, category: performance, value: sold, points: "linear(value, 200000, 40)"}
  basics: {words: {de: "Grundlagen", en: "Basics"}, category: skill, value: basic_people, points: "per_unit(value, 5, 20)"}
  experts: {words: {de: "Fachleute", en: "Experts"}, category: skill, value: expert_people, points: "per_unit(value, 10, 20)"}
  loyalty: {words: {de: "Kunden, die bleiben", en: "Customers that stay"}, category: success, value: customers, points: "per_unit(value, 4, 20)"}
categories:
  performance: {de: "Leistung", en: "Performance"}
  skill: {de: "Können", en: "Skill"}
  success: {de: "Kundenerfolg", en: "Customer success"}
abilities:
  iot: {de: "Vernetzte Maschinen (IoT)", en: "Connected machines (IoT)"}
  ai: {de: "Vorhersage mit KI", en: "Prediction with AI"}
  erp: {de: "Anbindung an das ERP", en: "Links to the ERP"}
  twin: {de: "Digitaler Zwilling", en: "Digital twin"}
  robots: {de: "Robotik", en: "Robotics"}
levels:
  - {id: partner, words: {de: "Partner", en: "Partner"}, requires: [], benefits: [{de: "Unterlagen und Schulungen", en: "Material and training"}]}
  - id: silver
    words: {de: "Silber", en: "Silver"}
    benefits: [{de: "Anfragen aus Ihrer Nähe", en: "Enquiries from near you"}]
    requires:
      - {words: {de: "mindestens 40 Punkte", en: "at least 40 points"}, if: total >= 40}
      - {words: {de: "eine Person mit Grundlagen", en: "one person with basics"}, if: basic_people >= 1}
  - id: gold
    words: {de: "Gold", en: "Gold"}
    benefits: [{de: "Anfragen zuerst", en: "Enquiries first"}, {de: "15 % Provision", en: "15 % commission"}]
    requires:
      - {words: {de: "mindestens 70 Punkte", en: "at least 70 points"}, if: total >= 70}
      - {words: {de: "zwei Fachleute", en: "two experts"}, if: expert_people >= 2}
status: {rise: at once, fall: at review, review: {months: [1, 7], day: 1}, grace: 60 days}
actions:
  basics: {words: {de: "eine Prüfung zu den Grundlagen", en: "an exam on basics"}, adds: {table: certificates, row: {name: IoT Basics, person: new}}, cost: {money: 200, hours: 16}, at_most: 4, days: 30}
  expert: {words: {de: "eine Prüfung für Fachleute", en: "an exam for experts"}, adds: {table: certificates, row: {name: IoT Expert, person: new}}, cost: {money: 900, hours: 60}, at_most: 2, days: 90}
"""
#: Name, country, postal code, place, abilities, revenue, people with basics, experts, customers.
PARTNERS: tuple[tuple[Any, ...], ...] = (
    ("Tauwerk Sensorik GmbH", "DE", "70173", "Stuttgart", ["iot", "ai"], 168_000, 3, 2, 5),
    ("Grauwerk AG", "DE", "20095", "Hamburg", ["iot", "erp"], 90_000, 2, 1, 3),
    ("Systemhaus Süd GmbH", "DE", "89073", "Ulm", ["iot", "twin"], 120_000, 4, 1, 4),
    ("Alpenwerk GmbH", "AT", "6020", "Innsbruck", ["iot"], 42_000, 1, 0, 2),
    ("Donautechnik KG", "AT", "4020", "Linz", ["erp", "ai"], 75_000, 2, 0, 3),
    ("Bodensee Technik AG", "CH", "8280", "Kreuzlingen", ["iot", "erp"], 61_000, 2, 1, 2),
    ("Reusspartner AG", "CH", "6003", "Luzern", ["ai"], 15_000, 0, 0, 1),
    ("Rheinwerk IoT GmbH", "DE", "50667", "Köln", ["iot", "ai", "twin"], 210_000, 4, 3, 6),
    ("Hanse Digital GmbH", "DE", "28195", "Bremen", ["erp"], 33_000, 1, 0, 1),
    ("Elbflorenz IT GmbH", "DE", "01067", "Dresden", ["iot", "ai"], 58_000, 2, 0, 2),
    ("Isar Systeme GmbH", "DE", "80331", "München", ["iot", "erp", "ai"], 145_000, 3, 2, 4),
    ("Spreewerk GmbH", "DE", "10115", "Berlin", ["ai", "twin"], 24_000, 1, 0, 1),
)


@transaction.atomic
def load_demo_programme() -> None:
    """Begin Nordwerk's programme with its partners, unless it is there."""
    anna = User.objects.filter(email=ANNA).first()
    if anna is None:
        return
    actor = actor_of(anna)
    owner = Organisation.objects.filter(pk__in=actor.organisations("owner")).order_by("pk").first()
    if owner is None or programmes_of(actor):
        return
    steps = _steps(today())
    tables = _facts(today())
    with _on(steps[0]):
        made = begin_programme(
            actor=actor, organisation=owner.uid, name=NAME, rules=RULES, since=BEGINS
        )
        standing = vendor_standing(actor, made.uid)
        for number, row in enumerate(PARTNERS, 1):
            _partner(standing, number, row)
    programme = Programme.objects.get(pk=made.pk)
    for before, day in pairwise([date.min, *steps]):
        with _on(day):
            _month(standing, programme, tables, before, day)
    look_ahead(made.pk)


def _steps(last: date) -> list[date]:
    """Return the days on which facts came in: once a month for at most a year, so that levels have a past."""
    months = min(12, (last - BEGINS).days // 30)
    return [last - timedelta(days=30 * back) for back in range(months, -1, -1)]


def _on(day: date) -> AbstractContextManager[None]:
    """Do as if it were the morning of a day."""
    return stopped_at(timezone.make_aware(datetime.combine(day, time(9))))


def _month(
    standing: Standing, programme: Programme, tables: dict[str, list[Any]], before: date, day: date
) -> None:
    """Take in the facts after one day up to another, and let levels follow."""
    for table, rows in tables.items():
        new = [row for row in rows if before < date.fromisoformat(row[DATES[table]]) <= day]
        if new:
            import_facts(standing=standing, table=table, rows=list(enumerate(new, 2)))
    settle(programme=programme, actor=Actor.system(), day=day)


def _partner(standing: Standing, number: int, row: tuple[Any, ...]) -> None:
    name, country, code, place, abilities = row[:5]
    clara = User.objects.filter(email=CLARA).first()
    firm = actor_of(clara).organisations("owner") if clara is not None and number == 1 else ()
    languages = ["de", "en"] if number % 2 else ["de"]
    made = add_partner(
        standing=standing,
        name=name,
        organisation=next(iter(firm), None),
        external_id=f"P-{number:03}",
        country=country,
        postal_code=code,
        place=place,
        abilities=abilities,
        languages=languages,
        capacity=4,
        in_finder=True,
    )
    slug = name.split()[0].lower()
    add_contact(
        standing=standing,
        relation=made,
        name="Clara" if number == 1 else f"Team {name.split()[0]}",
        email=CLARA if number == 1 else f"partner@{slug}.example",
        language="de",
    )


def _facts(day: date) -> dict[str, list[dict[str, Any]]]:
    """Return rows by table; dates lie around today, so that the demo is never out of date."""
    tables: dict[str, list[dict[str, Any]]] = {"sales": [], "certificates": [], "contracts": []}
    for number, row in enumerate(PARTNERS, 1):
        partner = f"P-{number:03}"
        revenue, basics, experts, customers = row[5:]
        for part in range(4):
            tables["sales"].append(
                {
                    "partner": partner,
                    "id": f"S-{number}-{part}",
                    "day": (day - timedelta(days=30 + 80 * part)).isoformat(),
                    "customer": f"Kunde {number}-{part % max(1, customers)}",
                    "amount": str(revenue // 4),
                }
            )
        for person in range(max(basics, experts)):
            for count, name in ((basics, "IoT Basics"), (experts, "IoT Expert")):
                if person >= count:
                    continue
                issued = day - timedelta(days=700 - 45 * number)
                tables["certificates"].append(
                    {
                        "partner": partner,
                        "id": f"C-{number}-{person}-{name}",
                        "issued": issued.isoformat(),
                        "expires": (issued + timedelta(days=730 + 10 * person)).isoformat(),
                        "person": f"M-{number}-{person}",
                        "name": name,
                    }
                )
        tables["contracts"] += [
            {
                "partner": partner,
                "id": f"V-{number}-{customer}",
                "since": (day - timedelta(days=200 + customer)).isoformat(),
                "customer": f"Kunde {number}-{customer}",
            }
            for customer in range(customers)
        ]
    return tables
