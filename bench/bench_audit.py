"""How fast the audit log is checked: a synthetic database of 1,000,000 entries in 10,000 chains.

Usage: python bench/bench_audit.py [ENTRIES] [CHAINS]

Uses SQLite in a temporary folder, or the database of MUTUALIST_DATABASE_URL, which has to be empty. Prints the time of
the clock and of the processors, with one process and with one a core.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import islice


def entries(count, chains):
    """Yield chain, number and body of entries as rooms write them."""
    from mutualist.apps.core.audit import entry_hash, personal_digest

    start = datetime(2026, 1, 1, 9, 30, 0, 123456, tzinfo=UTC)
    for chain in range(chains):
        prev = ""
        for seq in range(1, count // chains + 1):
            created = start + timedelta(seconds=chain * 61 + seq)
            salt = f"{chain:032x}{seq:032x}"
            private = {"actor": f"Person {chain % 700} of Nordwerk Pumpen AG"}
            body = {
                "action": "rooms.answers.sealed",
                "actor": "user",
                "object": ["rooms.room", str(chain)],
                "created": created.isoformat(),
                "data": {
                    "seat": "A",
                    "party": "Nordwerk Pumpen AG · Süd",
                    "round": 1,
                    "commitment": f"{chain * 7919 + seq:064x}",
                    "fingerprint": f"{seq % 65536:04x} {chain % 65536:04x}",
                },
                "personal": personal_digest(salt, private),
            }
            hashed = entry_hash(prev, seq, body)
            yield f"room:{chain}", seq, body, prev, hashed, created, salt, private
            prev = hashed


def fill(count, chains):
    """Write entries, personal data and heads in bulk; return how long it took."""
    from django.db import connection, transaction

    from mutualist.apps.core.models import AuditEntry, AuditHead, AuditPersonal

    started = time.perf_counter()
    source = entries(count, chains)
    ends = {}
    while batch := list(islice(source, 20_000)):
        with transaction.atomic():
            rows = [
                AuditEntry(
                    chain=chain,
                    seq=seq,
                    action=body["action"],
                    body=body,
                    prev_hash=prev,
                    hash=hashed,
                    created=created,
                    audience="room",
                )
                for chain, seq, body, prev, hashed, created, _salt, _private in batch
            ]
            made = AuditEntry.objects.bulk_create(rows)
            AuditPersonal.objects.bulk_create(
                AuditPersonal(entry=row, salt=one[6], data=one[7])
                for row, one in zip(made, batch, strict=True)
            )
        ends |= {row.chain: row for row in rows}
    AuditHead.objects.bulk_create(
        AuditHead(chain=row.chain, seq=row.seq, hash=row.hash) for row in ends.values()
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return time.perf_counter() - started


def processor_time():
    """Return the time the processors spent on this process and those it has started and ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, kinds))


def main(count=1_000_000, chains=10_000):
    with tempfile.TemporaryDirectory(prefix="mutualist-bench-") as folder:
        os.environ["MUTUALIST_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutualist.project.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from mutualist.apps.core.audit_check import verify_all

        call_command("migrate", verbosity=0)
        print(f"{connection.vendor}, {os.cpu_count()} cores")
        print(f"written: {count:,} entries in {chains:,} chains, {fill(count, chains):.0f} s")
        for processes in (1, os.cpu_count() or 1):
            started, busy = time.perf_counter(), processor_time()
            check = verify_all(processes=processes)
            took, busy = time.perf_counter() - started, processor_time() - busy
            assert not check.faults, check.faults[:3]
            assert check.entries == count // chains * chains
            print(
                f"checked with {processes} process(es): {took:.1f} s, processor {busy:.1f} s, "
                f"{check.entries / took:,.0f} entries/s"
            )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"largest memory of one process: {peak:.0f} MB")


if __name__ == "__main__":
    main(*(int(argument.replace("_", "")) for argument in sys.argv[1:3]))
