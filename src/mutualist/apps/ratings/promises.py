"""Make a promise, and end it; what was promised before is never changed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.language import reading
from mutualist.apps.programme.public import Standing, chain_of
from mutualist.apps.ratings.models import Promise
from mutualist.apps.ratings.promising import ABOUT, as_rule
from mutualist.domain.programme import rating as rules
from mutualist.domain.programme.rating.promises import MONTHS

MOST = 100_000


@transaction.atomic
def make_promise(
    *,
    standing: Standing,
    about: str,
    every: str,
    amount: int,
    share: int = 100,
    first: date | None = None,
) -> Promise:
    """Promise something to all partners, or say what partners promised; the one before about the same ends.

    The same promise sent again changes nothing.

    Parameters
    ----------
    amount
        How many a period, or within how many hours: what it is about says which.
    share
        Which part has to be in time, in per cent.
    """
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    if about not in ABOUT or every not in MONTHS:
        raise ActionError(
            "promise_unknown",
            _("{value} cannot be promised. Choose from the list."),
            value=f"{about}, {every}"[:60],
        )
    if not 1 <= amount <= MOST or not 1 <= share <= 100:
        raise ActionError(
            "promise_amount",
            _("{amount} and {share} % cannot be promised. Give 1 to {most}, and 1 to 100 %."),
            amount=amount,
            share=share,
            most=MOST,
        )
    begins = first or today()
    number = ABOUT[about].kind == "number"
    rows = Promise.objects.select_for_update().filter(programme=standing.programme, about=about)
    before = rows.filter(last=None).first()
    if before is not None and _same(before, every, amount, share, begins):
        return before
    if before is not None:
        _end(before, standing)
    made = Promise(
        programme_id=standing.programme,
        about=about,
        every=every,
        at_least=amount if number else None,
        hours=None if number else amount,
        share=100 if number else share,
        first=begins,
        author_id=standing.actor.user_id,
    )
    try:
        as_rule(made, begins)
    except rules.RatingError as error:  # pragma: no cover - what is refused above
        language = reading()
        raise ActionError("promise", "{said}", said=error.message(language)) from error
    made.save()
    record(
        "ratings.promise.made",
        actor=standing.actor,
        obj=made,
        chain=chain_of(standing.programme),
        data={"about": about, "amount": amount, "every": every},
    )
    return made


def _same(before: Promise, every: str, amount: int, share: int, first: date) -> bool:
    number = ABOUT[before.about].kind == "number"
    said = before.at_least if number else before.hours
    return (before.every, said, before.share, before.first) == (
        every,
        amount,
        100 if number else share,
        first,
    )


@transaction.atomic
def end_promise(*, standing: Standing, promise: UUID | str) -> None:
    """End a promise today: the running period does not count any more, what is decided stays."""
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    found = (
        Promise.objects.select_for_update()
        .filter(programme=standing.programme, uid=promise)
        .first()
    )
    if found is None:
        raise NotAllowed
    if found.last is None:
        _end(found, standing)


def _end(found: Promise, standing: Standing) -> None:
    if found.first > today():
        # It never began.
        found.delete()
        return
    found.last = today()
    found.save(update_fields=["last"])
    record(
        "ratings.promise.ended",
        actor=standing.actor,
        obj=found,
        chain=chain_of(standing.programme),
        data={"about": found.about},
    )
