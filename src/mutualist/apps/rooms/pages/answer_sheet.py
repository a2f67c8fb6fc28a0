"""One person's answer sheet between the browser and the actions: forms, stamps, saving."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.forms import ABSENT, HEADER, ItemForm, ItemView, Reading, Scene, Typed
from mutualist.apps.rooms.forms.problems import checker, objections
from mutualist.apps.rooms.pages.access import actor_of
from mutualist.apps.rooms.values import DraftSheet, ItemConflict, RoomStatus
from mutualist.domain.assess import builtin_ruleset
from mutualist.domain.shared import canonical_json

LANGUAGES = ("de", "en")


def language_now() -> str:
    """Return the language of this request."""
    code = (get_language() or "en")[:2]
    return code if code in LANGUAGES else "en"


@dataclass
class Outcome:
    """What became of a posted page.

    Attributes
    ----------
    views
        The items as they have to be shown again, typed values and all.
    wrong
        Pairs of an identity to go to and a message.
    conflicts
        Items of which another version was saved meanwhile.
    unfinished
        What a single item still lacks, when nothing in it is wrong.
    """

    views: list[ItemView] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    unfinished: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything is saved."""
        return not self.wrong and not self.conflicts

    @property
    def status(self) -> int:
        """HTTP status of the page."""
        if self.conflicts:
            return 409
        return 422 if self.wrong else 200


@dataclass
class Posted:
    """One item as it was posted."""

    form: ItemForm
    typed: Typed
    reading: Reading
    version: int
    shown: str
    takes_theirs: bool = False
    conflict: ItemConflict | None = None

    @property
    def number(self) -> str:
        """Number of the item."""
        return self.form.number

    @property
    def is_new(self) -> bool:
        """Whether it can be saved and differs from what was shown."""
        fine = self.reading.ok and not self.takes_theirs
        return fine and digest(self.reading.value) != self.shown

    @property
    def wanted(self) -> Any:
        """The value to save; ``None`` clears the item."""
        return None if self.reading.value is ABSENT else self.reading.value

    def complain(self, place: str, message: str) -> None:
        """Add a message about a place in the value."""
        self.reading.complain(self.form.part.box_at(place, self.typed), message)

    @property
    def is_settled(self) -> bool:
        """Whether it can be shown as it is saved."""
        return self.takes_theirs or (self.reading.ok and self.conflict is None)


class AnswerSheet:
    """The sheet of the person who asks.

    Parameters
    ----------
    request
        The request; it says who asks, and for which seat if the person has two.
    room
        The room, already found to be visible.
    """

    def __init__(self, request: HttpRequest, room: Any) -> None:
        self.actor: Actor = actor_of(request)
        self.room = room
        self.seat: str | None = request.GET.get("seat") or None
        self.sheet: DraftSheet = queries.draft_sheet(self.actor, room, self.seat)
        self.rules = builtin_ruleset(self.sheet.ruleset)
        self.scene = Scene(
            party=self.sheet.seat,
            parties=self.sheet.parties,
            rules=self.rules.source,
            frame=room.frame,
            language=language_now(),
        )

    @cached_property
    def status(self) -> RoomStatus:
        """Where the room stands."""
        return queries.room_status(self.actor, self.room)

    @property
    def query(self) -> str:
        """What every address of this sheet ends with."""
        return f"?seat={self.seat}" if self.seat else ""

    def url(self, name: str, *parts: Any) -> str:
        """Return the address of a page of this sheet."""
        return reverse(f"rooms:{name}", args=[self.room.uid, *parts]) + self.query

    def numbers(self, question: int) -> list[str]:
        """Return the items of a page; page 0 asks for role and mandate."""
        if question == 0:
            return [HEADER]
        return [number for number, item in self.rules.items.items() if item.question == question]

    def form(self, number: str) -> ItemForm:
        """Return the form of an item."""
        return ItemForm(number, self.scene, checker(self.scene, self.rules))

    def stamp(self, number: str, form: ItemForm, value: Any) -> str:
        """Return version and digest of what is shown, to see later whether it was changed."""
        version = self.sheet.versions.get(number, 0)
        return f"{version}:{digest(form.read(form.typed(value)).value)}"

    def shown(self, numbers: Iterable[str]) -> list[ItemView]:
        """Return the items as they are saved."""
        views = []
        for number in numbers:
            form, value = self.form(number), self.sheet.answers.get(number, ABSENT)
            stamp = self.stamp(number, form, value)
            views.append(form.view(form.typed(value), **self.beside(number, form, stamp)))
        return views

    def beside(self, number: str, form: ItemForm, stamp: str, **more: Any) -> dict[str, Any]:
        """Return what an item shows besides its boxes."""
        previous = self.sheet.previous.get(number) if self.sheet.round > 1 else None
        return {
            "save_url": self.url("item", number),
            "stamp": stamp,
            "currency": self.scene.currency_sign,
            "changed": number in self.sheet.changed,
            "previous": form.say(previous) if previous is not None else [],
            **more,
        }

    def save(self, post: QueryDict, numbers: list[str], *, gently: bool = False) -> Outcome:
        """Save what is valid and changed of a posted page; give back the rest as typed.

        Gently means that an item that only lacks something is not called wrong.
        """
        posted = [self._posted(post, number) for number in numbers]
        wanted = {entry.number: entry.wanted for entry in posted if entry.is_new}
        if wanted:
            versions = {entry.number: entry.version for entry in posted}
            done = actions.save_page(
                actor=self.actor, room=self.room, answers=wanted, versions=versions, seat=self.seat
            )
            by_number = {entry.number: entry for entry in posted}
            for conflict in done.conflicts:
                by_number[conflict.item].conflict = conflict
            for problem in done.problems:
                for place, message, _unfinished in objections([problem], self.scene):
                    by_number[problem.item].complain(place, message)
            self.sheet = queries.draft_sheet(self.actor, self.room, self.seat)
            self.__dict__.pop("status", None)
        return self._outcome(posted, gently=gently)

    def _posted(self, post: QueryDict, number: str) -> Posted:
        """Read one item of a posted page."""
        form, typed = self.form(number), Typed.from_post(post, number)
        version, shown = read_stamp(post.get(f"version-{number}", ""))
        taken = post.get("resolve") == f"{number}:theirs"
        return Posted(form, typed, form.read(typed), version, shown, takes_theirs=taken)

    def _outcome(self, posted: list[Posted], *, gently: bool) -> Outcome:
        """Say what became of each item."""
        outcome = Outcome()
        for entry in posted:
            if entry.is_settled:
                outcome.views += self.shown([entry.number])
                continue
            if entry.conflict:
                outcome.conflicts.append(entry.number)
            if gently and entry.reading.is_unfinished:
                messages = [text for texts in entry.reading.errors.values() for text in texts]
                outcome.unfinished = messages[0]
                entry.reading.errors = {}
            view = self._again(entry)
            outcome.views.append(view)
            prefix = "" if entry.number == HEADER else f"{entry.number}: "
            outcome.wrong += [(place, prefix + message) for place, message in view.wrong]
        return outcome

    def _again(self, entry: Posted) -> ItemView:
        """Return an item as it was typed, with its messages."""
        form, stamp, more = entry.form, f"{entry.version}:{entry.shown}", {}
        if conflict := entry.conflict:
            # The next press on "keep mine" is meant for the version that was just shown.
            stamp = f"{conflict.version}:"
            more["conflict"] = {
                "mine": form.say(conflict.mine),
                "theirs": form.say(conflict.theirs),
            }
        beside = self.beside(entry.number, form, stamp, **more)
        return form.view(entry.typed, entry.reading.errors, **beside)

    def saved_words(self) -> str:
        """Say when something was saved last."""
        if not self.sheet.saved_at:
            return ""
        local = timezone.localtime(self.sheet.saved_at)
        return _("saved %(time)s") % {"time": date_format(local, "H:i")}


def digest(value: Any) -> str:
    """Return a short digest of a value, the same for the same answer."""
    if value is ABSENT or value is None:
        return "none"
    return hashlib.sha256(canonical_json(value)).hexdigest()[:12]


def read_stamp(text: str) -> tuple[int, str]:
    """Read a stamp; a damaged one counts as never seen."""
    version, _sep, shown = text.partition(":")
    return (int(version) if version.isdecimal() and len(version) < 10 else 0), shown
