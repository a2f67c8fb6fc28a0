"""Choose which mails are sent, stop the own one, make and revoke addresses of calendars."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.language import reading
from mutualist.apps.core.tokens import new_token
from mutualist.apps.identity.models import User
from mutualist.apps.letters.models import Feed, Post, Quiet
from mutualist.apps.letters.queries import feeds_of, whose
from mutualist.apps.letters.sending import stop_of
from mutualist.apps.programme.public import Standing, chain_of, contact_card

MOST_FEEDS = 10


@transaction.atomic
def save_post(*, standing: Standing, partners: bool, vendor: bool) -> None:
    """Choose which weekly mails a programme sends."""
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    post, _made = Post.objects.select_for_update().get_or_create(programme_id=standing.programme)
    if (post.partners, post.vendor) == (partners, vendor):
        return
    post.partners, post.vendor = partners, vendor
    post.save(update_fields=["partners", "vendor"])
    data = {"partners": partners, "vendor": vendor}
    record(
        "letters.settings.saved",
        actor=standing.actor,
        obj=post,
        chain=chain_of(standing.programme),
        data=data,
    )


@transaction.atomic
def choose_weekly(*, standing: Standing, wanted: bool) -> None:
    """Order or stop the own weekly mail: of a contact, or of a person of the vendor."""
    if standing.contact is not None:
        who: dict[str, Any] = {"contact_id": standing.contact}
    elif standing.side == "vendor" and standing.actor.user_id is not None:
        who = {"user_id": standing.actor.user_id}
    else:
        raise NotAllowed
    _choose(standing.programme, standing.relation, standing.actor, who, wanted=wanted)


@transaction.atomic
def stop_by_address(*, signed: str) -> None:
    """Stop a weekly mail by the address that stands in it; no login is needed.

    Raises
    ------
    NotAllowed
        If the address was not made here, or nobody is written to there any more.
    """
    found = stop_of(signed)
    if found is None:
        raise NotAllowed
    programme, contact, user = found
    if contact is not None:
        card = contact_card(contact)
        if card is None or card.programme != programme:
            raise NotAllowed
        actor = Actor("link", name=card.name)
        _choose(programme, card.relation, actor, {"contact_id": contact}, wanted=False)
        return
    person = User.objects.filter(pk=user or 0).first()
    if person is None:
        raise NotAllowed
    actor = Actor("user", user_id=person.pk, name=person.name)
    _choose(programme, None, actor, {"user_id": person.pk}, wanted=False)


def _choose(
    programme: int, relation: int | None, actor: Actor, who: dict[str, Any], *, wanted: bool
) -> None:
    if wanted:
        gone, _rows = Quiet.objects.filter(programme=programme, **who).delete()
        changed = bool(gone)
        row: Any = Post.objects.get_or_create(programme_id=programme)[0]
    else:
        row, changed = Quiet.objects.get_or_create(programme_id=programme, **who)
    if changed:
        action = "letters.weekly.resumed" if wanted else "letters.weekly.stopped"
        record(action, actor=actor, obj=row, chain=chain_of(programme, relation))


@transaction.atomic
def make_feed(*, standing: Standing) -> str:
    """Make an address for a calendar; its secret part is told now and never again."""
    if len(feeds_of(standing)) >= MOST_FEEDS:
        raise ActionError(
            "calendar_many",
            _("You have {most} addresses already. Revoke one that you do not use any more."),
            most=MOST_FEEDS,
        )
    token, kept = new_token()
    feed = Feed.objects.create(
        programme_id=standing.programme,
        relation_id=standing.relation,
        contact_id=standing.contact,
        user_id=None if standing.contact is not None else standing.actor.user_id,
        digest=kept,
        language=reading(),
    )
    record("letters.calendar.made", actor=standing.actor, obj=feed, chain=standing.chain)
    return token


@transaction.atomic
def revoke_feed(*, standing: Standing, feed: UUID | str) -> None:
    """Let an own address answer no more."""
    found = Feed.objects.select_for_update().filter(whose(standing), uid=feed).first()
    if found is None:
        raise NotAllowed
    if found.revoked_at is not None:
        return
    found.revoked_at = now()
    found.save(update_fields=["revoked_at"])
    record("letters.calendar.revoked", actor=standing.actor, obj=found, chain=standing.chain)
