"""Registrations of projects against a million registered ones: conflict search, claim, audit entry and all.

`python bench/bench_projects.py [projects]` makes a database in a folder of its own, or fills the one that
MUTUALIST_DATABASE_URL names; `--postgres` starts a server of its own. Each registration is one transaction of its own:
half of new customers, a quarter that are registered already under another spelling, a quarter of common names in big
towns. Figures: registrations a second by the action and by the JSON API, one after the other in one process and by two
processes at once; median and 99th percentile, CPU time.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).parent.parent
FIRST, SECOND, PLACES = (
    line.split()
    for line in (Path(__file__).parent / "customer_names.txt").read_text("utf-8").splitlines()
)
WRITERS = 2
FORMS = ("GmbH", "AG", "GmbH & Co. KG", "KG", "e.K.", "UG (haftungsbeschränkt)", "SE", "OHG")


def made_up(rng: random.Random) -> dict[str, str]:
    """Return one customer."""
    name = f"{rng.choice(FIRST)} {rng.choice(SECOND)}"
    if rng.random() < 0.6:
        name += f" {rng.choice(PLACES)}"
    number = rng.randrange(10**7)
    found = {
        "name": f"{name} {rng.choice(FORMS)}",
        "country": "DE",
        "postal_code": f"{rng.randrange(1000, 99999):05d}",
        "domain": f"firma-{number}.de" if rng.random() < 0.65 else "",
    }
    if rng.random() < 0.3:
        found["register"] = f"HRB {number}, Amtsgericht {rng.choice(PLACES)}"
    return found


def other_spelling(customer: dict[str, str], rng: random.Random) -> dict[str, str]:
    """Return a customer as somebody else writes it."""
    name = (
        customer["name"].replace("ü", "ue").replace("GmbH", "Gesellschaft mit beschränkter Haftung")
    )
    place = rng.randrange(1, len(name))
    return {**customer, "name": name[:place] + name[place + 1 :], "register": ""}


def setup(partners: int = 300) -> Any:
    """Prepare the database, a programme with partners, and return the standings."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "mutualist.project.settings"
    os.environ.setdefault("MUTUALIST_LIMITS", "0")
    os.environ.setdefault("MUTUALIST_SECRET_KEY", "for measuring only, never where others come in")
    django.setup()
    from django.core.management import call_command

    from mutualist.apps.core.roles import as_owner, grant_application

    with as_owner():
        call_command("migrate", verbosity=0)
    grant_application()
    from mutualist.apps.identity import actions as identity
    from mutualist.apps.identity.queries import actor_of
    from mutualist.apps.programme.actions.partners import add_partner
    from mutualist.apps.programme.models import Programme
    from mutualist.apps.programme.public import partner_standing, vendor_standing

    anna = identity.create_user(email="anna@example.org", name="Anna", language="de")
    clara = identity.create_user(email="clara@example.org", name="Clara", language="de")
    vendor = identity.create_organisation("Nordwerk", actor=actor_of(anna))
    firm = identity.create_organisation("Tauwerk", actor=actor_of(clara))
    programme = Programme.objects.create(organisation=vendor, name="Nordwerk Partner", slug="n")
    here = vendor_standing(actor_of(anna), programme.uid)
    made = [
        add_partner(standing=here, name=f"Partner {at}", organisation=firm.pk if at == 0 else None)
        for at in range(partners)
    ]
    return clara, partner_standing(actor_of(clara), made[0].uid), [one.pk for one in made]


def fill(programme: int, partners: list[int], count: int) -> list[dict[str, str]]:
    """Store so many protected projects; return some of their customers."""
    from django.db import connection, transaction

    from mutualist.apps.core.clock import now
    from mutualist.apps.core.isolation import Scope, private_scope
    from mutualist.apps.projects.models import BLOCKS, Registration
    from mutualist.domain.programme.registration import customer, keys_of

    rng, moment = random.Random(7), now()
    sample: list[dict[str, str]] = []
    claims: set[str] = set()

    table = Registration._meta  # noqa: SLF001 - the framework's own name for it
    fields = [one for one in table.concrete_fields if not one.primary_key]
    usual = Registration(
        programme_id=programme,
        relation_id=partners[0],
        state="approved",
        title="Project",
        created_at=moment,
        submitted_at=moment,
        protected_until=moment.date(),
    )
    values = [one.get_db_prep_save(one.pre_save(usual, True), connection) for one in fields]
    place = {one.attname: at for at, one in enumerate(fields)}
    names = ", ".join(connection.ops.quote_name(str(one.column)) for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {table.db_table} ({names}) VALUES ({marks})"  # noqa: S608 - our own table
    uid = table.get_field("uid")

    def rows() -> Iterator[list[Any]]:
        for at in range(count):
            given = made_up(rng)
            who = customer(
                given["name"],
                given["country"],
                postcode=given["postal_code"],
                domain=given["domain"],
                register=given.get("register", ""),
            )
            keys = keys_of(who)
            claim = keys.claim if keys.claim not in claims else f"{keys.claim}#{at}"
            claims.add(claim)
            row = list(values)
            own = {
                "uid": uid.get_db_prep_save(uuid4(), connection),
                "relation_id": partners[at % len(partners)],
                "customer": who.name,
                "country": who.country,
                "postal_code": who.postal_code,
                "domain": who.domain,
                "register": who.register,
                "claim": claim,
                **{f"key_{key}": getattr(keys, key) for key in BLOCKS},
            }
            for name, value in own.items():
                row[place[name]] = value
            if at % (count // 2000 + 1) == 0:
                sample.append(given)
            yield row

    # Rows as the application stores them, by the statement itself: a million objects would take long to make.
    scope = Scope(programmes=frozenset({programme}), relations=frozenset(partners))
    waiting = rows()
    while pending := list(islice(waiting, 20_000)):
        with private_scope(scope), transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, pending)
    tidy()
    return sample


def tidy() -> None:
    """Leave the tables as a server's own upkeep leaves them; else it works beside what is measured."""
    from django.db import connection

    from mutualist.apps.core.roles import as_owner

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def given(number: int, sample: list[dict[str, str]], rng: random.Random) -> dict[str, str]:
    """Return what the next registration is about."""
    kind = number % 4
    if kind == 0:
        return other_spelling(rng.choice(sample), rng)
    if kind == 1:
        common = f"{rng.choice(FIRST[:5])} {rng.choice(SECOND[:5])} GmbH"
        return {
            "name": common,
            "country": "DE",
            "postal_code": f"{rng.choice((10, 20, 80)):02d}{rng.randrange(1000):03d}",
        }
    return made_up(rng)


def measure(label: str, call: Callable[[dict[str, str]], bool], count: int, sample: Any) -> None:
    """Print how many calls a second are done."""
    rng, times, done = random.Random(label), [], 0
    began, cpu = time.perf_counter(), time.process_time()
    for number in range(count):
        content = given(number, sample, rng)
        start = time.perf_counter()
        done += call(content)
        times.append(time.perf_counter() - start)
    took, worked = time.perf_counter() - began, time.process_time() - cpu
    times.sort()
    print(
        f"{label}: {count / took:.0f} a second; median {statistics.median(times) * 1000:.1f} ms, "
        f"99 of 100 within {times[int(count * 0.99)] * 1000:.1f} ms, CPU {worked / count * 1000:.1f} ms each; "
        f"{done} stored, {count - done} refused as own doubles"
    )


def together(label: str, call: Callable[[dict[str, str]], bool], count: int, sample: Any) -> None:
    """Print how many calls a second so many processes do at once."""
    from django.db import connection

    connection.close()
    there = multiprocessing.get_context("fork")
    ready = there.Barrier(WRITERS + 1)

    def register(writer: int) -> None:
        rng = random.Random(f"{label} {writer}")
        call(made_up(rng))
        ready.wait()
        for number in range(count // WRITERS):
            call(given(number, sample, rng))

    writers = [there.Process(target=register, args=(at,)) for at in range(WRITERS)]
    for one in writers:
        one.start()
    ready.wait()
    began = time.perf_counter()
    for one in writers:
        one.join()
    took = time.perf_counter() - began
    failed = sum(one.exitcode != 0 for one in writers)
    print(f"{label}, {WRITERS} processes: {count / took:.0f} a second, {failed} of them failed")


def main(count: int, calls: int) -> None:
    """Fill, then measure both ways in."""
    clara, standing, partners = setup()
    from django.db import connection
    from django.test import Client

    began = time.perf_counter()
    sample = fill(standing.programme, partners, count)
    print(f"{connection.vendor}: {count:,} projects stored in {time.perf_counter() - began:.0f} s")
    # As the server does: what is loaded is left alone by the collector.
    importlib.import_module("mutualist.project.wsgi")
    from mutualist.apps.core.errors import ActionError
    from mutualist.apps.projects import actions

    def by_action(content: dict[str, str]) -> bool:
        try:
            actions.register(standing=standing, content=actions.Content(**content, title="Project"))
        except ActionError as error:
            if error.code != "project_registered":
                raise
            return False
        return True

    by_action(made_up(random.Random(1)))
    measure("action", by_action, calls, sample)
    together("action", by_action, calls, sample)
    from mutualist.apps.identity import actions as identity
    from mutualist.apps.identity.queries import actor_of

    secret = identity.create_api_token("bench", actor=actor_of(clara))
    client = Client(
        SERVER_NAME="localhost",
        HTTP_AUTHORIZATION=f"Bearer {secret}",
        raise_request_exception=False,
    )
    address = f"/api/v1/relations/{standing.relation_uid}/projects"

    def by_api(content: dict[str, str]) -> bool:
        body = {**content, "title": "Project"}
        answer = client.post(address, data=body, content_type="application/json")
        if answer.status_code not in {201, 409}:
            raise SystemExit(f"{answer.status_code}: {answer.content[:300]!r}")
        return answer.status_code == 201

    if calls:
        by_api(made_up(random.Random(2)))
        measure("JSON API", by_api, calls, sample[1:])
        together("JSON API", by_api, calls, sample[1:])


def on_postgres(arguments: list[str], script: str = __file__) -> int:
    """Start a PostgreSQL server of its own and measure there."""
    sys.path.insert(0, str(ROOT / "tests"))
    import everything

    with everything.postgres(everything.postgres_programs()) as url:
        more = {
            "MUTUALIST_DATABASE_URL": url.serving,
            "MUTUALIST_DATABASE_OWNER_URL": str(url),
        }
        return subprocess.run(
            [sys.executable, script, *arguments], env={**os.environ, **more}, check=False
        ).returncode


def in_folder(work: Callable[[list[str]], object], script: str) -> None:
    """Measure by what the command line says: in a folder that is gone afterwards, on PostgreSQL if it says so."""
    words = sys.argv[1:]
    if "--postgres" in words:
        sys.exit(on_postgres([word for word in words if word != "--postgres"], script))
    folder = tempfile.mkdtemp(prefix="mutualist-bench-")
    os.environ["MUTUALIST_DATA"] = folder
    try:
        work(words)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def by_words(words: list[str]) -> None:
    main(int(words[0]) if words else 1_000_000, int(words[1]) if len(words) > 1 else 2_000)


if __name__ == "__main__":
    in_folder(by_words, __file__)
