"""What other apps may ask of letters: to write something once."""

from __future__ import annotations

from mutualist.apps.letters.sending import once

__all__ = ["once"]
