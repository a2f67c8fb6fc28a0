"""The partners that a filter shows, as a table for a spreadsheet program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import XLSX, download, file_name
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.queries.ability_names import abilities_said, names_for_reader
from mutualist.apps.programme.standing import Standing
from mutualist.apps.programme.words import state_word
from mutualist.library.commission_files import table_csv, table_xlsx

#: So many partners a programme may have; a workbook is built in memory and holds fewer.
MOST = 200_000
MOST_IN_WORKBOOK = 20_000


def partner_table(
    standing: Standing, kind: str, found: Any, levels: Mapping[str, str]
) -> HttpResponse:
    """Answer with partners as CSV or XLSX; what looks like a formula is written as text."""
    heads = [
        *(_("Partner"), _("Your number of the partner"), _("State"), _("Level"), _("Since")),
        *(
            _("Country"),
            _("Postal code"),
            _("Place"),
            _("Website"),
            _("Abilities"),
            _("Keys of abilities"),
        ),
        _("Languages"),
        *(_("Level in danger on"), _("Something runs out on"), _("Joined on")),
    ]
    rows = list(_rows(found[:MOST], levels, names_for_reader(standing.programme)))
    name = file_name(standing.programme_name, "partners", today(), kind)
    if kind == "csv":
        return download(table_csv(heads, rows), "text/csv; charset=utf-8", name)
    return download(table_xlsx(_("Partners"), heads, rows), XLSX, name)


def _rows(
    found: Any, levels: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[tuple[Any, ...]]:
    for one in found.iterator(chunk_size=2_000):
        assert isinstance(one, Relation)
        yield (
            *(one.name, one.external_id, state_word(one.state)),
            *(levels.get(one.level, one.level), one.level_since or ""),
            *(one.country, one.postal_code, one.place, one.website),
            *(", ".join(abilities_said(one.abilities, names)), ", ".join(one.abilities)),
            ", ".join(one.languages),
            *(one.falls_on or "", one.ends_on or "", one.joined or ""),
        )
