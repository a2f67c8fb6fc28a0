"""The one file a person gets: JSON for programs, PDF for reading, and a page that explains both."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from mutualist.apps.privacy.exporting import as_json, count_of

#: A table with more rows is cut in the PDF, which then says so; the JSON always holds all.
SHOWN_ROWS = 200


def archive_of(document: Mapping[str, Any], language: str) -> bytes:
    """Return a ZIP with README.txt, person.json and person.pdf."""
    made = datetime.fromisoformat(document["made"])
    stamp = made.timetuple()[:6]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("README.txt", _readme(document)),
            ("person.json", as_json(document)),
            ("person.pdf", _pdf(document, language, made)),
        ):
            archive.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _readme(document: Mapping[str, Any]) -> str:
    """Explain the file in both languages: who reads it may not have asked for it."""
    parts = []
    for language in ("de", "en"):
        with translation.override(language):
            parts.append(
                "\n\n".join(
                    [
                        _("Your data in Mutualist, as of %(made)s") % {"made": document["made"]},
                        _(
                            "person.json holds everything that is kept about you, table by table "
                            "(%(rows)s rows), for programs. person.pdf says the same for reading."
                        )
                        % {"rows": count_of(document)},
                        _(
                            "For each table stands how long it is kept. Under “recipients” stand the "
                            "organisations that see something of you."
                        ),
                        _(
                            "Something is wrong? Change name and mail address in your account, or "
                            "write to whoever runs the server. You can also complain to a data "
                            "protection authority."
                        ),
                    ]
                )
            )
    return ("\n\n" + "-" * 40 + "\n\n").join(parts) + "\n"


def _pdf(document: Mapping[str, Any], language: str, made: datetime) -> bytes:
    from mutualist.reports.typesetting import typeset

    with translation.override(language):
        data = {
            "lang": language,
            "title": _("Your data in Mutualist"),
            "made": _("As of %(made)s") % {"made": made.strftime("%d.%m.%Y %H:%M %Z")},
            "addresses": ", ".join(document["mail_addresses"]),
            "sections": [_shown(section) for section in document["tables"]],
            "answers_title": _("Your answers"),
            "answers": [
                *(_answers(one) for one in document["answers"]),
                *(_figures(one) for one in document["private_figures"]),
            ],
            "recipients_title": _("Who sees something of you"),
            "recipients": document["recipients"],
            "notes_title": _("How to read this"),
            "notes": document["notes"],
        }
    return typeset("person", data, timestamp=int(made.timestamp()))


def _shown(section: Mapping[str, Any]) -> dict[str, Any]:
    rows = section["rows"]
    cut = len(rows) - SHOWN_ROWS
    return {
        "title": section["title"],
        "kept": _("Kept: %(kept)s") % {"kept": section["kept"]},
        "more": _("%(count)s more rows stand in person.json.") % {"count": cut} if cut > 0 else "",
        "rows": [
            [[name, _text(value)] for name, value in row.items() if value not in (None, "", [], {})]
            for row in rows[:SHOWN_ROWS]
        ],
    }


def _answers(one: Mapping[str, Any]) -> dict[str, Any]:
    state = _("sealed") if one["sealed"] else _("draft")
    title = _("%(room)s: %(party)s, round %(round)s (%(state)s)") % {**one, "state": state}
    return {
        "title": title,
        "rows": [[item, _text(value)] for item, value in sorted(one["answers"].items())],
    }


def _figures(one: Mapping[str, Any]) -> dict[str, Any]:
    title = _("%(venture)s: private figures of %(party)s") % {**one}
    return {
        "title": title,
        "rows": [[name, _text(value)] for name, value in one["figures"].items()],
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(_text(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(part)}" for key, part in value.items())
    return str(value)
