"""Tables and constraints of rooms; what may be done with them stands in actions and queries.

Draft, SealedAnswers and RoomKey hold what nobody else may read before the opening. They stand apart,
hold ciphertext only, and carry the ids of room and seat themselves, so that a rule of the database
can guard each row. They are reached inside a scope only (:mod:`mutualist.apps.core.isolation`).
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from mutualist.apps.core.clock import now
from mutualist.apps.core.fences import Command, PrivateModel
from mutualist.apps.core.isolation import Scope
from mutualist.apps.rooms import fences
from mutualist.apps.rooms.managers import RoomQuerySet, SeatLinkQuerySet
from mutualist.apps.rooms.tallies import HostTally  # noqa: F401  (a table of this app)

NAME_LENGTH = 120


class Room(models.Model):
    """Two to eight parties that answer the same questions without seeing each other's answers."""

    class Mode(models.TextChoices):
        ALONE = "alone"
        TWO_SIDED = "two_sided"
        CONVENED = "convened"

    class State(models.TextChoices):
        DRAFT = "draft"
        ANSWERING = "answering"
        OPENED = "opened"
        CLOSED = "closed"

    class Opens(models.TextChoices):
        ALL_PRESS = "all_press"
        DEADLINE = "deadline"

    class Outcome(models.TextChoices):
        NONE = ""
        PARTED = "parted"
        ENDED = "ended"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    host = models.ForeignKey(
        "identity.Organisation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    frame = models.JSONField()
    ruleset = models.CharField(max_length=20)
    opens = models.CharField(max_length=10, choices=Opens.choices, default=Opens.ALL_PRESS)
    deadline = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default="", blank=True)
    closed_at = models.DateTimeField(null=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["host", "-created_at"], name="room_of_host"),
            models.Index(fields=["deadline"], name="room_due", condition=Q(state="answering")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=["alone", "two_sided", "convened"]), name="room_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "answering", "opened", "closed"]),
                name="room_state_known",
            ),
            models.CheckConstraint(
                condition=Q(opens="all_press") | Q(opens="deadline", deadline__isnull=False),
                name="room_deadline_when_it_opens_there",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="room_round_from_one"),
            models.CheckConstraint(
                condition=Q(mode="alone") | Q(host__isnull=False), name="room_has_host"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="room_closed_with_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the room is called."""
        return str(self.frame.get("name", ""))


class Seat(models.Model):
    """A party in a room."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seats")
    key = models.CharField(max_length=16)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=NAME_LENGTH)
    organisation = models.ForeignKey(
        "identity.Organisation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_guess = models.BooleanField(default=False)
    shares_result_with_host = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["room", "key"], name="seat_key_once_per_room"),
            models.UniqueConstraint(fields=["room", "position"], name="seat_position_once"),
            # What composite references of other tables point at.
            models.UniqueConstraint(fields=["room", "id"], name="seat_of_its_room"),
            models.UniqueConstraint("room", Lower("name"), name="seat_name_once_per_room"),
            models.UniqueConstraint(
                fields=["room", "organisation"],
                condition=Q(organisation__isnull=False),
                name="seat_organisation_once_per_room",
            ),
            models.CheckConstraint(
                condition=Q(is_guess=False) | Q(organisation__isnull=True),
                name="seat_guess_has_no_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Answerer(models.Model):
    """A person who answers for a seat; the lead's answers count, and the lead seals."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="answerers")
    name = models.CharField(max_length=NAME_LENGTH)
    email = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=2, choices=[("de", "Deutsch"), ("en", "English")])
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_lead = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "seat"],
                condition=Q(is_lead=True),
                name="answerer_one_lead_per_seat",
            ),
            models.UniqueConstraint(
                "room",
                "seat",
                Lower("email"),
                condition=~Q(email=""),
                name="answerer_mail_once_per_seat",
            ),
            # What composite references of other tables point at.
            models.UniqueConstraint(fields=["room", "id"], name="answerer_of_its_room"),
            models.UniqueConstraint(fields=["room", "seat", "id"], name="answerer_of_its_seat"),
        ]

    def __str__(self) -> str:
        return self.name


class SeatLink(models.Model):
    """A mailed link to a seat. Only the digest of its token is stored."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    answerer = models.ForeignKey(Answerer, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects = SeatLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    @property
    def is_live(self) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and self.expires_at > now()


class RoomKey(PrivateModel):
    """The wrapped key under which one seat's answers of a room are kept."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta(PrivateModel.Meta):
        pass

    @classmethod
    def fence(cls, scope: Scope, command: Command) -> Q:
        """Return which rows a scope reaches."""
        return fences.of_key(scope, command)

    def admitted(self, scope: Scope) -> bool:
        """Whether a scope may store this row."""
        return fences.admitted(scope, self.seat_id)


class Draft(PrivateModel):
    """One person's answer to one item, encrypted; deleted at the opening of its round."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    answerer = models.ForeignKey(Answerer, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=16)
    ciphertext = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta(PrivateModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["room", "answerer", "round", "item"], name="draft_once_per_person_and_item"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="draft_version_from_one"),
        ]

    @classmethod
    def fence(cls, scope: Scope, command: Command) -> Q:
        """Return which rows a scope reaches."""
        return fences.of_draft(scope, command)

    def admitted(self, scope: Scope) -> bool:
        """Whether a scope may store this row."""
        return fences.admitted(scope, self.seat_id)


class SheetProgress(models.Model):
    """How far a seat's lead has come, in six segments: all that others see before the seal."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField()
    segments = models.JSONField()
    minutes_left = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "seat", "round"], name="progress_once_per_round"
            )
        ]


class SealedSheet(models.Model):
    """That a seat has sealed a round, and to what it has committed: all parties see this much."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField()
    question_set = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(Answerer, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seat", "round"], name="sealed_once_per_round"),
            models.UniqueConstraint(
                fields=["room", "seat", "round", "id"], name="sheet_of_its_place"
            ),
        ]


class SealedAnswers(PrivateModel):
    """What a sealed sheet holds: nonce and answers, encrypted."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField()
    sheet = models.OneToOneField(SealedSheet, on_delete=models.CASCADE, related_name="+")
    ciphertext = models.BinaryField()

    class Meta(PrivateModel.Meta):
        pass

    @classmethod
    def fence(cls, scope: Scope, command: Command) -> Q:
        """Return which rows a scope reaches."""
        return fences.of_answers(scope, command)

    def admitted(self, scope: Scope) -> bool:
        """Whether a scope may store this row."""
        return fences.admitted(scope, self.seat_id)


class OpenPress(models.Model):
    """A party's consent to open the current round now."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField()
    pressed_at = models.DateTimeField()
    pressed_by = models.ForeignKey(Answerer, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seat", "round"], name="pressed_once_per_round")
        ]


class Opening(models.Model):
    """An opened round: what it was computed from and its result, fixed for good."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="openings")
    round = models.PositiveSmallIntegerField()
    as_of = models.CharField(max_length=7)
    opened_at = models.DateTimeField()
    ruleset = models.CharField(max_length=20)
    frame = models.JSONField()
    parties = models.JSONField()
    result = models.JSONField()
    #: Whether a tally of the host holds it; false when it never will, empty while it waits.
    tallied = models.BooleanField(null=True)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["room", "round"], name="opened_once_per_round")
        ]

    @property
    def party_names(self) -> dict[str, str]:
        """Party ids and names in the order of the room.

        Stored as pairs, because PostgreSQL does not keep the order of the keys of an object, and
        the order of the parties settles ties.
        """
        return dict(self.parties)

    @property
    def kind(self) -> Any:
        """Key of the kind of relationship found."""
        return self.result["kind"]


class Binding(models.Model):
    """A party's confirmation that it wants to be bound by a text."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField()
    text = models.TextField()
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        Answerer, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["room", "seat", "round"], name="bound_once_per_round")
        ]


class OutcomeConsent(models.Model):
    """Whether a party agrees to be asked after twelve months how it went."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="+")
    given = models.BooleanField()
    decided_at = models.DateTimeField()
    ask_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given=False) | Q(ask_on__isnull=False), name="consent_has_date"
            )
        ]
