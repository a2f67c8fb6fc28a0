"""Countries as a form offers them, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

from mutualist.library.iso_codes import country_names


def country_choices() -> list[tuple[str, str]]:
    """Return codes and names: those of the German language first, the others by the alphabet."""
    return list(country_names("de" if (get_language() or "en").startswith("de") else "en").items())
