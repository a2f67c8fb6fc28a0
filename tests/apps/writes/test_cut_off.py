"""Runs over many partners that a killed process leaves in the middle: nothing half done, and the next run does the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from apps.commissions.steps import accounts, book, earning, make_world
from apps.programme.cast import Channel, make_channel
from apps.rooms.cast import Cast, make_cast
from apps.writes.scenarios import rows
from mutualist.apps.commissions.actions.paying import due, make_run
from mutualist.apps.commissions.actions.settling import approve
from mutualist.apps.commissions.actions.stating import issue_statements
from mutualist.apps.commissions.books import check_journal
from mutualist.apps.commissions.models import Line, Statement
from mutualist.apps.core.audit import verify
from mutualist.apps.core.clock import now, stopped_at, today
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.actions.batch import hand_out_all
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.enquiries.planning import plan_for
from mutualist.apps.programme.actions.levels import review
from mutualist.apps.programme.models import FactRow, LevelChange, Relation

pytestmark = pytest.mark.django_db
#: So many places of each run are cut: the first ones, and the rest evenly.
PLACES = 12


class Killed(BaseException):
    """The process is gone: nothing in the program hears of it."""


@dataclass
class Run:
    """Something done to many at once, and how to see what it did."""

    act: Callable[[], Any]
    seen: Callable[[], Any]
    sound: Callable[[], bool]


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _cut_at(number: int) -> tuple[list[int], Callable[..., Any]]:
    """Let so many statements run and end there; what begins and ends transactions goes on. Say how many ran."""
    ran = [0]

    def run(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            return execute(sql, *rest)
        ran[0] += 1
        if ran[0] == number + 1:
            raise Killed
        return execute(sql, *rest)

    return ran, run


def _mails() -> list[str]:
    return sorted(OutboxMail.objects.values_list("to", flat=True))


def _sold(relation: Relation) -> None:
    FactRow.objects.create(
        relation=relation,
        table="sales",
        external_id="S-1",
        day=today(),
        values={"day": today().isoformat(), "customer": "A", "amount": "100000"},
    )


def _chains(channel: Channel) -> bool:
    first = f"programme:{channel.programme.pk}"
    chains = [first, *(f"{first}:{one.pk}" for one in (channel.tauwerk, channel.grauwerk))]
    return not any(list(verify(chain)) for chain in chains)


def _review(cast: Cast) -> Run:
    channel = make_channel(cast)
    Relation.objects.update(joined=date(2026, 1, 1))
    _sold(channel.tauwerk)
    _sold(channel.grauwerk)
    standing = channel.anna
    return Run(
        act=lambda: review(standing=standing),
        seen=lambda: (
            sorted(LevelChange.objects.values_list("relation", "level")),
            sorted(Relation.objects.values_list("pk", "level")),
            _mails(),
        ),
        sound=lambda: _chains(channel),
    )


def _handing(cast: Cast) -> Run:
    channel = make_channel(cast)
    Relation.objects.update(capacity=0)
    for number in range(3):
        actions.enter(standing=channel.anna, wish=Wish("DE", "89073", company=f"Firm {number}"))
    Relation.objects.update(capacity=2)
    standing = channel.anna
    assert Enquiry.objects.filter(status="received").count() == 3
    return Run(
        act=lambda: hand_out_all(standing=standing, mark=plan_for(standing).mark),
        seen=lambda: (
            sorted(Offer.objects.values_list("enquiry", "relation", "state", "number")),
            sorted(Enquiry.objects.values_list("pk", "status", "relation")),
            _mails(),
        ),
        sound=lambda: _chains(channel),
    )


def _payable(cast: Cast) -> Any:
    world = make_world(cast)
    made = [
        earning(book(world, f"R-{one.pk}", credited=((one.pk, 1),)))
        for one in (world.tauwerk, world.grauwerk)
    ]
    approve(standing=world.anna, earnings=[one.uid for one in made])
    accounts(world)
    return world


def _paying(cast: Cast) -> Run:
    world = _payable(cast)
    standing, total = world.anna, due(world.anna, "EUR").total
    return Run(
        act=lambda: make_run(standing=standing, currency="EUR", execute_on=today(), total=total),
        seen=lambda: sorted(Line.objects.values_list("account", "relation", "amount")),
        sound=lambda: check_journal(world.programme.pk).is_sound,
    )


def _stating(cast: Cast) -> Run:
    world, day = _payable(cast), today()
    standing = world.anna

    def state() -> Any:
        with stopped_at(now() + timedelta(days=1)):
            return issue_statements(standing=standing, first=day, last=day)

    return Run(
        act=state,
        seen=lambda: (
            sorted(Statement.objects.values_list("relation", "closing", "number")),
            _mails(),
        ),
        sound=lambda: check_journal(world.programme.pk).is_sound,
    )


RUNS = {"review": _review, "enquiries": _handing, "payments": _paying, "statements": _stating}


# Whoever is killed closes no cursor.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", RUNS)
def test_wherever_a_run_is_killed_the_next_one_ends_it(name: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    run = RUNS[name](make_cast())
    before = run.seen()
    with _undone():
        ran, counting = _cut_at(10**6)
        with connection.execute_wrapper(counting):
            run.act()
        wanted, counts = run.seen(), rows()
    assert wanted != before, "the run does something"
    places = sorted({*range(4), *range(4, ran[0], max(ran[0] // PLACES, 1))})
    for place in places:
        with _undone():
            with pytest.raises(Killed), connection.execute_wrapper(_cut_at(place)[1]):
                run.act()
            assert run.sound(), place
            run.act()
            assert run.sound(), place
            assert (run.seen(), rows()) == (wanted, counts), place
