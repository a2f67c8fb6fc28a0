"""What states of a partner are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

#: In the order of a partner's life.
STATES: Mapping[str, Any] = {
    "applied": _("applied"),
    "onboarding": _("getting ready"),
    "active": _("active"),
    "suspended": _("suspended"),
    "ended": _("ended"),
    "refused": _("refused"),
}
#: Colours of the little labels.
KINDS: Mapping[str, str] = {"active": "good", "suspended": "caution", "ended": "", "onboarding": ""}


def state_word(state: str) -> str:
    """Return the word for a state, in the reader's language."""
    return str(STATES.get(state, state))
