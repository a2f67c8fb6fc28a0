"""What other parts show within a programme: they name themselves here when they start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mutualist.apps.programme.standing import Standing


@dataclass(frozen=True, slots=True)
class Tab:
    """An entry of the bar of a programme's pages.

    Attributes
    ----------
    label
        Lazy translated.
    route
        Name of the vendor's page, which takes the programme's uid as ``programme``.
    """

    key: str
    label: Any
    route: str


@dataclass(frozen=True, slots=True)
class PartnerTab:
    """An entry of the bar of a partner's own pages.

    Attributes
    ----------
    label
        Lazy translated.
    route
        Name of the page, which takes ``relation``; with ``_link`` behind it, the mailed ``token``.
    writers
        Whether only those see it who may change something for the partner.
    """

    label: Any
    route: str
    writers: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a partner's page: a template and what it shows."""

    key: str
    template: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the counters on top of the partners and on the manager's home; shown at nought as well.

    Attributes
    ----------
    label
        What is counted, lazy translated.
    url
        The list of what is counted.
    """

    key: str
    label: Any
    count: int
    url: str


#: Tabs of the vendor's pages, in the order they are shown.
tabs: list[Tab] = []
#: Tabs of a partner's own pages that other parts have, in the order they are shown.
partner_tabs: list[PartnerTab] = []
#: Each gets who looks and the relation looked at, and returns a section or nothing. They serve the
#: partner's own page and the vendor's page of that partner alike: both sides see the same.
sections: list[Callable[[Standing, int], Section | None]] = []
#: Each gets a vendor's standing and returns lines (text, count, address) for the manager's home.
counters: list[Callable[[Standing], list[tuple[Any, int, str]]]] = []

#: Each gets a vendor's standing and returns a counter, in the order they are shown.
figures: list[Callable[[Standing], Figure]] = []


def sections_of(standing: Standing, relation: int) -> list[Section]:
    """Return what is shown of a partner."""
    found = (show(standing, relation) for show in sections)
    return [section for section in found if section is not None]
