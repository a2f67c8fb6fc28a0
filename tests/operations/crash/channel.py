"""A vendor and a partner who write as their programs do, and what must stand in the database of it.

Facts, a project from its registration until it is won, an enquiry until it is accepted, an invoice, its approval and
the payment.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.db.models.query import QuerySet

from mutualist.apps.commissions import models as commissions
from mutualist.apps.commissions.books import check_journal
from mutualist.apps.core.clock import today
from mutualist.apps.enquiries import models as enquiries
from mutualist.apps.programme import models as programme
from mutualist.apps.projects import models as projects
from operations.crash.clients import Gate, Room, Write, Writer

#: What of whom: a kind and the name by which it is found again.
Thing = tuple[str, str]


class ChannelClient(Writer):
    """Goes through a year of a partner again and again."""

    def __init__(self, port: int, pair: dict[str, Any], gate: Gate, seed: int) -> None:
        super().__init__(port, pair, gate, seed)
        self.programme = pair["programme"]
        self.stands: dict[Thing, str] = {}
        self.waiting: Write | None = None
        self.answer: Any = None

    def note(self, write: Write, room: Room | None, answer: Any) -> None:
        self.stands[write.about["thing"]] = write.about["state"]
        self.answer = answer

    def go_round(self) -> None:
        while not self.gate.over.is_set():
            for write in self._turn(uuid.uuid4().hex[:12]):
                self.waiting = write
                if not self.do(write, None):
                    return
                self.waiting = None

    def _turn(self, name: str) -> Iterator[Write]:
        """Yield the writes of one turn; the answer to each is there when the next is made."""
        vendor, partner = (
            f"/api/v1/{at}"
            for at in (f"programmes/{self.programme}", f"relations/{self.pair['relation']}")
        )
        day = today().isoformat()

        def of(kind: str, state: str, side: str, path: str, body: Any) -> Write:
            about = {"thing": (kind, name), "state": state}
            return Write(f"{kind} {state}", "POST", path, body, side, about)

        fact = {"partner": self.pair["partner"], "id": name, "day": day, "amount": "1"}
        yield of("fact", "stored", "A", f"{vendor}/facts", {"table": "sales", "rows": [fact]})
        project = {"name": f"{name} GmbH", "title": "Pumps", "domain": f"{name}.example"}
        yield of("project", "submitted", "B", f"{partner}/projects", project)
        uid = self.answer["uid"]
        yield of("project", "approved", "A", f"{vendor}/projects/{uid}/approve", {})
        yield of("project", "won", "B", f"{partner}/projects/{uid}/win", {})
        wish = {"country": "DE", "postal_code": "70173", "external_id": name, "consent": True}
        yield of("enquiry", "pending", "A", f"{vendor}/enquiries", wish)
        offers = self.look(f"{partner}/enquiries?state=open", "B") or [{"uid": ""}]
        open_one = next((one["uid"] for one in offers if one.get("state") == "open"), "")
        yield of("enquiry", "accepted", "B", f"{partner}/enquiries/{open_one}/accept", {})
        invoice = {
            "number": name,
            "day": day,
            "amount": "1000.00",
            "product": "licence",
            "partners": [{"partner": self.pair["relation"]}],
        }
        yield of("invoice", "accrued", "A", f"{vendor}/commissions/invoices", invoice)
        earned = {"earnings": [one["uid"] for one in self.answer["earnings"]]}
        yield of("invoice", "approved", "A", f"{vendor}/commissions/approve", earned)
        balances = self.look(f"{vendor}/commissions/balances", "A") or []
        total = str(sum(Decimal(one["payable"]) for one in balances))
        run = {"currency": "EUR", "total": total, "execute_on": day}
        yield of("run", "made", "A", f"{vendor}/commissions/payment-runs", run)


def _all(model: Any) -> Any:
    return QuerySet(model=model)


def _facts(own: int) -> dict[str, str]:
    rows = _all(programme.FactRow).filter(relation__programme=own)
    return dict.fromkeys(rows.values_list("external_id", flat=True), "stored")


def _projects(own: int) -> dict[str, str]:
    rows = _all(projects.Registration).filter(programme_id=own).values_list("customer", "state")
    return {customer.removesuffix(" GmbH"): state for customer, state in rows}


def _enquiries(own: int) -> dict[str, str]:
    rows = _all(enquiries.Enquiry).filter(programme_id=own)
    return dict(rows.values_list("external_id", "status"))


def _invoices(own: int) -> dict[str, str]:
    approvals = Count("earnings__entries", filter=Q(earnings__entries__kind="approval"))
    rows = _all(commissions.Invoice).filter(programme_id=own).annotate(approvals=approvals)
    return {row.number: "approved" if row.approvals else "accrued" for row in rows}


#: How each kind of thing is found. Runs of payments have no name of the client's: they are counted.
STANDING: dict[str, Callable[[int], dict[str, str]]] = {
    "fact": _facts,
    "project": _projects,
    "enquiry": _enquiries,
    "invoice": _invoices,
}


def of_channel(client: ChannelClient) -> tuple[list[str], int]:
    """Return what was acknowledged and is not there, what nobody wrote, and how much was done unacknowledged."""
    own = _all(programme.Programme).get(uid=client.programme).pk
    stored = {
        (kind, name): state for kind, look in STANDING.items() for name, state in look(own).items()
    }
    known = {thing: state for thing, state in client.stands.items() if thing[0] != "run"}
    expected: dict[Thing, set[str | None]] = {thing: {state} for thing, state in known.items()}
    waiting = client.waiting
    if waiting is not None and waiting.about["thing"][0] != "run":
        thing = waiting.about["thing"]
        expected[thing] = {known.get(thing), waiting.about["state"]}
    found = [
        f"{thing} of {client.programme} is {stored.get(thing)}, expected {sorted(map(str, states))}"
        for thing, states in expected.items()
        if stored.get(thing) not in states
    ]
    found += [f"nobody wrote {thing} of {client.programme}" for thing in stored.keys() - expected]
    extra = sum(stored.get(thing) != known.get(thing) for thing in expected)
    runs, more = _runs(client, own)
    return [*found, *runs, *_half_done(own)], extra + more


def _runs(client: ChannelClient, own: int) -> tuple[list[str], int]:
    there = _all(commissions.PaymentRun).filter(programme_id=own).count()
    made = sum(kind == "run" for kind, _name in client.stands)
    pending = client.waiting is not None and client.waiting.about["thing"][0] == "run"
    found = [] if made <= there <= made + pending else [f"{there} payment runs, {made} were made"]
    return found, there - made


def _half_done(own: int) -> list[str]:
    """Return what contradicts itself within a programme."""
    found = []
    checked = check_journal(own)
    if not checked.is_sound:
        found.append(f"journal of {own}: {checked}")
    for row in _all(projects.Registration).filter(programme_id=own):
        steps = _all(projects.Step).filter(registration=row).order_by("at", "pk")
        last = steps.values_list("state", flat=True).last()
        if last != row.state:
            found.append(f"{row.customer} is {row.state}, its last step says {last}")
    for row in _all(enquiries.Enquiry).filter(programme_id=own):
        offers = Counter(row.offers.values_list("state", flat=True))
        wanted = {"pending": Counter(open=1), "accepted": Counter(accepted=1)}[row.status]
        if offers != wanted:
            found.append(f"enquiry {row.external_id} is {row.status}, its offers are {offers}")
    paid = _all(commissions.Entry).filter(programme_id=own, kind="payment").count()
    payments = _all(commissions.Payment).filter(run__programme_id=own).count()
    if paid != payments:
        found.append(f"{payments} payments, {paid} entries about them")
    imports = _all(programme.FactImport).filter(programme_id=own)
    counted = sum(imports.values_list("added", flat=True))
    rows = _all(programme.FactRow).filter(relation__programme=own).count()
    return [*found, f"{rows} facts, {counted} were imported"] if rows != counted else found
