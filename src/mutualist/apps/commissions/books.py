"""The stored journal: entries are checked by the same functions as in memory, numbered, and chained by their digests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Sum

from mutualist.apps.commissions.models import Earning, Entry, Ledger, Line
from mutualist.apps.core.audit import record
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.language import reading
from mutualist.apps.programme.public import Standing, chain_of
from mutualist.domain.programme.commission import CommissionError
from mutualist.domain.programme.commission import journal as rules

#: Balances by account, partner and currency.
Balances = Mapping[tuple[str, str, str], int]


def language() -> str:
    """Return the language the reader has now: ``de`` or ``en``."""
    return reading()


def refused(error: CommissionError, code: str = "commission") -> ActionError:
    """Return what a person is told when the rules refuse something, and which field one thing is about."""
    first, *others = error.problems
    return ActionError(
        code,
        "{problems}",
        problems=error.message(language()),
        place="" if others else first.place,
        sentence=first.sentence(language()),
    )


@dataclass(slots=True)
class Book:
    """A programme's journal, locked until the end of the transaction."""

    standing: Standing
    ledger: Ledger
    begun: int = field(default=0)

    def post(
        self,
        kind: rules.Kind,
        day: date,
        lines: Sequence[rules.Line],
        *,
        earning: Earning | None = None,
        reverses: Entry | None = None,
        reason: str = "",
    ) -> Entry:
        """Book an entry, or refuse it and store nothing.

        Raises
        ------
        ActionError
            With the sentence of the rule that is broken.
        """
        made = Entry(
            programme_id=self.standing.programme,
            number=self.ledger.entries + 1,
            kind=kind,
            day=day,
            earning=earning,
            reverses=reverses,
            reason=reason,
        )
        told = as_told(made, lines)
        partners = {line.partner for line in lines}
        try:
            rules.check_balanced(lines)
            if reverses is not None:
                _check_reversal(told, reverses)
            rules.check_cover(told, balances(partners), of_earning(earning))
        except CommissionError as error:
            raise refused(error) from error
        made.digest = rules.digest(told, self.ledger.digest)
        made.save()
        Line.objects.bulk_create(
            [
                Line(
                    entry=made,
                    relation_id=int(line.partner),
                    account=line.account,
                    currency=line.currency,
                    amount=line.amount,
                )
                for line in lines
            ]
        )
        self.ledger.entries, self.ledger.digest = made.number, made.digest
        self.ledger.save(update_fields=["entries", "digest"])
        return made

    def record(self, action: str, obj: Any, *, relation: int | None = None, **data: Any) -> None:
        """Record what was done in the audit log, with the end of the journal: the log vouches for the books.

        Parameters
        ----------
        relation
            The partner it is about, who sees it as well; without one it is the vendor's.
        """
        record(
            action,
            actor=self.standing.actor,
            obj=obj,
            chain=chain_of(self.standing.programme, relation),
            data={
                **data,
                "entries": f"{self.begun + 1}–{self.ledger.entries}"
                if self.ledger.entries > self.begun
                else "",
                "journal": self.ledger.digest,
            },
        )


def opened(standing: Standing) -> Book:
    """Lock a programme's journal; must run inside the action's transaction."""
    Ledger.objects.get_or_create(programme_id=standing.programme)
    ledger = Ledger.objects.select_for_update().get(programme_id=standing.programme)
    return Book(standing, ledger, ledger.entries)


def _check_reversal(told: rules.Entry, original: Entry) -> None:
    already = Entry.objects.filter(reverses=original).first()
    lines = [_line(line) for line in original.lines.all()]
    rules.check_reversal(told, as_told(original, lines), str(already.number) if already else "")


def as_told(entry: Entry, lines: Iterable[rules.Line]) -> rules.Entry:
    """Return a stored entry as the rules know it."""
    return rules.Entry(
        id=str(entry.uid),
        kind=entry.kind,  # type: ignore[arg-type] # one of the kinds: only post() writes it
        day=entry.day,
        lines=tuple(lines),
        source=str(entry.earning.uid) if entry.earning else "",
        reverses=str(entry.reverses.uid) if entry.reverses else "",
    )


def _line(line: Line) -> rules.Line:
    return rules.Line(line.account, str(line.relation_id), line.currency, line.amount)  # type: ignore[arg-type] # as above


def balances(partners: Iterable[str]) -> Balances:
    """Return the balances of some partners."""
    return _summed(Line.objects.filter(relation_id__in=[int(one) for one in partners]))


def of_programme(programme: int) -> Balances:
    """Return the balances of all partners of a programme."""
    return _summed(Line.objects.filter(entry__programme=programme))


def of_earning(earning: Earning | None) -> Balances:
    """Return the balances an earning alone has left."""
    return {} if earning is None else _summed(Line.objects.filter(entry__earning=earning))


def _summed(lines: Any) -> Balances:
    rows = (
        lines.order_by().values_list("account", "relation_id", "currency").annotate(Sum("amount"))
    )
    return {
        (account, str(relation), currency): total for account, relation, currency, total in rows
    }


def told_entries(entries: Any) -> Iterator[rules.Entry]:
    """Yield stored entries as the rules know them, with their lines in the order of booking."""
    for entry in entries.select_related("earning", "reverses").prefetch_related("lines"):
        yield as_told(entry, [_line(line) for line in entry.lines.all()])


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look through the whole journal found."""

    entries: int
    sums: Mapping[str, int]
    broken_at: int

    @property
    def is_sound(self) -> bool:
        """Whether every digest fits and everything adds up to 0."""
        return not self.broken_at and not any(self.sums.values())


def check_journal(programme: int) -> Checked:
    """Read a programme's whole journal: recompute every digest, and add up all lines by currency."""
    sums: dict[str, int] = defaultdict(int)
    before, count = "", 0
    rows = Entry.objects.filter(programme=programme).order_by("number")
    for entry, told in zip(rows, told_entries(rows), strict=True):
        count += 1
        for line in told.lines:
            sums[line.currency] += line.amount
        fits = entry.number == count and entry.digest == rules.digest(told, before)
        uneven = sum(line.amount for line in told.lines)
        if not fits or (uneven and len({line.currency for line in told.lines}) == 1):
            return Checked(count, sums, count)
        before = entry.digest
    end = Ledger.objects.filter(programme=programme).first()
    if (end.entries, end.digest) != (count, before) if end else count:
        return Checked(count, sums, count + 1)
    return Checked(count, sums, 0)
