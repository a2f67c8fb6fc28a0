"""Kill the application and the worker at random: no event is lost, none has two effects, order is kept.

``python tests/apps/delivery/kill_outbox.py --kills 200`` runs it on SQLite in a folder of its own, or on the
database MUTUALIST_DATABASE_URL names, which has to be empty.

A writer renames organisations and invites people, and says after each commit what it has written. A worker sends.
Both are killed with SIGKILL again and again. A receiver, as somebody outside would write it, takes each event in,
counts an effect only for an id it has not seen, answers now and then with an error or not at all, and is never
killed; so does a mail server. At the end everything written has to have arrived.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[2]
ORGANISATIONS = 3
KIND = "identity.organisation.renamed"


@dataclass
class Outside:
    """The world outside: what it took in, and what it did because of it."""

    events: Any
    post: Any
    random: random.Random
    arrivals: list[dict[str, Any]] = field(default_factory=list)

    def misbehave(self) -> None:
        """Refuse one in ten, and ask for patience now and then."""
        chance = self.random.random()
        if chance < 0.06:
            self.events.answers.append((500, {}, b"no"))
        elif chance < 0.10:
            self.events.answers.append((503, {"Retry-After": "0"}, b""))


def fork(work: Callable[[], None]) -> int:
    """Run something in a process of its own, which shares nothing that is open; return its number."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:  # noqa: BLE001 - whatever it is, it must be seen
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def write(said: Path, seed: int) -> None:
    """Change things for ever; say after each commit what was written."""
    from django.db import connections

    connections.close_all()
    from mutualist.apps.core.models import AuditHead
    from mutualist.apps.identity import actions
    from mutualist.apps.identity.models import Organisation, User
    from mutualist.apps.identity.queries import actor_of

    chance = random.Random(seed)
    actor = actor_of(User.objects.get())
    organisations = list(Organisation.objects.order_by("pk"))
    with said.open("a", buffering=1) as told:
        for number in range(10**9):
            one = chance.choice(organisations)
            if chance.random() < 0.3:
                mail = f"p{seed}-{number}@example.org"
                actions.invite_member(
                    one.uid, email=mail, role="reader", language="en", actor=actor
                )
                told.write(json.dumps({"mail": mail}) + "\n")
            else:
                actions.rename_organisation(one.uid, f"N {seed} {number}", actor=actor)
                seq = AuditHead.objects.get(chain=f"organisation:{one.pk}").seq
                told.write(json.dumps({"source": f"organisation:{one.uid}", "seq": seq}) + "\n")


def send() -> None:
    """Be a worker, with waits so short that a run does not take days."""
    from django.db import connections

    connections.close_all()
    hasten()
    from mutualist.apps.delivery import worker

    worker.main()


def hasten() -> None:
    from mutualist.apps.core import outbox
    from mutualist.apps.delivery import relay, worker

    relay.LEASE, outbox.LEASE = timedelta(seconds=0.4), timedelta(seconds=0.4)
    relay.WAITS, outbox.WAITS = (0.02,) * 60, (0.0005,) * 60
    worker.PAUSE = worker.TROUBLED = 0.02


def prepare(outside: Outside) -> None:
    """Make the database, its people and their webhooks."""
    os.environ["MUTUALIST_WEBHOOK_PRIVATE"] = "127.0.0.0/8"
    os.environ["MUTUALIST_WEBHOOK_PORTS"] = str(outside.events.port)
    os.environ["MUTUALIST_SMTP_URL"] = f"smtp://127.0.0.1:{outside.post.port}"
    os.environ["MUTUALIST_LOG"] = "CRITICAL"
    os.environ["DJANGO_SETTINGS_MODULE"] = "mutualist.project.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from django.db import connections

    from mutualist.apps.delivery.actions import add_endpoint
    from mutualist.apps.identity import actions
    from mutualist.apps.identity.queries import actor_of

    user = actions.create_user(email="anna@example.org", name="Anna")
    for number in range(ORGANISATIONS):
        made = actions.create_organisation(f"Firm {number}", actor=actor_of(user))
        add_endpoint(made.uid, address=outside.events.address, kinds=[KIND], actor=actor_of(user))
    connections.close_all()


def hunt(kills: int, said: Path, chance: random.Random) -> None:
    """Start both, kill one of them at a random moment, start it again, so many times."""
    seeds = iter(range(10**6))
    starts = {"app": lambda seed: write(said, seed), "worker": lambda _seed: send()}
    running = {name: fork(partial(start, next(seeds))) for name, start in starts.items()}
    for _ in range(kills):
        _wait_for_progress(said)
        time.sleep(chance.uniform(0, 0.4))
        name = chance.choice(sorted(running))
        os.kill(running[name], signal.SIGKILL)
        os.waitpid(running[name], 0)
        running[name] = fork(partial(starts[name], next(seeds)))
    for child in running.values():
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _wait_for_progress(said: Path) -> None:
    """Let something happen between two kills, however slow the machine is just now."""
    before, until = said.stat().st_size, time.monotonic() + 20
    while said.stat().st_size == before and time.monotonic() < until:
        time.sleep(0.01)


def drain() -> None:
    """Let a worker that is not killed send what is left."""
    child = fork(_send_all)
    _, status = os.waitpid(child, 0)
    assert status == 0, "the last worker failed"


def _send_all() -> None:
    from django.db import connections

    connections.close_all()
    hasten()
    from mutualist.apps.core.models import OutboxMail
    from mutualist.apps.delivery import worker
    from mutualist.apps.delivery.models import Delivery

    until = time.monotonic() + 120
    while time.monotonic() < until:
        worker.send_due()
        left = Delivery.objects.filter(state="pending").count()
        if not left and not OutboxMail.objects.filter(state="waiting").exists():
            return
        time.sleep(0.05)
    os._exit(3)


def judge(outside: Outside, said: Path) -> dict[str, Any]:
    """Compare what was written with what arrived."""
    from mutualist.apps.core.models import AuditEntry
    from mutualist.apps.delivery.models import Delivery, Event

    told = [json.loads(line) for line in said.read_text().splitlines() if line.endswith("}")]
    committed = set(
        AuditEntry.objects.filter(action=KIND).values_list("chain", "seq").order_by("chain", "seq")
    )
    events = {
        str(uid): (chain, seq)
        for uid, chain, seq in Event.objects.filter(kind=KIND).values_list("uid", "chain", "seq")
    }
    effects: Counter[str] = Counter()
    seen: set[str] = set()
    order: dict[str, list[int]] = defaultdict(list)
    for event in outside.events.events:
        if event["id"] in seen:
            continue
        seen.add(event["id"])
        effects[event["id"]] += 1
        order[event["source"]].append(event["sequence"])
    mails = [
        line.split(": ")[1].strip()
        for mail in outside.post.mails
        for line in mail.splitlines()
        if line.startswith("To: ")
    ]
    ids = {
        line
        for mail in outside.post.mails
        for line in mail.splitlines()
        if line.lower().startswith("message-id")
    }
    arrived = {(source, seq) for source, numbers in order.items() for seq in numbers}
    invited = AuditEntry.objects.filter(action="identity.member.invited").count()
    return {
        "committed": len(committed),
        "acknowledged": len(told),
        "events without entry or entry without event": len(committed ^ set(events.values())),
        "lost events": len(set(events) - seen),
        "lost acknowledged events": sum(
            ("seq" in one) and (one["source"], one["seq"]) not in arrived for one in told
        ),
        "not delivered": Delivery.objects.exclude(state="delivered").count(),
        "events with two effects": sum(count > 1 for count in effects.values()),
        "chains out of order": sum(numbers != sorted(numbers) for numbers in order.values()),
        "copies told by their id": len(outside.events.events) - len(seen),
        "mails": invited,
        "lost mails": invited - len(set(mails)),
        "lost acknowledged mails": sum(
            ("mail" in one) and one["mail"] not in mails for one in told
        ),
        "mails with two ids": len(ids) - len(set(mails)),
        "copies of mails": len(mails) - len(set(mails)),
    }


MUST_BE_NONE = (
    "events without entry or entry without event",
    "lost events",
    "lost acknowledged events",
    "not delivered",
    "events with two effects",
    "chains out of order",
    "lost mails",
    "lost acknowledged mails",
    "mails with two ids",
)


def faults(found: dict[str, Any], kills: int) -> list[str]:
    """Return what is wrong; a run in which next to nothing happened proves nothing."""
    wrong = [name for name in MUST_BE_NONE if found[name]]
    enough = found["committed"] >= kills and found["mails"] >= kills // 5
    return wrong if enough else [*wrong, "too little happened"]


def run(kills: int, seed: int) -> dict[str, Any]:
    """Do the whole experiment in this process, which must not have set up Django before."""
    from apps.delivery.receiver import post_office, receiving

    chance = random.Random(seed)
    with receiving() as events, post_office() as post:
        outside = Outside(events, post, random.Random(seed + 1))
        events.before = outside.misbehave
        prepare(outside)
        with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
            hunt(kills, Path(file.name), chance)
            drain()
            return judge(outside, Path(file.name))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    options = asked.parse_args()
    sys.path.insert(0, str(TESTS))
    with tempfile.TemporaryDirectory(prefix="mutualist-kill-") as folder:
        os.environ["MUTUALIST_DATA"] = folder
        found = run(options.kills, options.seed)
    print(f"kills: {options.kills}, seed: {options.seed}")
    for name, value in found.items():
        print(f"{name}: {value}")
    wrong = faults(found, options.kills)
    print("FAILED: " + ", ".join(wrong) if wrong else "Nothing was lost.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
