"""Countries as a form offers them, in the reader's language."""

from __future__ import annotations

from mutualist.apps.core.language import reading
from mutualist.library.iso_codes import country_names


def country_choices() -> list[tuple[str, str]]:
    """Return codes and names: those of the German language first, the others by the alphabet."""
    return list(country_names(reading()).items())
