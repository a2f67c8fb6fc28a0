"""How long a copy of everything about a person takes, and their erasure: 10,000 records.

Usage: python bench/bench_person.py [records]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time


def main(records):
    with tempfile.TemporaryDirectory(prefix="mutualist-bench-") as folder:
        os.environ["MUTUALIST_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "mutualist.project.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(records)


def measure(records):
    from django.db import transaction

    from mutualist.apps.core.audit import record
    from mutualist.apps.identity.actions import create_organisation, create_user
    from mutualist.apps.identity.queries import actor_of
    from mutualist.apps.privacy.archive import archive_of
    from mutualist.apps.privacy.erasing import erase
    from mutualist.apps.privacy.exporting import count_of, export_person
    from mutualist.apps.privacy.people import person_of_mail

    user = create_user(email="anna@bench.test", name="Anna", language="en")
    firm = create_organisation("Bench", actor=actor_of(user))
    with transaction.atomic():
        for number in range(records // 2):
            record(
                "identity.member.invited",
                actor=actor_of(user),
                obj=firm,
                chain=f"organisation:{firm.pk}",
                data={"role": "reader"},
                personal={"email": f"p{number}@bench.test"},
            )
    start = time.perf_counter()
    document = export_person(person_of_mail("anna@bench.test"), with_answers=True, language="en")
    content = archive_of(document, "en")
    copied = time.perf_counter()
    done = erase(person_of_mail("anna@bench.test"))
    print(
        f"copy     {count_of(document):>7} records  {copied - start:6.1f} s  {len(content) / 1e6:.1f} MB"
    )
    print(f"erasure  {done.rows:>7} records  {time.perf_counter() - copied:6.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
