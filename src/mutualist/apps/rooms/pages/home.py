"""The start page: what Mutualist is, or what is to be done today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutualist.apps.core.clock import now
from mutualist.apps.rooms import queries
from mutualist.apps.rooms.beside import Task, home_parts
from mutualist.apps.rooms.pages.access import actor_of

MOST_TASKS = 5
MOST_NEWS = 5
#: A result is a task as long as it is fresh; after that it is found among the rooms.
FRESH = timedelta(days=14)


def _task(card: Any) -> Task | None:
    """Return what a room wants of this person now."""
    if card.state == "closed":
        return None
    if card.state == "opened":
        return _task_opened(card)
    if card.i_answer and not card.i_sealed:
        return _task_of_answerer(card)
    if card.i_answer and card.sealed == card.total and card.opens == "all_press":
        url = _address("open", card)
        return Task(0, card.name, _("Everybody has sealed."), url, _("Open together"))
    return _task_of_host(card) if card.is_host else None


def _address(name: str, card: Any, **more: Any) -> str:
    return reverse(f"rooms:{name}", kwargs={"uid": card.uid, **more})


def _task_opened(card: Any) -> Task | None:
    if card.kind is None:
        return None  # a neutral host with whom the result is not shared
    if card.opened_at is None or card.opened_at < now() - FRESH:
        return None
    url = _address("result", card)
    return Task(4, card.name, _("The answers are open."), url, _("Read the result"))


def _task_of_answerer(card: Any) -> Task:
    """Lead to the first question that is not complete, or to the last look before the seal."""
    missing = [number for number, share in enumerate(card.my_segments, start=1) if share < 1]
    if card.my_segments and not missing:
        detail, url = _("All is answered; only the seal is missing."), _address("preview", card)
        return Task(1, card.name, detail, url, _("Check and seal"))
    url = _address("answer", card, question=missing[0] if missing else 1)
    begun = any(card.my_segments)
    return Task(
        2, card.name, _with_deadline(_("Your answers are missing."), card), url,
        _("Go on") if begun else _("Answer"),
    )  # fmt: skip


def _task_of_host(card: Any) -> Task:
    counts = {"sealed": card.sealed, "total": card.total}
    detail = _with_deadline(_("%(sealed)s of %(total)s have sealed.") % counts, card)
    urgency = 1 if card.due else 3
    return Task(urgency, card.name, detail, _address("room", card), _("Look"))


def _with_deadline(sentence: str, card: Any) -> str:
    if card.deadline is None:
        return sentence
    day = {"day": date_format(card.deadline, "SHORT_DATE_FORMAT")}
    when = _("The deadline was %(day)s.") if card.due else _("The deadline is %(day)s.")
    return f"{sentence} {when % day}"


def _may_create(actor: Any) -> bool:
    """Whether a new room can be offered: not to a link, and not to somebody who only reads."""
    if actor.user_id is None:
        return False
    return bool(actor.organisations("owner", "member")) or not actor.organisations()


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the landing page to strangers, the day's tasks and the latest news to everybody else."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return render(request, "core/landing.html")
    cards = queries.room_cards(actor)
    parts = home_parts(actor)
    found = [task for task in map(_task, cards) if task]
    found += [task for part in parts for task in part.tasks]
    context = {
        "tasks": sorted(found, key=lambda task: task.urgency)[:MOST_TASKS],
        "news": queries.recent(actor, MOST_NEWS),
        "rooms": cards[:6],
        "parts": parts,
        "cards": cards,
        "may_create": _may_create(actor),
    }
    return render(request, "core/home.html", context)
