"""Add partners and their people."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.levels import settle_those
from mutualist.apps.programme.models import NAME_LENGTH, Contact, Programme, Relation
from mutualist.apps.programme.queries.ability_names import ability_keys
from mutualist.apps.programme.standing import Standing, chain_of
from mutualist.library.iso_codes import is_country

#: What may be said of a partner when it is added or changed.
FIELDS = (
    *("external_id", "kind", "country", "postal_code", "place", "website", "domain", "vat_id"),
    *("register_number", "languages", "abilities", "areas", "capacity", "in_finder", "profile"),
)


def require_vendor(standing: Standing) -> None:
    """Refuse whoever may not write on the vendor's side."""
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed


def clean_name(name: str) -> str:
    """Return the name of a firm or person, refused if it is empty or too long."""
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH:
        raise ActionError(
            "partner_name",
            _("Give the partner a name of 1 to {most} characters (now {length})."),
            most=NAME_LENGTH,
            length=len(clean),
        )
    return clean


def as_stored(programme: int, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a partner as it is stored, refused if there is no such country.

    Abilities are stored by their keys: people may write their names.
    """
    country = fields.get("country")
    if country and not is_country(country):
        raise ActionError(
            "partner_country",
            _("“{value}” is no country. Write the two letters of one, such as DE."),
            value=country,
        )
    if not fields.get("abilities"):
        return fields
    return {**fields, "abilities": ability_keys(programme, today(), fields["abilities"])}


@transaction.atomic
def add_partner(
    *, standing: Standing, name: str, organisation: int | None = None, **fields: Any
) -> Relation:
    """Add a partner firm to a programme.

    Parameters
    ----------
    organisation
        The partner's organisation here, if it has one.
    **fields
        Any of :data:`FIELDS`.
    """
    require_vendor(standing)
    clean = clean_name(name)
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a partner has no {sorted(unknown)}")
    fields = as_stored(standing.programme, fields)
    if not fields.get("external_id"):
        _require_new(standing, clean, fields)
    try:
        with transaction.atomic():
            made = Relation.objects.create(
                programme_id=standing.programme,
                organisation_id=organisation,
                name=clean,
                joined=today(),
                **fields,
            )
    except IntegrityError:
        raise ActionError(
            "partner_known",
            _(
                "{name} or the id {external} is in the programme already. Open that partner instead."
            ),
            name=clean,
            external=fields.get("external_id") or "–",
        ) from None
    record(
        "programme.partner.added",
        actor=standing.actor,
        obj=made,
        chain=chain_of(standing.programme, made.pk),
        data={"name": clean},
    )
    settle_those(
        programme=standing.programme, relations={made.pk}, actor=standing.actor, day=today()
    )
    made.refresh_from_db()
    return made


def _require_new(standing: Standing, name: str, fields: dict[str, Any]) -> None:
    """Refuse a firm of the same name and place, where no number of the vendor tells the two apart."""
    # Two windows of one vendor come one after the other here.
    Programme.objects.select_for_update(no_key=True).get(pk=standing.programme)
    known = Relation.objects.visible_to(standing).filter(
        name=name,
        external_id="",
        country=fields.get("country") or "DE",
        postal_code=fields.get("postal_code") or "",
    )
    found = known.exclude(state=Relation.State.REFUSED).first()
    if found is not None:
        raise ActionError(
            "partner_known",
            _(
                "{name} is in the programme already, without a number of yours. Open that partner; "
                "if this is another firm, give its postal code or your number of it."
            ),
            status=409,
            name=name,
            uid=found.uid,
        )


@transaction.atomic
def add_contact(
    *,
    standing: Standing,
    relation: Relation,
    name: str,
    email: str,
    language: str = "de",
    topics: list[str] | None = None,
) -> Contact:
    """Add a person of a partner firm, on either side."""
    if not standing.writes or relation.programme_id != standing.programme:
        raise NotAllowed
    if standing.side == "partner" and standing.relation != relation.pk:
        raise NotAllowed
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise ActionError(
            "contact_mail",
            _("{email} is no mail address. Write it as name@firm.example."),
            email=email[:80],
        ) from None
    made, _new = Contact.objects.update_or_create(
        relation=relation,
        email=address,
        defaults={
            "name": clean_name(name),
            "language": language if language in {"de", "en"} else "de",
            "topics": list(topics or ()),
        },
    )
    record(
        "programme.contact.added",
        actor=standing.actor,
        obj=made,
        chain=chain_of(standing.programme, relation.pk),
        data={"name": relation.name},
        personal={"contact": made.name},
    )
    return made


@transaction.atomic
def change_partner(
    *, standing: Standing, relation: Relation, name: str, parent: str = "", **fields: Any
) -> Relation:
    """Change what the vendor knows of a partner.

    Parameters
    ----------
    parent
        The partner it belongs to, by the vendor's number of it or by its name; empty: none.
    **fields
        Any of :data:`FIELDS`.
    """
    require_vendor(standing)
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a partner has no {sorted(unknown)}")
    partners = Relation.objects.visible_to(standing)
    found = partners.select_for_update().filter(pk=relation.pk).first()
    if found is None:
        raise NotAllowed
    found.name, found.parent = clean_name(name), _parent(standing, found, parent)
    fields = as_stored(standing.programme, fields)
    for field, value in fields.items():
        setattr(found, field, value)
    # The country and other fields may count in the rules.
    found.looked_on = None
    try:
        with transaction.atomic():
            found.save(update_fields=["name", "parent", "looked_on", *fields])
    except IntegrityError:
        raise ActionError(
            "partner_known",
            _(
                "{name} or the id {external} is in the programme already. Open that partner instead."
            ),
            name=found.name,
            external=fields.get("external_id") or "–",
        ) from None
    record(
        "programme.partner.changed",
        actor=standing.actor,
        obj=found,
        chain=chain_of(standing.programme, found.pk),
        data={"name": found.name},
    )
    settle_those(
        programme=standing.programme, relations={found.pk}, actor=standing.actor, day=today()
    )
    found.refresh_from_db()
    return found


def _parent(standing: Standing, relation: Relation, wanted: str) -> Relation | None:
    """Return the firm a partner belongs to; nobody belongs to itself, not even in a round."""
    text = " ".join(wanted.split())
    if not text:
        return None
    partners = Relation.objects.visible_to(standing)
    found = partners.filter(external_id=text).first() or partners.filter(name__iexact=text).first()
    if found is None:
        raise ActionError(
            "partner_parent",
            _("No partner has the number or name “{text}”. Write it as it stands in the list."),
            text=text[:NAME_LENGTH],
        )
    above: Relation | None = found
    seen: set[int] = set()
    while above is not None and above.pk not in seen:
        if above.pk == relation.pk:
            raise ActionError(
                "partner_parent",
                _("{parent} is {name} itself or belongs to it. Choose another firm."),
                parent=found.name,
                name=relation.name,
            )
        seen.add(above.pk)
        above = above.parent
    return found
