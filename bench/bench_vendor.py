"""Pages of a vendor with many partners, and an import of its facts: CPU time, queries, size.

`python bench/bench_vendor.py [partners enquiries facts projects]`, `--postgres` on a server of its own. The demo's
programme gets that many partners with their places and abilities, enquiries handed to one or waiting, registered
projects, and rows of sales, which are stored by the same action as a file. Prints the median of some requests through
the whole stack, without a network.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import os
import random
import statistics
import time
from importlib.resources import files
from typing import Any

from bench_pages import measure
from bench_projects import fill, in_folder, tidy

ROUNDS = 5
ABILITIES = ("iot", "ai", "erp", "twin", "robots")


def prepare() -> Any:
    """Load the demo; return the standing of its vendor and a browser of its owner."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "mutualist.project.settings"
    os.environ.setdefault("MUTUALIST_LIMITS", "0")
    os.environ.setdefault("MUTUALIST_SECRET_KEY", "for measuring only, never where others come in")
    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from mutualist.apps.commissions.demo import load_demo_commissions
    from mutualist.apps.core.roles import as_owner, grant_application
    from mutualist.apps.identity.models import User
    from mutualist.apps.identity.queries import actor_of
    from mutualist.apps.programme.demo import load_demo_programme
    from mutualist.apps.programme.models import Programme
    from mutualist.apps.programme.public import vendor_standing
    from mutualist.apps.ratings.demo import load_demo_ratings
    from mutualist.apps.rooms.demo import load_demo

    with as_owner():
        call_command("migrate", verbosity=0)
    grant_application()
    load_demo()
    load_demo_programme()
    load_demo_commissions()
    load_demo_ratings()
    anna = User.objects.get(email__startswith="anna")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(anna)
    return vendor_standing(actor_of(anna), Programme.objects.earliest("pk").uid), client


def postal_codes() -> list[tuple[str, str]]:
    """Return the postal codes of Germany with their country."""
    packed = files("mutualist.library.datasets").joinpath("postal_codes.csv.gz").read_bytes()
    rows = csv.reader(gzip.decompress(packed).decode("utf-8").splitlines())
    return [(row[0], row[1]) for row in rows if row[0] == "DE"]


def grow(standing: Any, partners: int, enquiries: int) -> None:
    """Add partners, and enquiries of which every third waits."""
    from mutualist.apps.core.clock import now, today
    from mutualist.apps.core.isolation import Scope, private_scope
    from mutualist.apps.enquiries.models import Enquiry, Offer
    from mutualist.apps.programme.models import Relation

    rng, programme, codes = random.Random(5), standing.programme, postal_codes()
    made = []
    for at in range(partners):
        country, code = rng.choice(codes)
        made.append(
            Relation(
                programme_id=programme,
                name=f"Partner {at:05}",
                external_id=f"B-{at}",
                country=country,
                postal_code=code,
                abilities=rng.sample(ABILITIES, 2),
                state="active",
                joined=today(),
            )
        )
    Relation.objects.bulk_create(made, batch_size=1000)
    scope = Scope(programmes=frozenset({programme}))
    with private_scope(scope):
        rows = [
            Enquiry(
                programme_id=programme,
                source="api",
                external_id=f"B-{at}",
                country="DE",
                postal_code=rng.choice(codes)[1],
                abilities=[rng.choice(ABILITIES)],
                status="accepted" if at % 3 else "received",
                relation=made[at % partners] if at % 3 else None,
            )
            for at in range(enquiries)
        ]
        Enquiry.objects.bulk_create(rows, batch_size=1000)
        offers = [
            Offer(enquiry=one, relation=one.relation, number=1, due_at=now(), state="accepted")
            for one in rows
            if one.relation is not None
        ]
        Offer.objects.bulk_create(offers, batch_size=1000)


def register(standing: Any, projects: int) -> None:
    """Give the partners that were added registered projects."""
    from mutualist.apps.programme.models import Relation

    added = Relation.objects.filter(external_id__startswith="B-").order_by("pk")
    fill(standing.programme, list(added.values_list("pk", flat=True)), projects)


def pages(standing: Any) -> dict[str, str]:
    """Return what is asked for."""
    from mutualist.apps.enquiries.models import Enquiry
    from mutualist.apps.programme.models import Relation

    home = f"/programmes/{standing.programme_uid}/"
    waiting = Enquiry.objects.filter(external_id="B-0").values_list("uid", flat=True).get()
    partner = Relation.objects.filter(external_id="B-0").values_list("uid", flat=True).get()
    return {
        "partners": home,
        "partners in danger": f"{home}?risk=level&sort=falls",
        "one partner": f"{home}partners/{partner}/",
        "board of enquiries": f"{home}enquiries/",
        "one enquiry": f"{home}enquiries/{waiting}/",
        "handing out all": f"{home}enquiries/assign/",
        "projects": f"{home}projects/",
        "reviews": f"{home}reviews/",
        "promises": f"{home}promises/",
        "commissions": f"{home}commissions/",
        "new invoice": f"{home}commissions/invoices/new/",
        "payments": f"{home}commissions/payments/",
        "journal": f"{home}commissions/journal/",
        "facts": f"{home}facts/",
    }


def store(standing: Any, partners: int, facts: int) -> None:
    """Store rows of sales as a file brings them, and print how long it takes."""
    from mutualist.apps.core.clock import today
    from mutualist.apps.programme.actions.facts import import_facts

    day = today().isoformat()
    rows = [
        (
            at + 2,
            {"partner": f"B-{at % partners}", "id": f"B-{at}", "customer": f"C{at}", "day": day, "amount": "12.50"},
        )
        for at in range(facts)
    ]  # fmt: skip
    begin, cpu = time.perf_counter(), time.process_time()
    found = import_facts(standing=standing, table="sales", rows=rows)
    took, worked = time.perf_counter() - begin, time.process_time() - cpu
    print(f"{found.rows:,} rows stored in {took:.1f} s, CPU {worked:.1f} s")


def main(partners: int, enquiries: int, facts: int, projects: int) -> None:
    standing, client = prepare()
    from django.db import connection

    grow(standing, partners, enquiries)
    register(standing, projects)
    tidy()
    # As the server does: what is loaded is left alone by the collector.
    importlib.import_module("mutualist.project.wsgi")
    print(
        f"{connection.vendor}: {partners:,} partners, {enquiries:,} enquiries, {projects:,} projects more than the demo"
    )
    for name, address in pages(standing).items():
        size = len(client.get(address).content)
        times, queries = measure(client, address, ROUNDS)
        print(
            f"{name:20} {statistics.median(times):7.0f} ms {queries:4} queries {size // 1000:5} kB"
        )
    store(standing, partners, facts)


if __name__ == "__main__":
    in_folder(
        lambda words: main(*([int(word) for word in words] or [10_000, 3_000, 100_000, 10_000])),
        __file__,
    )
