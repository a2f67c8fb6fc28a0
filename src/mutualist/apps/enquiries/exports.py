"""Enquiries as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import XLSX, download, file_name
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.enquiries.queries import board
from mutualist.apps.enquiries.words import CLOSE, LOSE, SOURCES, STATUS
from mutualist.apps.programme.public import Standing, abilities_said, names_for_reader
from mutualist.library.commission_files import table_csv, table_xlsx


def table(standing: Standing, kind: str) -> HttpResponse:
    """Answer with all enquiries of the vendor."""
    heads = [
        *(_("Came in"), _("Source"), _("State"), _("Reason"), _("Partner"), _("Company")),
        *(_("Contact person"), _("Mail address"), _("Phone"), _("Country"), _("Postal code")),
        *(
            _("Abilities"),
            _("Keys of abilities"),
            _("Certificate"),
            _("Language"),
            _("What is it about?"),
        ),
    ]
    names = names_for_reader(standing.programme)
    rows = [_row(one, names) for one in board(standing)]
    name = file_name(standing.programme_name, "enquiries", today(), kind)
    if kind == "csv":
        return download(table_csv(heads, rows), "text/csv; charset=utf-8", name)
    return download(table_xlsx(_("Enquiries"), heads, rows), XLSX, name)


def _row(one: Enquiry, names: Mapping[str, str]) -> tuple[Any, ...]:
    reasons = LOSE if one.status == "lost" else CLOSE
    return (
        *(localdate(one.created_at), str(SOURCES[one.source]), str(STATUS[one.status])),
        *(str(reasons.get(one.reason, "")), one.relation.name if one.relation else ""),
        *(one.company, one.person, one.email, one.phone, one.country, one.postal_code),
        *(", ".join(abilities_said(one.abilities, names)), ", ".join(one.abilities)),
        *(one.certificate, one.language, one.text),
    )
