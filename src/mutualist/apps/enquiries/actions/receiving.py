"""Enquiries come in: from the finder, by hand, from programs and files."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.enquiries.actions.steps import (
    checked_note,
    hand_out,
    locked_intake,
    note,
    require_writer,
)
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.programme.public import (
    Standing,
    ability_keys,
    cards_of_programme,
    levels_of,
)
from mutualist.domain.programme.routing.lifecycle import STATES
from mutualist.library.places import UnknownPlaceError, code_at

#: For so long an enquiry that equals another in everything is taken for the same, sent from a second window.
SAME_WITHIN = timedelta(days=1)
LENGTHS = {"company": 120, "person": 120, "phone": 40, "certificate": 80, "external_id": 80}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer asks for, and who they are.

    Attributes
    ----------
    wanted
        The partner the customer chose: the uid of its relation.
    """

    country: str
    postal_code: str
    text: str = ""
    company: str = ""
    person: str = ""
    email: str = ""
    phone: str = ""
    abilities: tuple[str, ...] = ()
    certificate: str = ""
    language: str = ""
    level: str = ""
    external_id: str = ""
    wanted: str = ""


@transaction.atomic
def enter(
    *,
    standing: Standing,
    wish: Wish,
    source: str = "hand",
    consent: bool = True,
    again: bool = True,
) -> Enquiry:
    """Enter an enquiry for the vendor: by hand, from a file, by a program.

    Parameters
    ----------
    again
        Whether one may come in that equals another of the last day.

    Raises
    ------
    ActionError
        ``enquiry_again`` with the uid of the first, where it may not.
    """
    require_writer(standing, "vendor")
    locked_intake(standing.programme)
    known = None if again else _twin(standing.programme, _checked(standing.programme, wish))
    if known is not None:
        raise ActionError(
            "enquiry_again",
            _(
                "The same enquiry came in on {at}. Open that one; if this is another, hand it out once more."
            ),
            409,
            at=date_format(localtime(known.created_at), "SHORT_DATETIME_FORMAT"),
            uid=known.uid,
        )
    return receive(
        actor=standing.actor,
        programme=standing.programme,
        wish=wish,
        source=source,
        consent=consent,
    )


@transaction.atomic
def enter_all(*, standing: Standing, wishes: list[tuple[int, Wish]], again: bool = True) -> int:
    """Enter the enquiries of a table, all or none; what cannot be right is said with its row.

    Parameters
    ----------
    again
        Whether a table may come in whose enquiries all came in within the last day already.

    Returns
    -------
    int
        How many are new: a row whose external id is here already changes nothing.
    """
    require_writer(standing, "vendor")
    problems, unnamed = [], []
    for row, wish in wishes:
        try:
            fields = _checked(standing.programme, wish)
            unnamed += [] if wish.external_id else [fields]
        except ActionError as error:
            problems.append(_("Row {row}: {problem}").format(row=row, problem=error.message))
    if problems:
        text = "\n".join(problems).replace("{", "{{").replace("}", "}}")
        raise ActionError("enquiry_rows", text)
    locked_intake(standing.programme)
    if not again and unnamed and all(_twin(standing.programme, one) for one in unnamed):
        raise ActionError(
            "enquiries_again",
            _(
                "Every enquiry of this table without an external_id came in within the last day. "
                "If they are others, choose the file again and hand them out once more."
            ),
            409,
        )
    rows = Enquiry.objects.visible_to(standing)
    before = rows.count()
    for _row, wish in wishes:
        enter(standing=standing, wish=wish, source="file")
    return rows.count() - before


def _twin(programme: int, fields: dict[str, object]) -> Enquiry | None:
    """Return an enquiry of the last day that equals this one in everything and goes on; the programme is locked."""
    rows = Enquiry.objects.filter(
        programme=programme,
        created_at__gt=now() - SAME_WITHIN,
        postal_code=fields["postal_code"],
        email=fields["email"],
        status__in=[status for status, state in STATES.items() if state != "closed"],
    )
    return next(
        (row for row in rows if all(getattr(row, key) == fields[key] for key in fields)), None
    )


@transaction.atomic
def receive(
    *,
    actor: Actor,
    programme: int,
    wish: Wish,
    source: str,
    consent: bool,
    again: bool = True,
) -> Enquiry:
    """Take an enquiry in and hand it to the able, near and free partner.

    The same one sent again, by its external id, changes nothing and returns the first.

    Parameters
    ----------
    again
        Whether one that equals another of the last day is another; otherwise it returns the first as well.

    Raises
    ------
    ActionError
        If something is missing or cannot be right; says what to do.
    """
    fields = _checked(programme, wish)
    if not consent:
        raise ActionError(
            "enquiry_consent",
            _(
                "Please agree that the enquiry is handed to a partner; without it nobody can answer."
            ),
        )
    intake = locked_intake(programme)
    if wish.external_id:
        known = Enquiry.objects.filter(programme=programme, external_id=wish.external_id).first()
        if known is not None:
            return known
    twin = None if again else _twin(programme, fields)
    if twin is not None:
        return twin
    made = Enquiry.objects.create(programme_id=programme, source=source, consent_at=now(), **fields)
    note("enquiries.enquiry.received", actor, made, source=source)
    hand_out(made, intake, actor)
    return made


def _checked(programme: int, wish: Wish) -> dict[str, object]:
    """Return the columns of an enquiry, or say what cannot be right."""
    fields = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in asdict(wish).items()
    }
    for name, most in LENGTHS.items():
        if len(str(fields[name])) > most:
            raise ActionError(
                "enquiry_long",
                _("“{value}…” is longer than {most} characters ({field})."),
                value=str(fields[name])[:30],
                most=most,
                field=name,
            )
    fields["text"] = checked_note(str(fields["text"]))
    fields["country"] = str(fields["country"]).upper()
    try:
        fields["country"], fields["postal_code"] = code_at(
            str(fields["country"]), str(fields["postal_code"])
        )
    except UnknownPlaceError as error:
        said = error.message((get_language() or "en")[:2]).replace("{", "{{").replace("}", "}}")
        raise ActionError("enquiry_place", said) from error
    if fields["email"]:
        try:
            validate_email(str(fields["email"]))
        except ValidationError:
            raise ActionError(
                "enquiry_mail",
                _("{email} is no mail address. Write it as name@firm.example."),
                email=str(fields["email"])[:80],
            ) from None
    levels = levels_of(programme, today())
    if fields["level"] and fields["level"] not in levels:
        raise ActionError(
            "enquiry_level",
            _("There is no level {level}. Choose one of: {levels}."),
            level=str(fields["level"])[:40],
            levels=", ".join(levels) or "–",
        )
    wanted = str(fields.pop("wanted"))
    fields["wanted_id"] = None
    if wanted:
        cards = {str(card.uid): card.id for card in cards_of_programme(programme, finder=True)}
        if wanted not in cards:
            raise ActionError(
                "enquiry_wanted",
                _("This partner can no longer be found. Send the enquiry without choosing one."),
            )
        fields["wanted_id"] = cards[wanted]
    asked = [one.strip()[:80] for one in wish.abilities if one.strip()]
    fields["abilities"] = sorted(ability_keys(programme, today(), asked))
    return dict(fields)
