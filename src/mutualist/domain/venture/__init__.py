"""Ventures: what a deal really is, what it is worth, and who carries what.

Everything here is pure: frozen values and arrays, no clock, no files but the rules and texts of the package. Names are
loaded when they are first used, so that importing this package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mutualist.domain.venture.model import Description
    from mutualist.domain.venture.problems import Problem, VentureError
    from mutualist.domain.venture.reading import read_description
    from mutualist.domain.venture.schema import venture_schema
    from mutualist.domain.venture.simulation import Simulated, simulate

_HOMES = {
    "model": ("Description",),
    "problems": ("Problem", "VentureError"),
    "reading": ("read_description",),
    "schema": ("venture_schema",),
    "simulation": ("Simulated", "simulate"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Description",
    "Problem",
    "Simulated",
    "VentureError",
    "read_description",
    "simulate",
    "venture_schema",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
