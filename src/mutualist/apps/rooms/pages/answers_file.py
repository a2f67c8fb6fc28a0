"""Answering in a workbook: download it, fill it in, upload it, look at the changes, take them over.

Between the steps nothing is stored: the browser carries the uploaded answers back and forth, and
each step checks them anew. Answers reach the database encrypted, as every other draft.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mutualist.apps.core.clock import today
from mutualist.apps.core.downloads import XLSX, download, file_name
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.core.language import reading
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.pages.access import actor_of, known_person
from mutualist.apps.rooms.values import DraftSheet
from mutualist.domain.assess.model import Ruleset
from mutualist.domain.shared.nesting import is_too_deep
from mutualist.reports.answers import AnswerWords

LARGEST_FILE = 1_000_000
TEMPLATE = "rooms/exports/answers_workbook.html"


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """An answer of the workbook that differs from the one saved."""

    item: str
    question: str
    before: str
    after: str


@require_http_methods(["GET", "POST"])
@known_person
def answers_workbook(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Answer in a workbook instead of page by page."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    sheet = queries.draft_sheet(actor, room, _seat(request))
    if request.method == "GET":
        wanted = request.GET.get("download")
        if wanted in {"blank", "mine"}:
            return _workbook(room, sheet, with_answers=wanted == "mine")
        return _page(request, room, sheet)
    if sheet.is_sealed:
        raise ActionError(
            "sealed", _lazy("Your sheet is sealed. Take the seal back before you change answers.")
        )
    steps = {"upload": _upload, "annotated": _annotated, "confirm": _confirm}
    step = steps.get(request.POST.get("step", ""), _upload)
    return step(request, room, sheet)


def _seat(request: HttpRequest) -> str | None:
    """In a self-check one person also fills in the guesses about the other side."""
    return request.POST.get("seat") or request.GET.get("seat") or None


def _page(
    request: HttpRequest, room: Any, sheet: DraftSheet, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"room": room, "sheet": sheet, "seat": _seat(request), **more}
    return render(request, TEMPLATE, context, status=status)


def _workbook(room: Any, sheet: DraftSheet, *, with_answers: bool) -> HttpResponse:
    from mutualist.library.workbook import answers_workbook as made

    content = made(
        sheet.parties,
        sheet.seat,
        ruleset=sheet.ruleset,
        lang=reading(),
        frame=room.frame,
        answers=sheet.answers if with_answers else None,
    )
    return download(content, XLSX, file_name(room.name, _("answers"), today(), "xlsx"))


def _upload(request: HttpRequest, room: Any, sheet: DraftSheet) -> HttpResponse:
    """Read the file and show what it would change, or what is wrong in it."""
    leave_out(request)
    file = request.FILES.get("file")
    if file is None:
        return _page(request, room, sheet, 422, problem=_("Choose a file first."))
    if (file.size or 0) > LARGEST_FILE:
        return _page(request, room, sheet, 422, problem=_("The file is larger than 1 MB."))
    from mutualist.library.errors import FileError, WorkbookError

    raw = file.read()
    try:
        answers = _read(raw, sheet)
    except WorkbookError as error:
        return _page(
            request,
            room,
            sheet,
            422,
            problems=[problem.line(reading()) for problem in error.problems],
            original=base64.b64encode(raw).decode(),
        )
    except FileError as error:
        return _page(request, room, sheet, 422, problem=error.message(reading()))
    changed = {i: v for i, v in answers.items() if v != sheet.answers.get(i)}
    return _page(
        request,
        room,
        sheet,
        changes=_changes(changed, sheet, room),
        payload=json.dumps(changed, ensure_ascii=False),
        versions=json.dumps({item: sheet.versions.get(item, 0) for item in changed}),
    )


def _read(raw: bytes, sheet: DraftSheet) -> dict[str, Any]:
    from mutualist.library.workbook import read_answers_workbook

    return read_answers_workbook(raw, sheet.seat, ruleset=sheet.ruleset)


def _changes(answers: dict[str, Any], sheet: DraftSheet, room: Any) -> list[Change]:
    """Write the changed answers in words, before and after."""
    from mutualist.domain.assess import builtin_ruleset

    lang = reading()
    rules = builtin_ruleset(sheet.ruleset)
    words = AnswerWords(rules.items, sheet.parties, lang, str(room.frame.get("currency", "EUR")))
    changes = []
    for item, value in answers.items():
        if item not in rules.items:
            before, after = (_header(words, rules, one) for one in (sheet.answers.get(item), value))
            changes.append(Change("", _("Role and mandate"), before, after))
            continue
        saved = sheet.answers.get(item)
        question = rules.items[item].words[lang]
        changes.append(Change(item, question, words.write(item, saved), words.write(item, value)))
    return changes


def _header(words: AnswerWords, rules: Ruleset, value: Any) -> str:
    """Write role and mandate; anything that is none stays empty."""
    fields = value.items() if isinstance(value, dict) else ()
    return "\n".join(words.field(rules.header[k], v) for k, v in fields if k in rules.header and v)


def _annotated(request: HttpRequest, room: Any, sheet: DraftSheet) -> HttpResponse:
    """Return the person's own file with a comment on each cell that needs a correction."""
    from mutualist.library.errors import FileError, WorkbookError
    from mutualist.library.workbook import annotated_copy

    leave_out(request)
    try:
        raw = base64.b64decode(request.POST.get("original", ""), validate=True)
        _read(raw, sheet)
    except WorkbookError as error:
        content = annotated_copy(raw, error.problems, reading())
        return download(content, XLSX, file_name(room.name, _("corrections"), today(), "xlsx"))
    except (FileError, binascii.Error):
        pass
    return _page(request, room, sheet, 422, problem=_("Upload the file once more."))


def _confirm(request: HttpRequest, room: Any, sheet: DraftSheet) -> HttpResponse:
    """Save the answers that were looked at; each is checked once more by the action."""
    try:
        answers = dict(json.loads(request.POST.get("payload", "")))
        versions = {
            str(item): int(number)
            for item, number in json.loads(request.POST.get("versions", "")).items()
        }
        if is_too_deep(answers):
            raise ValueError("nested too deeply")  # noqa: TRY301 - the same answer as for the rest
    except (ValueError, TypeError, AttributeError, RecursionError):
        return _page(request, room, sheet, 422, problem=_("Upload the file once more."))
    done = actions.save_page(
        actor=actor_of(request),
        room=room,
        answers=answers,
        versions={item: versions.get(item, 0) for item in answers},
        seat=_seat(request),
    )
    if done.problems or done.conflicts:
        fresh = queries.draft_sheet(actor_of(request), room, _seat(request))
        return _page(
            request,
            room,
            fresh,
            409 if done.conflicts else 422,
            saved=len(done.saved),
            problems=[problem.message(reading()) for problem in done.problems],
            conflicts=[conflict.item for conflict in done.conflicts],
        )
    count = len(done.saved)
    said = ngettext("%(count)s answer taken over.", "%(count)s answers taken over.", count)
    messages.success(request, said % {"count": count})
    return HttpResponseRedirect(reverse("rooms:answer", args=[room.uid, 1]))
