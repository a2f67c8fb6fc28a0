"""What the preview and "who sees what" show: a person's own answers and nothing of anybody else."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms import queries
from mutualist.apps.rooms.forms import ABSENT, DONT_KNOW, HEADER, Scene
from mutualist.apps.rooms.forms.item import shown_words
from mutualist.apps.rooms.pages.answer_sheet import AnswerSheet, language_now
from mutualist.apps.rooms.pages.answer_words import guessed_name
from mutualist.apps.rooms.values import HouseSpread
from mutualist.domain.assess import builtin_ruleset, own_preview, visible_answers
from mutualist.domain.assess import spread as spread_lines

SHOWN_ORDER = ("opening", "split", "finding", "mutual", "never")


def preview_context(sheet: AnswerSheet, *, theirs: bool, left: frozenset[str]) -> dict[str, Any]:
    """Return what both views of the preview show."""
    here, other = sheet.url("preview"), _with(sheet.url("preview"), {"view": "theirs"})
    context: dict[str, Any] = {
        "room": sheet.room,
        "status": sheet.status,
        "sealed": sheet.sheet.is_sealed,
        "tabs_label": _("Two views of your answers"),
        "preview_tabs": [
            {"label": _("What they say"), "url": here, "current": not theirs},
            {"label": _("As the other side will see it"), "url": other, "current": theirs},
        ],
    }
    if theirs:
        return context | {"questions": _as_seen(sheet)}
    spread = _house(sheet)
    lead = sheet.status.my_seat.lead_name if sheet.status.my_seat else ""
    return context | {
        "findings": _findings(sheet, left),
        "open_items": _open_items(sheet),
        "spread": _spread_rows(sheet, spread) if spread else [],
        "house_agrees": spread is not None and not spread.differing,
        "lead_name": lead,
        "handed_title": _("Handed to %(lead)s") % {"lead": lead},
        "guess_url": _next_guess(sheet),
        "guess": guessed_name(sheet),
    }


def _with(url: str, more: dict[str, Any]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(more, doseq=True)}"


def _item_url(sheet: AnswerSheet, number: str) -> str:
    return f"{sheet.url('answer', int(number[0]))}#item-{number}"


def _findings(sheet: AnswerSheet, left: frozenset[str]) -> list[dict[str, Any]]:
    """Return what one's own answers alone would trigger, with the answers it comes from."""
    answers = {key: value for key, value in sheet.sheet.answers.items() if key != HEADER}
    found = own_preview(
        answers, sheet.sheet.seat, sheet.sheet.parties, sheet.room.frame, sheet.rules
    )
    shown, own = [], f":{sheet.sheet.seat}"
    for finding in found:
        numbers = (item.removesuffix(own) for item in finding.items if item.endswith(own))
        sources = [
            {
                "number": number,
                "answer": "; ".join(sheet.form(number).say(answers.get(number, ABSENT))),
                "url": _item_url(sheet, number),
            }
            for number in dict.fromkeys(numbers)
        ]
        shown.append(
            {
                "words": finding.text[sheet.scene.language],
                "sources": sources,
                "left": finding.id in left,
                "leave_url": _with(sheet.url("preview"), {"left": [*sorted(left), finding.id]}),
            }
        )
    return shown


def _open_items(sheet: AnswerSheet) -> list[dict[str, Any]]:
    """Return what is not answered, or with "don't know", core items first."""
    answers = sheet.sheet.answers
    entries = []
    for number, item in sheet.rules.items.items():
        missing = number not in answers
        if missing or answers[number] == DONT_KNOW:
            state = "" if missing else _("answered with “don’t know”")
        elif lacks := _lacking_fields(sheet, number):
            state = _("still without: %(fields)s") % {"fields": ", ".join(lacks)}
        else:
            continue
        text = sheet.form(number).title
        url = _item_url(sheet, number)
        entries.append(
            {"number": number, "text": text, "core": item.is_core, "state": state, "url": url}
        )
    return sorted(entries, key=lambda entry: (not entry["core"], entry["number"]))


def _lacking_fields(sheet: AnswerSheet, number: str) -> list[str]:
    """Return the fields of an answered item that count for the result and are open."""
    item, value = sheet.rules.items[number], sheet.sheet.answers[number]
    if item.type != "fields" or item.core in ((), ("",)) or not isinstance(value, dict):
        return []
    if item.counterpart and set(value) <= set(sheet.scene.others):
        return []
    lacking = [key for key in item.core if value.get(key, DONT_KNOW) == DONT_KNOW]
    return [item.fields[key].words[sheet.scene.language] for key in lacking]


def _house(sheet: AnswerSheet) -> HouseSpread | None:
    """Return how one's own people answer, to the lead; ``None`` where nobody else answers."""
    try:
        spread = queries.house_spread(sheet.actor, sheet.room, sheet.seat)
    except NotAllowed:
        return None
    return spread if len(spread.people) > 1 else None


def _spread_rows(sheet: AnswerSheet, spread: HouseSpread) -> list[dict[str, Any]]:
    """Return the items people of one house answer differently."""
    rows = []
    language = sheet.scene.language
    sheets = {person.name: person.answers for person in spread.people}
    lines = spread_lines(sheets, sheet.rules, sheet.room.frame.get("currency"))
    for number in spread.differing:
        form = sheet.form(number)
        voices = [
            {
                "name": person.name,
                "is_lead": person.is_lead,
                "answer": "; ".join(form.say(person.answers[number])),
            }
            for person in spread.people
            if number in person.answers
        ]
        words = [
            f"{line.title[language]}: {line.text[language]}"
            for line in lines
            if line.item == number and line.field and line.kind != "differs"
        ]
        rows.append({"number": number, "text": form.title, "voices": voices, "words": words[:4]})
    return rows


def _next_guess(sheet: AnswerSheet) -> str:
    """Return where the guesses begin, in a room with oneself."""
    if sheet.room.mode != "alone":
        return ""
    waiting = [seat for seat in sheet.status.my_seats if seat.is_guess and not seat.started]
    if not waiting or waiting[0].key == sheet.sheet.seat:
        return ""
    return _with(sheet.url("answer", 1).partition("?")[0], {"seat": waiting[0].key})


def _as_seen(sheet: AnswerSheet) -> list[dict[str, Any]]:
    """Return one's own answers as the others will see them after the opening."""
    answers = {key: value for key, value in sheet.sheet.answers.items() if key != HEADER}
    visible = visible_answers(answers, sheet.rules)
    questions = []
    for question in sheet.rules.questions:
        entries = []
        for item in question.items:
            form = sheet.form(item.number)
            seen = item.number in visible
            lines = form.say(visible[item.number]) if seen else []
            if not seen and item.shown == "opening":
                lines = form.say(ABSENT)
            hidden = "" if item.shown == "opening" else form.shown_sentence
            entries.append(
                {"number": item.number, "text": form.title, "lines": lines, "hidden": hidden}
            )
        title = question.words[sheet.scene.language]
        questions.append({"number": question.number, "title": title, "entries": entries})
    return questions


def visibility_context(actor: Actor, room: Any) -> dict[str, Any]:
    """Return the items by who will see them; no answer is read for it."""
    status = queries.room_status(actor, room)
    rules = builtin_ruleset(room.ruleset)
    parties = {seat.key: seat.name for seat in status.seats}
    party = status.my_seat.key if status.my_seat else next(iter(parties), "")
    scene = Scene(party, parties, rules.source, room.frame, language_now())
    groups: dict[str, list[dict[str, str]]] = {kind: [] for kind in SHOWN_ORDER}
    sentences = {}
    for number, spec in rules.source["items"].items():
        groups[spec["shown"]].append({"number": number, "text": scene.words(spec)})
        sentences[spec["shown"]] = scene.named(shown_words(scene, spec))
    shown = [
        {"kind": kind, "sentence": sentences[kind], "items": entries}
        for kind, entries in groups.items()
        if entries
    ]
    return {"room": room, "status": status, "groups": shown}
