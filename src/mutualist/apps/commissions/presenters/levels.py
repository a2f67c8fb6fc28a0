"""What the levels of a programme are called for the reader of a page."""

from __future__ import annotations

from mutualist.apps.commissions.books import language
from mutualist.apps.core.clock import today
from mutualist.apps.programme.public import Standing, level_names


def level_words(standing: Standing) -> dict[str, str]:
    """Return the names of levels in the language of the reader, by what rules call them."""
    return level_names(standing.programme, today(), language())
