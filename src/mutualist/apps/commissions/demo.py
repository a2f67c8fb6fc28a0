"""The demo's commissions: rules, invoices of the last weeks, approvals, a statement to look at."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from django.db import transaction

from mutualist.apps.commissions.actions.booking import Given, book_invoice
from mutualist.apps.commissions.actions.paying import keep_account
from mutualist.apps.commissions.actions.ruling import save_rules
from mutualist.apps.commissions.actions.settling import approve, cancel_invoice, confirm_milestone
from mutualist.apps.commissions.models import RuleVersion
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.core.clock import today
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme.public import programmes_of, vendor_standing

ANNA = "anna@nordwerk.example"
RULES = """\
# What Nordwerk pays its partners.
schema: commission/1
id: nordwerk-partner
version: "2026"
words: {de: Provision, en: Commission}
effective: {from: 2026-01-01}
currency: EUR
levels: [partner, silver, gold]
products:
  service:
    words: {de: PumpenPuls Dienst, en: PumpenPuls service}
    rate: {none: 5 %, partner: 5 %, silver: 10 %, gold: 15 %}
    clawback: {within_months: 12, part: unused}
  hosting:
    words: {de: Betrieb in der Cloud, en: Cloud hosting}
    rate: 50 %
    caps:
      - {per: subscription, each: month, amount: {EUR: 150}}
      - {per: subscription, each: year, amount: {EUR: 1440}}
  project:
    words: {de: Projekt, en: Project}
    rate: {none: 3 %, partner: 5 %, silver: 8 %, gold: 10 %}
    earned:
      milestones:
        - {id: signed, words: {de: Unterschrieben, en: Signed}, share: 40 %}
        - {id: live, words: {de: In Betrieb, en: Live}, share: 60 %}
promotions:
  - {id: start, words: {de: Startaktion, en: Launch offer}, rate: 10 %, products: [service], mark: start}
minimum_payout: {EUR: 25}
"""
#: Number, days ago, amount in cents, product, partners by their place in the list with shares, mark or subscription.
INVOICES = (
    ("R-2026-1041", 34, 18_400_00, "service", ((0, 1),), ""),
    ("R-2026-1043", 31, 7_250_00, "service", ((2, 1),), "start"),
    ("R-2026-1050", 24, 2_400_00, "hosting", ((0, 1),), "A-77"),
    ("R-2026-1052", 20, 9_999_99, "service", ((0, 2), (1, 1)), ""),
    ("P-2026-007", 15, 42_000_00, "project", ((7, 1),), ""),
    ("R-2026-1061", 9, 3_180_50, "service", ((5, 1),), ""),
    ("R-2026-1066", 4, 5_500_00, "service", ((0, 1),), ""),
)


@transaction.atomic
def load_demo_commissions() -> None:
    """Book the demo's invoices in Nordwerk's programme, unless there are rules already."""
    anna = User.objects.filter(email=ANNA).first()
    if anna is None:
        return
    actor = actor_of(anna)
    programmes = programmes_of(actor)
    if not programmes:
        return
    standing = vendor_standing(actor, programmes[0].uid)
    if RuleVersion.objects.visible_to(standing).exists():
        return
    save_rules(standing=standing, text=RULES)
    ids = sorted(partners_of(standing))
    made = {}
    for number, ago, amount, product, partners, more in INVOICES:
        whole = sum(parts for _at, parts in partners)
        given = Given(
            number=number,
            day=today() - timedelta(days=ago),
            amount=amount,
            currency="EUR",
            product=product,
            credited=tuple((ids[at % len(ids)], Fraction(parts, whole)) for at, parts in partners),
            subscription=more if product == "hosting" else "",
            marks=frozenset({more} if product == "service" and more else ()),
        )
        made[number] = book_invoice(standing=standing, given=given, source="form")
    project = made["P-2026-007"].earnings.get()
    confirm_milestone(standing=standing, earning=project.uid, key="signed")
    first = [one for number in list(made)[:4] for one in made[number].earnings.all()]
    approve(standing=standing, earnings=[one.uid for one in first])
    cancel_invoice(
        standing=standing,
        invoice=made["R-2026-1043"].uid,
        amount=1_450_00,
        day=today() - timedelta(days=2),
        reason="Gutschrift 17: eine Pumpe weniger",
    )
    keep_account(
        standing=standing,
        name="Nordwerk Pumpen AG",
        iban="DE89370400440532013000",
        bic="COBADEFFXXX",
    )
