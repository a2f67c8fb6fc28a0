"""Rate the other side; until both have, nobody reads what the other said."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import get_language

from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import Standing, chain_of, relation_for
from mutualist.apps.ratings.models import Rating, Round
from mutualist.apps.ratings.queries import as_rule
from mutualist.domain.programme import rating as rules


@transaction.atomic
def give_rating(
    *, standing: Standing, relation: str, stars: Mapping[str, int], comment: str = ""
) -> Rating:
    """Rate the other side for the half-year of today; a rating of the own side given before is replaced.

    Parameters
    ----------
    relation
        The partner it is about, or that says it.
    stars
        1 to 5 by topic.
    """
    partner = relation_for(standing, relation)
    if not standing.writes:
        raise NotAllowed
    period = rules.half_year_of(today())
    Round.objects.get_or_create(
        relation=partner,
        period=period.id,
        defaults={"opens": period.opens, "closes": period.closes},
    )
    # The one who comes second waits here and then sees the first.
    locked = Round.objects.select_for_update().get(relation=partner, period=period.id)
    before = [as_rule(one, period.id) for one in locked.ratings.all()]
    new = rules.Rating(period.id, standing.side, today(), dict(stars), comment.strip())
    try:
        after = rules.take(period, before, new)
    except rules.RatingError as error:
        language = (get_language() or "en")[:2]
        said = error.message("de" if language == "de" else "en")
        raise ActionError(f"rating_{error.code}", "{said}", said=said) from error
    made, _new = Rating.objects.update_or_create(
        round=locked,
        side=standing.side,
        defaults={
            "stars": dict(new.stars),
            "comment": new.comment,
            "given_on": new.given,
            "given_at": now(),
        },
    )
    chain = chain_of(standing.programme, partner.pk)
    data = {"period": period.id}
    record("ratings.given", actor=standing.actor, obj=made, chain=chain, data=data)
    if len(after) == len(rules.SIDES):
        record("ratings.published", actor=standing.actor, obj=made, chain=chain, data=data)
    return made
