"""Ratings in both directions and promises beside what became of them: pure rules, no clock.

What they give enters a rule set as facts (:func:`rating_facts`, :func:`promise_facts`), so a programme decides in its rules
what they count.
"""

from mutualist.domain.programme.rating.problems import RatingError
from mutualist.domain.programme.rating.promises import (
    Event,
    Promise,
    Reality,
    promise_facts,
    promise_words,
    realities,
)
from mutualist.domain.programme.rating.publishing import (
    SIDES,
    Difference,
    Period,
    Publication,
    Rating,
    Side,
    differences,
    half_year_of,
    publication,
    rating_facts,
    take,
    topic_words,
    topics_for,
    visible_to,
)

__all__ = [
    "SIDES",
    "Difference",
    "Event",
    "Period",
    "Promise",
    "Publication",
    "Rating",
    "RatingError",
    "Reality",
    "Side",
    "differences",
    "half_year_of",
    "promise_facts",
    "promise_words",
    "publication",
    "rating_facts",
    "realities",
    "take",
    "topic_words",
    "topics_for",
    "visible_to",
]
