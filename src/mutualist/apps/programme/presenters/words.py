"""Values as they stand on a page."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from mutualist.domain.programme.scoring.numbers import shown as number_shown


def shown(value: Any, language: str, against: Fraction | None = None) -> str:
    """Return a value as it stands on a page.

    Parameters
    ----------
    against
        A threshold that the rounded number must not seem to meet if the exact one misses it.
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, Fraction):
        return str(value)
    return number_shown(value, language, 2, against)
