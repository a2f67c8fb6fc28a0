"""The partner's side: draft, change and submit a registration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.storing import store
from mutualist.apps.programme.public import Standing, chain_of, require_active
from mutualist.apps.projects import scopes
from mutualist.apps.projects.actions.clearing import Cleared, clear, keep_keys
from mutualist.apps.projects.actions.steps import (
    next_state,
    note_step,
    require_version,
    require_writer,
    take,
    tell_log,
)
from mutualist.apps.projects.content import Content
from mutualist.apps.projects.models import Check, Registration, Withheld
from mutualist.apps.projects.queries import Project, as_registered, protection_of, row_for
from mutualist.apps.projects.sealing import plain, sealed
from mutualist.domain.programme.registration import (
    OPEN_TO_PARTNER,
    Customer,
    ProtectionRules,
    State,
    compare,
    keys_of,
)

EXTERNAL_MOST = 80


def register(
    *, standing: Standing, content: Content, external_id: str = "", draft: bool = False
) -> Registration:
    """Register a project, or keep it as a draft that only the partner sees."""
    return registered(standing=standing, content=content, external_id=external_id, draft=draft).row


def registered(
    *, standing: Standing, content: Content, external_id: str = "", draft: bool = False
) -> Project:
    """Register a project, or keep it as a draft, and return it as its partner sees it."""
    require_writer(standing, "partner")
    require_active(standing)
    relation = _relation(standing)
    customer = content.checked()
    row = Registration(
        uid=uuid4(),
        programme_id=standing.programme,
        relation_id=relation,
        external_id=_external(external_id),
        created_at=now(),
    )
    _describe(row, customer, content)
    alone = scopes.scope_of(standing)
    scope = alone if draft else scopes.scope_of_clearing(standing.programme, relation)
    hidden = plain(content.withheld())
    with scopes.writing(scope):
        if draft:
            keep_keys(row, keys_of(customer))
            _store(row)
            _withhold(row, hidden)
            _note_draft("projects.project.drafted", row, standing)
            return as_registered(standing, row, None, hidden)
        cleared = _cleared(row, customer)
        rules, _number = protection_of(standing.programme)
        _require_time(row, customer, rules)
        _begin(row, cleared, rules)
        _store(row)
        _withhold(row, hidden)
        _note_check(row, cleared)
        step = note_step(row, "submit", "partner")
        tell_log(row, "submit", standing.actor)
        return as_registered(standing, row, step, hidden)


@transaction.atomic
def change(
    *, standing: Standing, project: UUID | str, content: Content, seen: int | None = None
) -> Registration:
    """Change what is written in a draft, or in a project the vendor asked about."""
    require_writer(standing, "partner")
    with scopes.own(standing):
        row = row_for(standing, project, lock=True)
        _require_open(row)
        require_version(row, seen)
        customer = content.checked()
        if row.state != State.DRAFT and keys_of(customer) != keys_of(row.who):
            raise ActionError(
                "project_customer",
                _(
                    "The customer of a registered project stays. Withdraw the project and register the other "
                    "customer instead."
                ),
            )
        _describe(row, customer, content)
        if row.state == State.DRAFT:
            keep_keys(row, keys_of(customer))
        row.version += 1
        row.save()
        Withheld.objects.filter(registration=row).update(**sealed(row.uid, content.withheld()))
        _note_draft("projects.project.changed", row, standing)
    return row


@transaction.atomic
def submit(*, standing: Standing, project: UUID | str, seen: int | None = None) -> Registration:
    """Submit a draft, or once more a project the vendor asked about."""
    require_writer(standing, "partner")
    require_active(standing)
    relation = _relation(standing)
    with scopes.clearing(standing.programme, relation):
        row = row_for(standing, project, lock=True)
        require_version(row, seen)
        if row.state == State.ACTION_REQUIRED:
            rules, _number = protection_of(standing.programme)
            moment = now()
            take(
                row,
                "submit",
                "partner",
                actor=standing.actor,
                answer_by=rules.answer_by(moment),
                protected_until=None,
                told_at=None,
                reminded_at=None,
            )
            return row
        next_state(row, "submit", "partner")
        cleared = _cleared(row, row.who)
        rules, _number = protection_of(standing.programme)
        _require_time(row, row.who, rules)
        _begin(row, cleared, rules)
        row.version += 1
        row.save()
        _note_check(row, cleared)
        note_step(row, "submit", "partner")
        tell_log(row, "submit", standing.actor)
    return row


@transaction.atomic
def delete_draft(*, standing: Standing, project: UUID | str) -> None:
    """Delete a draft; nobody else has ever seen it."""
    require_writer(standing, "partner")
    with scopes.own(standing):
        row = row_for(standing, project, lock=True)
        if row.state != State.DRAFT:
            raise ActionError(
                "project_submitted",
                _("A registered project is not deleted. Withdraw it instead."),
                409,
            )
        _note_draft("projects.project.deleted", row, standing)
        Withheld.objects.filter(registration=row).delete()
        row.delete()


def _relation(standing: Standing) -> int:
    assert standing.relation is not None, "a partner's standing has its relation"
    return standing.relation


def _external(text: str) -> str:
    clean = text.strip()
    if len(clean) > EXTERNAL_MOST:
        raise ActionError(
            "project_external_id",
            _("The id has {length} characters; {most} are possible."),
            length=len(clean),
            most=EXTERNAL_MOST,
        )
    return clean


def _require_open(row: Registration) -> None:
    if row.state not in OPEN_TO_PARTNER:
        raise ActionError(
            "project_locked",
            _(
                "The project was registered and is locked while the vendor looks at it. It opens again when it asks."
            ),
            409,
        )


def _describe(row: Registration, customer: Customer, content: Content) -> None:
    row.customer = customer.name
    row.country = customer.country
    row.postal_code = customer.postal_code
    row.domain = customer.domain
    row.vat = customer.vat
    row.register = customer.register
    for name, value in content.shown().items():
        setattr(row, name, value)


def _cleared(row: Registration, customer: Customer) -> Cleared:
    """Search for conflicts; refuse a second registration of the partner's own."""
    found = clear(row.programme_id, row.relation_id, customer, but=row.pk)
    if found.own is not None:
        raise ActionError(
            "project_registered",
            _("You have registered this customer already: {reference}, {customer}. Go on there."),
            409,
            reference=found.own.reference,
            customer=found.own.who.name,
            uid=found.own.uid,
        )
    return found


def _require_time(row: Registration, customer: Customer, rules: ProtectionRules) -> None:
    """Refuse to register a customer anew before its time: by the partner's own rows alone."""
    if not rules.resubmit_after_days:
        return
    ended = Registration.objects.filter(
        relation=row.relation_id,
        key_name=keys_of(customer).name,
        state__in=(State.EXPIRED, State.WITHDRAWN),
        ended_at__isnull=False,
    )
    for old in ended.order_by("-ended_at")[:20]:
        first = rules.anew_from(localdate(old.ended_at))
        if today() < first and compare(customer, old.who).decision == "same":
            raise ActionError(
                "project_too_soon",
                _("This customer may be registered again from {day} on."),
                409,
                day=date_format(first, "SHORT_DATE_FORMAT"),
            )


def _begin(row: Registration, cleared: Cleared, rules: ProtectionRules) -> None:
    moment = now()
    keep_keys(row, cleared.keys)
    row.claim = cleared.claim
    row.state = State.SUBMITTED
    row.submitted_at = moment
    row.answer_by = rules.answer_by(moment)
    row.rules = rules.to_dict()


def _store(row: Registration) -> None:
    if not row.external_id:
        store(row)
        return
    try:
        with transaction.atomic():
            store(row)
    except IntegrityError:
        raise ActionError(
            "project_external_known",
            _(
                "You have used the id “{external}” for another project. Change that one, or give another id."
            ),
            409,
            external=row.external_id,
        ) from None


def _withhold(row: Registration, hidden: Mapping[str, Any]) -> None:
    store(Withheld(registration=row, **_place(row), **sealed(row.uid, hidden)), numbered=False)


def _note_check(row: Registration, cleared: Cleared) -> None:
    # Also where nothing was met: what is written is the same for every partner.
    check = Check(
        registration=row,
        **_place(row),
        hits=cleared.noted(),
        points_version=cleared.points_version,
        checked_at=now(),
    )
    store(check, numbered=False)


def _place(row: Registration) -> dict[str, Any]:
    return {"programme_id": row.programme_id, "relation_id": row.relation_id}


def _note_draft(kind: str, row: Registration, standing: Standing) -> None:
    record(
        kind,
        actor=standing.actor,
        obj=row,
        chain=chain_of(row.programme_id, row.relation_id),
        data={"reference": row.reference, "project": str(row.uid)},
    )
