"""The start page: what Mutualist is, or what is to be done today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutualist.apps.rooms import queries
from mutualist.apps.rooms.pages.access import actor_of

MOST_TASKS = 5


@dataclass(frozen=True, slots=True)
class Task:
    """One line of “What is to do today?” with its one button."""

    urgency: int
    title: str
    detail: str
    url: str
    button: str


def _task(card: Any) -> Task | None:
    """Return what a room wants of this person now."""
    if card.state == "closed":
        return None
    if card.state == "opened":
        return _task_opened(card)
    if card.i_answer and (not card.i_sealed or card.sealed == card.total):
        return _task_of_party(card)
    return _task_of_host(card) if card.is_host else None


def _task_opened(card: Any) -> Task | None:
    if card.kind is None:
        return None  # a neutral host with whom the result is not shared
    url = reverse("rooms:result", kwargs={"uid": card.uid})
    return Task(3, card.name, _("The answers are open."), url, _("Read the result"))


def _task_of_party(card: Any) -> Task:
    if card.i_sealed:
        url = reverse("rooms:open", kwargs={"uid": card.uid})
        return Task(0, card.name, _("Everybody has sealed."), url, _("Open together"))
    url = reverse("rooms:answer", kwargs={"uid": card.uid, "question": 1})
    return Task(1, card.name, _("Your answers are missing."), url, _("Answer"))


def _task_of_host(card: Any) -> Task:
    counts = {"sealed": card.sealed, "total": card.total}
    url = reverse("rooms:room", kwargs={"uid": card.uid})
    return Task(2, card.name, _("%(sealed)s of %(total)s have sealed.") % counts, url, _("Look"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the landing page to strangers, the day's tasks to everybody else."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return render(request, "core/landing.html")
    cards = queries.room_cards(actor)
    found = [task for task in map(_task, cards) if task]
    tasks = sorted(found, key=lambda task: task.urgency)[:MOST_TASKS]
    return render(request, "core/home.html", {"tasks": tasks, "rooms": cards[:6], "cards": cards})
