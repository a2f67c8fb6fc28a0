"""Every read of registered projects; each stands in the scope of the side that asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.timezone import localdate

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.prepared import Prepared, ask_together
from mutualist.apps.programme.public import Standing, partner_cards
from mutualist.apps.projects import scopes
from mutualist.apps.projects.models import (
    BLOCKS,
    Check,
    Protection,
    Registration,
    Step,
    Withheld,
)
from mutualist.apps.projects.sealing import opened
from mutualist.domain.programme.registration import (
    PROTECTED,
    WAITING,
    Customer,
    ProtectionRules,
    Side,
    State,
    default_rules,
    is_rare,
    moves,
    read_rules,
)

#: So many candidates of one key are compared; more share it by chance.
MOST_CANDIDATES = 200
#: A name that more firms have says nothing about a firm in another region.
MOST_NAMESAKES = 20
PAGE = 50


@dataclass(frozen=True, slots=True)
class Project:
    """A registered project as one side sees it.

    Attributes
    ----------
    withheld
        Names and amounts; none as long as they are not for this side.
    hits
        What the conflict search found: for the vendor only.
    may
        The moves this side has now.
    """

    row: Registration
    rules: ProtectionRules
    partner: str
    steps: tuple[Step, ...]
    withheld: Mapping[str, Any] | None
    check: Check | None
    may: tuple[str, ...]
    side: Side

    @property
    def appeal_until(self) -> date | None:
        """The last day on which the partner may object to a decision."""
        if self.row.decided_at is None or self.row.state not in {State.REJECTED, State.RELEASED}:
            return None
        return self.rules.appeal_until(localdate(self.row.decided_at))

    @property
    def may_ask_extension(self) -> bool:
        """Whether the partner may ask for a further extension."""
        left = self.row.extensions < self.rules.extensions
        asked = self.row.extension_asked_at is not None
        return self.row.state in PROTECTED and left and not asked


_latest = Prepared(lambda programme: Protection.objects.filter(programme=programme)[:1])


def protection_of(programme: int) -> tuple[ProtectionRules, int]:
    """Return the rules now in force, and their number; 0 where the vendor wrote none."""
    found = _latest(programme=programme)
    if not found:
        return default_rules(), 0
    return read_rules(found[0].content), found[0].number


def rules_of(row: Registration) -> ProtectionRules:
    """Return the rules a registration was promised; those of today as long as it is a draft."""
    return read_rules(row.rules) if row.rules else protection_of(row.programme_id)[0]


@dataclass(frozen=True, slots=True)
class Known:
    """A registration ahead, as the conflict search needs it: a light row, since there may be many."""

    pk: int
    uid: UUID
    relation_id: int
    claim: str
    who: Customer

    @property
    def reference(self) -> str:
        """What people call it on the telephone."""
        return self.uid.hex[:8].upper()


_CUSTOMER = ("customer", "country", "postal_code", "domain", "vat", "register")


def _block(key: str, **more: str) -> Prepared:
    return Prepared(
        lambda programme, value: (
            Registration.objects.filter(
                programme=programme, claim__isnull=False, **{f"key_{key}": value}, **more
            )
            .order_by("pk")
            .values_list("pk", "uid", "relation_id", "claim", *_CUSTOMER)[:MOST_CANDIDATES]
        ),
        private=True,
    )


_by_block = {key: _block(key) for key in BLOCKS}
_without_place = _block("name", postal_code="")
_ANYWHERE = "name, without a place"


def candidates(
    programme: int, mine: Customer, blocks: Mapping[str, str], *, but: int | None
) -> list[Known]:
    """Return registrations ahead that share a key with a customer, by id.

    A name alone is looked for where it says something: if it is seldom, or if one of the two gives no postal code.
    Names that more than :data:`MOST_NAMESAKES` have are not seldom, whatever their length.
    """
    questions = {key: (_by_block[key], value) for key, value in blocks.items()}
    if "name" in blocks and mine.postal_code:
        questions[_ANYWHERE] = (_without_place, blocks["name"])
        if not is_rare(mine.parts):
            del questions["name"]
    asked = ((question, {"programme": programme, "value": v}) for question, v in questions.values())
    rows = dict(zip(questions, ask_together(asked), strict=True))
    if len(rows.get("name", ())) > MOST_NAMESAKES and mine.postal_code:
        del rows["name"]
    found: dict[int, Any] = {row[0]: row for some in rows.values() for row in some}
    found.pop(but or 0, None)
    return [
        Known(pk, uid, relation, claim, Customer(*customer))
        for pk, uid, relation, claim, *customer in (found[key] for key in sorted(found))
    ]


def uid_of(text: UUID | str) -> UUID:
    """Return an address, or say that there is nothing: a wrong one looks like a foreign one."""
    try:
        return UUID(str(text))
    except ValueError:
        raise NotAllowed from None


def row_for(here: Standing, uid: UUID | str, *, lock: bool = False) -> Registration:
    """Return a registration of the own side, inside its scope.

    Raises
    ------
    NotAllowed
        If there is none, or it is not for this side: both look alike.
    """
    rows = Registration.objects.filter(programme=here.programme, uid=uid_of(uid))
    if here.side == "partner":
        rows = rows.filter(relation=here.relation)
    found: Registration | None = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotAllowed
    return found


_row = Prepared(
    lambda programme, uid: Registration.objects.filter(programme=programme, uid=uid), private=True
)
_steps = Prepared(lambda row: Step.objects.filter(registration=row), private=True)
_withheld = Prepared(lambda row: Withheld.objects.filter(registration=row), private=True)


def project(here: Standing, uid: UUID | str) -> Project:
    """Return one project with its history and what this side may do."""
    with scopes.own(here):
        row = _row.first(programme=here.programme, uid=uid_of(uid))
        if row is None or (here.side == "partner" and row.relation_id != here.relation):
            raise NotAllowed
        steps = tuple(_steps(row=row.pk))
        secret = _withheld.first(row=row.pk)
        check = Check.objects.filter(registration=row).first() if here.side == "vendor" else None
    may = moves(State(row.state), here.side) if here.writes else ()
    shown = Project(
        row,
        rules_of(row),
        _names(here, [row.relation_id]).get(row.relation_id, here.partner_name),
        steps,
        opened(secret, row.uid) if secret else None,
        check,
        may,
        here.side,
    )
    late = shown.appeal_until is not None and today() > shown.appeal_until
    if late:
        shown = Project(**{**_parts(shown), "may": tuple(one for one in may if one != "appeal")})
    return shown


def as_registered(
    here: Standing, row: Registration, step: Step | None, withheld: Mapping[str, Any]
) -> Project:
    """Return a project as its partner sees it right after it was stored: what was written is not read again."""
    return Project(
        row=row,
        rules=rules_of(row),
        partner=here.partner_name,
        steps=() if step is None else (step,),
        withheld=withheld,
        check=None,
        may=moves(State(row.state), here.side),
        side=here.side,
    )


def _parts(shown: Project) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in shown.__dataclass_fields__}


def _names(here: Standing, relations: Iterable[int]) -> dict[int, str]:
    if here.side == "partner":
        return {}
    return {card.id: card.name for card in partner_cards(here, ids=set(relations))}


@dataclass(frozen=True, slots=True)
class Line:
    """A project in a list."""

    row: Registration
    partner: str
    conflict: str

    @property
    def late(self) -> bool:
        """Whether the vendor's answer is overdue."""
        return self.row.state in WAITING and bool(self.row.answer_by and self.row.answer_by < now())


#: What lists are cut down to.
VIEWS: Mapping[str, frozenset[State]] = {
    "waiting": WAITING,
    "question": frozenset({State.ACTION_REQUIRED}),
    "protected": PROTECTED,
    "over": frozenset(State) - WAITING - PROTECTED - {State.ACTION_REQUIRED, State.DRAFT},
    "draft": frozenset({State.DRAFT}),
}


def lines(
    here: Standing,
    *,
    view: str = "",
    search: str = "",
    relation: int | None = None,
    page: int = 1,
    most: int = PAGE,
) -> tuple[list[Line], bool]:
    """Return a page of a side's projects, and whether there are more.

    What waits comes by the time its answer is due, everything else newest first.
    """
    with scopes.own(here):
        rows = Registration.objects.filter(programme=here.programme)
        if here.side == "partner":
            rows = rows.filter(relation=here.relation)
        elif relation is not None:
            rows = rows.filter(relation=relation)
        if view in VIEWS:
            rows = rows.filter(state__in=VIEWS[view])
        if search.strip():
            wanted = search.strip()
            rows = rows.filter(
                Q(customer__icontains=wanted)
                | Q(title__icontains=wanted)
                | Q(domain__icontains=wanted)
            )
        order = (
            (F("answer_by").asc(nulls_last=True), "pk")
            if view == "waiting"
            else ("-created_at", "-pk")
        )
        first = (max(1, page) - 1) * most
        found = list(rows.order_by(*order)[first : first + most + 1])
        strongest = _strongest(here, [row.pk for row in found])
    names = _names(here, {row.relation_id for row in found})
    shown = [
        Line(row, names.get(row.relation_id, here.partner_name), strongest.get(row.pk, ""))
        for row in found[:most]
    ]
    return shown, len(found) > most


def _strongest(here: Standing, rows: list[int]) -> dict[int, str]:
    if here.side != "vendor":
        return {}
    checks = Check.objects.filter(registration__in=rows, ruling="").values_list(
        "registration_id", "hits"
    )
    return {pk: hits[0]["decision"] for pk, hits in checks if hits}


def counts(here: Standing) -> dict[str, int]:
    """Return how many projects of a side stand in each view."""
    with scopes.own(here):
        rows = Registration.objects.filter(programme=here.programme)
        if here.side == "partner":
            rows = rows.filter(relation=here.relation)
        by_state = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return {name: sum(by_state.get(state, 0) for state in states) for name, states in VIEWS.items()}


@dataclass(frozen=True, slots=True)
class Met:
    """A registration that a conflict search met, for the vendor."""

    row: Registration | None
    partner: str
    decision: str
    points: int
    likeness: int
    reasons: tuple[Mapping[str, Any], ...]


def met(here: Standing, check: Check | None) -> list[Met]:
    """Return what a conflict search found, with what became of it since."""
    if here.side != "vendor":
        raise NotAllowed
    hits = check.hits if check else []
    with scopes.own(here):
        rows = {
            str(row.uid): row
            for row in Registration.objects.filter(uid__in=[hit["uid"] for hit in hits])
        }
    names = _names(here, {row.relation_id for row in rows.values()})
    return [
        Met(
            rows.get(hit["uid"]),
            names.get(rows[hit["uid"]].relation_id, "") if hit["uid"] in rows else "",
            hit["decision"],
            hit["points"],
            hit["likeness"],
            tuple(hit["reasons"]),
        )
        for hit in hits
    ]
